/* The runs know this one thing, which is NULL unless somebody asked for a report, so that
 * those who did not pay nothing for it. */
#include "report/report.h"

#include "base/clock.h"
#include "report/page.h"
#include "report/progress.h"
#include "report/report_file.h"
#include "report/summary_export.h"
#include "report/summary_print.h"
#include "report/unseen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An export of a hundred values takes 320 KiB, their page 400 KiB. */
enum { SCREEN_BYTES_MAX = 1024 * 1024, FILE_BYTES_MAX = 16 * 1024 * 1024 };

struct report {
    const struct report_options *options;
    const struct notice *notice;
    struct summary *summary; /* or NULL */
    struct threshold *thresholds;
    size_t threshold_count;
    uint64_t transfers;
    bool over; /* --abort-on-fail, and a threshold is lost */
    const struct tag_plan *tags;
    struct percentiles percentiles;
    struct progress progress;
    bool shows_progress;
    struct report_file export, page;
};

/* False if lines of the output go to a terminal too: the progress would overwrite them. */
static bool can_draw(bool uses_stdout)
{
    struct screen screen;
    screen_init(&screen, STDERR_FILENO);
    return screen.terminal && !screen.dumb && !(uses_stdout && isatty(STDOUT_FILENO));
}

static int open_thresholds(struct report *w, struct error *err)
{
    const struct string_list *const list = &w->options->thresholds;
    if (list->count == 0)
        return 0;
    w->thresholds = calloc(list->count, sizeof *w->thresholds);
    if (!w->thresholds)
        return error_set(err, "out of memory");
    for (size_t i = 0; i < list->count; i++) {
        struct threshold *const threshold = &w->thresholds[w->threshold_count++];
        if (threshold_init(threshold, list->items[i], err) < 0 ||
            threshold_rule_check(&threshold->rule, w->tags, err) < 0)
            return -1;
    }
    return 0;
}

static int open_all(struct report *w, bool uses_stdout, struct error *err)
{
    const struct report_options *const o = w->options;
    if (open_thresholds(w, err) < 0 ||
        report_file_open(&w->export, "--summary-export", o->summary_export, REPORT_FILE_IN_PLACE,
                         err) < 0 ||
        report_file_open(&w->page, "--report", o->page, REPORT_FILE_REPLACED, err) < 0)
        return -1;
    if (o->summary || o->summary_export || o->page) {
        w->summary = summary_new(o->summary_by, o->summary_export || o->page);
        if (!w->summary)
            return error_set(err, "out of memory");
    }
    if (o->progress && can_draw(uses_stdout)) {
        w->shows_progress = true;
        progress_init(&w->progress, w->notice, clock_mono_ms());
    }
    return 0;
}

static int write_export(struct report *w, const struct summary_figures *figures, int64_t now_ns,
                        struct error *err)
{
    struct json json;
    struct buf text;
    if (!w->export.name)
        return 0;
    buf_init(&text, FILE_BYTES_MAX);
    json_init(&json, JSON_INDENTED, &text);
    summary_export(figures, w->thresholds, w->threshold_count, now_ns, &json);
    const int result = report_file_write(&w->export, &text, err);
    buf_release(&text);
    return result;
}

static int write_page(struct report *w, const struct summary_figures *figures, int64_t now_ns,
                      struct error *err)
{
    struct buf text;
    if (!w->page.name)
        return 0;
    buf_init(&text, FILE_BYTES_MAX);
    page_write(figures, w->thresholds, w->threshold_count, now_ns, &text);
    const int result = report_file_write(&w->page, &text, err);
    buf_release(&text);
    return result;
}

/* Appends the summary to `shown` and writes the files, as asked for. -1: no memory, or a file
 * could not be written; then `err` has the first cause, and the other file is there. */
static int report_summary(struct report *w, const struct screen *screen, int64_t now_ns,
                          struct buf *shown, struct error *err)
{
    struct summary_figures figures;
    struct error other;
    if (summary_figures_init(&figures, w->summary, &w->percentiles) < 0)
        return error_set(err, "out of memory for the summary");
    if (w->options->summary)
        summary_print(&figures, screen, shown);
    const int exported = write_export(w, &figures, now_ns, err);
    const int drawn = write_page(w, &figures, now_ns, exported < 0 ? &other : err);
    summary_figures_release(&figures);
    return exported < 0 || drawn < 0 ? -1 : 0;
}

