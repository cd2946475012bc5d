/* Why: what people look at must not be in the way of those who do not: main knows
 * this one thing, which is NULL unless somebody asked for it. */
#include "tsdb_exporter/watch.h"

#include "tsdb_exporter/clock.h"
#include "tsdb_exporter/io.h"
#include "tsdb_exporter/progress.h"
#include "tsdb_exporter/summary_export.h"
#include "tsdb_exporter/summary_print.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A hundred values, each with all that the export has, take 300 KiB. */
enum { SCREEN_BYTES_MAX = 1024 * 1024, EXPORT_BYTES_MAX = 16 * 1024 * 1024 };

struct watch {
    const struct options *options;
    const struct notice *notice;
    struct summary *summary; /* or NULL */
    struct threshold *thresholds;
    size_t threshold_count;
    struct progress progress;
    bool shows_progress;
    int export_fd; /* or -1 */
};

/* Where lines of the output end up on the terminal, another would be in their way. */
static bool can_draw(const struct options *options)
{
    struct screen screen;
    bool to_output = options->tee;
    for (size_t i = 0; i < options->outputs.count; i++)
        to_output |= strcmp(options->outputs.items[i], "file=-") == 0;
    screen_init(&screen, STDERR_FILENO);
    return screen.terminal && !screen.dumb && !(to_output && isatty(STDOUT_FILENO));
}

static int check_by(const struct options *options, struct error *err)
{
    const char *const by = options->summary_by;
    struct error why = {""};
    if (strcmp(by, "label") == 0)
        return 0;
    for (size_t i = 0; i < options->tags.count; i++)
        if (strcmp(options->tags.rules[i].key, by) == 0)
            return 0;
    const enum field_id field = field_named(by, &why);
    if (field == FIELD_NONE)
        return error_set(err, "--summary-by: %.300s", why.text);
    if (field_table[field].kind == FIELD_SECRET)
        return error_set(err, "--summary-by: '%s' can hold secrets and is never shown", by);
    return 0;
}

static int open_all(struct watch *w, struct error *err)
{
    const struct options *const o = w->options;
    if (o->thresholds.count) {
        w->thresholds = calloc(o->thresholds.count, sizeof *w->thresholds);
        if (!w->thresholds)
            return error_set(err, "out of memory");
    }
    for (size_t i = 0; i < o->thresholds.count; i++)
        if (threshold_init(&w->thresholds[w->threshold_count++], o->thresholds.items[i], err) < 0)
            return -1;
    if (o->summary_export) {
        w->export_fd = open(o->summary_export, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
        if (w->export_fd < 0)
            return error_set(err, "--summary-export: cannot open '%.300s': %s", o->summary_export,
                             strerror(errno));
    }
    if (o->summary || o->summary_export) {
        w->summary = summary_new(o->summary_by);
        if (!w->summary)
            return error_set(err, "out of memory");
    }
    if (o->progress && can_draw(o)) {
        w->shows_progress = true;
        progress_init(&w->progress, w->notice, clock_mono_ms());
    }
    return 0;
}

/* One write into the emptied file, so that a reader sees the old text, or nothing,
 * or the new text. What is no regular file cannot be emptied and need not be. */
static int write_export(struct watch *w, struct buf *text, struct error *err)
{
    struct stat status;
    const bool regular = fstat(w->export_fd, &status) == 0 && S_ISREG(status.st_mode);
    if (text->failed)
        errno = ENOMEM;
    if (text->failed || (regular && ftruncate(w->export_fd, 0) < 0) ||
        io_write(w->export_fd, text->data, text->len) < 0 || close(w->export_fd) < 0)
        return error_set(err, "--summary-export: cannot write '%.300s': %s",
                         w->options->summary_export, strerror(errno));
    w->export_fd = -1;
    return 0;
}

/* -1: the file could not be written. */
static int report_summary(struct watch *w, const struct screen *screen, int64_t now_ns,
                          struct buf *shown, struct error *err)
{
    struct report report;
    struct buf text;
    int failed = 0;
    if (report_init(&report, w->summary) < 0)
        return error_set(err, "out of memory for the summary");
    if (w->options->summary)
        summary_print(&report, screen, shown);
    if (w->options->summary_export) {
        buf_init(&text, EXPORT_BYTES_MAX);
        summary_export(&report, w->thresholds, w->threshold_count, now_ns, &text);
        failed = write_export(w, &text, err);
        buf_release(&text);
    }
    report_release(&report);
    return failed;
}

int watch_new(struct watch **watch, const struct options *options, const struct notice *notice,
              struct error *err)
{
    *watch = NULL;
    if (check_by(options, err) < 0)
        return -1;
    if (!options->summary && !options->summary_export && !options->progress &&
        !options->thresholds.count)
        return 0;
    *watch = calloc(1, sizeof **watch);
    if (!*watch)
        return error_set(err, "out of memory");
    (*watch)->options = options;
    (*watch)->notice = notice;
    (*watch)->export_fd = -1;
    return open_all(*watch, err);
}

void watch_free(struct watch *watch)
{
    if (!watch)
        return;
    for (size_t i = 0; i < watch->threshold_count; i++)
        threshold_release(&watch->thresholds[i]);
    free(watch->thresholds);
    summary_free(watch->summary);
    if (watch->shows_progress)
        progress_release(&watch->progress);
    if (watch->export_fd >= 0)
        close(watch->export_fd);
    free(watch);
}

void watch_add(struct watch *watch, const struct transfer *transfer)
{
    if (!watch)
        return;
    if (watch->summary)
        summary_add(watch->summary, transfer);
    for (size_t i = 0; i < watch->threshold_count; i++)
        threshold_add(&watch->thresholds[i], transfer);
    if (watch->shows_progress)
        progress_add(&watch->progress, transfer);
}

int64_t watch_step(struct watch *watch, const struct output_tally *tallies, size_t count)
{
    if (!watch || !watch->shows_progress)
        return -1;
    return progress_step(&watch->progress, tallies, count, clock_mono_ms());
}

void watch_end(struct watch *watch)
{
    if (watch && watch->shows_progress)
        progress_end(&watch->progress);
}

enum exit_code watch_report(struct watch *watch, enum exit_code code)
{
    if (!watch)
        return code;
    struct screen screen;
    struct buf shown;
    struct error err = {""};
    size_t crossed = 0;
    const int64_t now_ns = clock_wall_ns();
    screen_init(&screen, STDERR_FILENO);
    buf_init(&shown, SCREEN_BYTES_MAX);
    const int failed = watch->summary ? report_summary(watch, &screen, now_ns, &shown, &err) : 0;
    const size_t before = shown.len;
    if (watch->threshold_count)
        crossed =
            thresholds_print(watch->thresholds, watch->threshold_count, now_ns, &screen, &shown);
    if (!crossed && watch->options->quiet)
        shown.len = before;
    if (shown.len)
        fwrite(shown.data, 1, shown.len, stderr);
    buf_release(&shown);
    if (failed) {
        notice(watch->notice, NOTICE_RESULT, "%s", err.text);
        code = tally_first(code, EXIT_LOST);
    }
    return crossed ? tally_first(code, EXIT_CROSSED) : code;
}
