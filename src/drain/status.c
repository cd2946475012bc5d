/* Why: transfers that wait are safe only if somebody can see that they wait, since when
 * and why. */
#include "drain/status.h"

#include "base/clock.h"
#include "base/text.h"
#include "drain/lock.h"
#include "output/outputs.h"
#include "spool/cursor.h"
#include "spool/directory.h"
#include "spool/reader.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct status {
    FILE *out;          /* NULL: only count */
    const char *except; /* the name of a queue that does not count; NULL: all count */
    uint64_t waiting;   /* transfers: the most for any destination, of each queue */
    size_t destinations;
};

/* "12 s", "3 min", "5 h", "2 d": at least 2 of a unit, but for seconds. */
static void print_age(FILE *out, int64_t now_s, int64_t then_s)
{
    static const struct {
        int64_t from_s, unit_s;
        const char *name;
    } units[] = {{172800, 86400, "d"}, {7200, 3600, "h"}, {120, 60, "min"}, {0, 1, "s"}};
    /* a damaged time may be any number */
    const int64_t age_s = then_s > now_s ? 0 : now_s - (then_s < 0 ? 0 : then_s);
    size_t i = 0;
    while (age_s < units[i].from_s)
        i++;
    fprintf(out, "%" PRId64 " %s", age_s / units[i].unit_s, units[i].name);
}

/* Prints a text that stood in a file, where it may have been changed by anybody. */
static void print_text(FILE *out, const char *text)
{
    char clean[TEXT_ROOM];
    text_clean(clean, text, false);
    fputs(clean, out);
}

static void print_destination(FILE *out, const char *name, bool running,
                              const struct cursor *cursor, struct buf *state,
                              const struct queue_survey *survey)
{
    struct buf told;
    const int64_t now_s = clock_wall_ns() / NS_PER_S;
    print_text(out, name);
    fprintf(out, "\n  waiting: %" PRIu64 " transfer%s, %" PRIu64 " bytes", survey->transfers,
            text_plural(survey->transfers), survey->bytes);
    if (survey->transfers) {
        fputs("; oldest: ", out);
        print_age(out, now_s, survey->oldest_ns / NS_PER_S);
    }
    fprintf(out, "\n  background sender: %s\n", running ? "running" : "none");
    if (cursor->partial || cursor->refused)
        fprintf(out, "  refused so far: %" PRIu64 "; possibly incomplete: %" PRIu64 "\n",
                cursor->refused, cursor->partial);
    buf_init(&told, 512);
    output_tell_state(buf_text(state), &told);
    if (told.len)
        fprintf(out, "  %s\n", buf_text(&told));
    buf_release(&told);
    if (!cursor->why[0])
        return;
    fputs("  last error: ", out);
    print_age(out, now_s, cursor->failed_ms / 1000);
    fputs(" ago", out);
    if (cursor->failures > 1)
        fprintf(out, ", %u in a row", cursor->failures);
    fputs(": ", out);
    print_text(out, cursor->why);
    fputs("\n", out);
}

/* How far destination `index` of a queue has got, and what it has not got yet. */
static int look_at_destination(int queue_dir, size_t index, struct cursor *cursor,
                               struct buf *state, struct queue_survey *survey, struct error *err)
{
    struct queue queue;
    int result = queue_open_to_look(&queue, queue_dir, err);
    if (result == 0)
        result = queue_find_cursor(&queue, index, cursor, state, err);
    if (result == 0)
        result = queue_reader_survey(queue_dir, cursor->at, survey, err);
    queue_close(&queue);
    return result;
}

/* For directory_list: adds a queue with all its destinations. Where their names are lost
 * it is one, which is named after the queue if something waits in it. */
static int add_queue(void *context, const char *name, int queue_dir, const char *destinations,
                     struct error *err)
{
    struct status *const status = context;
    uint64_t most = 0;
    char unknown[128];
    snprintf(unknown, sizeof unknown, "destinations unknown (queue %s)", name);
    const bool lost = !*destinations;
    destinations = lost ? unknown : destinations;
    int result = 0;
    if (status->except && strcmp(name, status->except) == 0)
        return 0;
    for (size_t i = 0; *destinations; i++) {
        const size_t len = strcspn(destinations, "\n");
        struct cursor cursor = {0};
        struct queue_survey survey = {0};
        struct error why;
        struct buf state;
        char line[TEXT_ROOM];
        snprintf(line, sizeof line, "%.*s", (int)len, destinations);
        buf_init(&state, CURSOR_STATE_MAX + 1);
        if (look_at_destination(queue_dir, i, &cursor, &state, &survey, &why) < 0) {
            result = error_set(err, "%s", why.text);
            if (status->out) {
                print_text(status->out, line);
                fputs("\n  cannot be read: ", status->out);
                print_text(status->out, why.text);
                fputs("\n", status->out);
            }
        } else if (status->out && (!lost || survey.transfers)) {
            print_destination(status->out, line, drain_lock_is_held(queue_dir, i), &cursor, &state,
                              &survey);
        }
        buf_release(&state);
        most = survey.transfers > most ? survey.transfers : most;
        status->destinations += !lost || survey.transfers;
        destinations += len + (destinations[len] == '\n');
    }
    status->waiting += most;
    return result;
}

enum exit_code status_print(const char *path, FILE *out, const struct notice *to)
{
    struct status status = {.out = out};
    struct error err;
    const int dir = directory_open(path, false, &err);
    const int result = dir < 0 ? -1 : directory_list(dir, add_queue, &status, &err);
    if (dir >= 0)
        close(dir);
    if (result < 0) {
        notice(to, NOTICE_RESULT, "--spool %s: %s", path, err.text);
        return EXIT_NOT_SPOOLED;
    }
    if (status.destinations == 0) {
        print_text(out, path);
        fputs(": empty, never used\n", out);
    }
    return status.waiting ? EXIT_WAITING : EXIT_OK;
}

int status_elsewhere(int dir, const char *queue, uint64_t *transfers, struct error *err)
{
    struct status status = {.except = queue};
    const int result = directory_list(dir, add_queue, &status, err);
    *transfers = status.waiting;
    return result;
}