/* --abort-on-fail: says which threshold it is that cannot hold any more. */
static void find_lost_threshold(struct report *w)
{
    const int64_t now_ns = clock_wall_ns();
    for (size_t i = 0; i < w->threshold_count && !w->over; i++) {
        w->over = threshold_is_lost(&w->thresholds[i], now_ns);
        if (w->over)
            notice(w->notice, NOTICE_RESULT,
                   "stopped reading: the threshold '%.300s' cannot hold any more "
                   "(--abort-on-fail)",
                   w->thresholds[i].rule.expression);
    }
}

int report_new(struct report **report, const struct report_options *options,
               const struct tag_plan *tags, bool uses_stdout, const struct notice *notice,
               struct error *err)
{
    struct percentiles percentiles;
    struct error cause;
    *report = NULL;
    if (percentiles_parse(&percentiles, options->summary_percentiles, &cause) < 0)
        return error_set(err, "--summary-percentiles: %.300s", cause.text);
    if (!options->summary && !options->summary_export && !options->page && !options->progress &&
        !options->thresholds.count)
        return 0;
    *report = calloc(1, sizeof **report);
    if (!*report)
        return error_set(err, "out of memory");
    (*report)->options = options;
    (*report)->tags = tags;
    (*report)->percentiles = percentiles;
    (*report)->notice = notice;
    return open_all(*report, uses_stdout, err);
}

void report_free(struct report *report)
{
    if (!report)
        return;
    for (size_t i = 0; i < report->threshold_count; i++)
        threshold_release(&report->thresholds[i]);
    free(report->thresholds);
    summary_free(report->summary);
    if (report->shows_progress)
        progress_release(&report->progress);
    report_file_close(&report->export);
    report_file_close(&report->page);
    free(report);
}

bool report_is_over(const struct report *report)
{
    return report && report->over;
}

void report_add(struct report *report, const struct transfer *transfer)
{
    if (!report)
        return;
    report->transfers++;
    if (report->summary)
        summary_add(report->summary, transfer);
    for (size_t i = 0; i < report->threshold_count; i++)
        threshold_add(&report->thresholds[i], transfer);
    if (report->shows_progress)
        progress_add(&report->progress, transfer);
    if (report->options->abort_on_fail && !report->over)
        find_lost_threshold(report);
}

int64_t report_step(struct report *report, const struct output_tally *tallies, size_t count)
{
    if (!report || !report->shows_progress)
        return -1;
    return progress_step(&report->progress, tallies, count, clock_mono_ms());
}

void report_end(struct report *report)
{
    if (report && report->shows_progress)
        progress_end(&report->progress);
}

enum exit_code report_finish(struct report *report, enum exit_code code)
{
    if (!report)
        return code;
    struct screen screen;
    struct buf shown;
    struct error err = {""};
    size_t crossed = 0;
    const int64_t now_ns = clock_wall_ns();
    screen_init(&screen, STDERR_FILENO);
    buf_init(&shown, SCREEN_BYTES_MAX);
    const int failed = report->summary ? report_summary(report, &screen, now_ns, &shown, &err) : 0;
    const size_t before = shown.len;
    if (report->threshold_count)
        crossed =
            thresholds_print(report->thresholds, report->threshold_count, now_ns, &screen, &shown);
    if (!crossed && report->options->quiet)
        shown.len = before;
    if (shown.len)
        fwrite(shown.data, 1, shown.len, stderr);
    buf_release(&shown);
    if (report->transfers)
        unseen_tell(report->thresholds, report->threshold_count, report->summary, report->tags,
                    report->notice);
    if (failed) {
        notice(report->notice, NOTICE_RESULT, "%s", err.text);
        code = tally_first(code, EXIT_LOST);
    }
    return crossed ? tally_first(code, EXIT_CROSSED) : code;
}
