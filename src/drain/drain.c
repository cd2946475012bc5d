/* Why: removing what the database has acknowledged, and nothing else, wherever this
 * process may be killed. How that is ensured stands above work_on. */
#include "drain/drain.h"

#include "base/clock.h"
#include "base/fault.h"
#include "drain/intake.h"
#include "drain/pace.h"
#include "drain/removal.h"
#include "drain/rest.h"
#include "send/single.h"
#include "spool/reader.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_MS = 100 }; /* between two looks at the queue */

/* What a drainer knows while it works. */
struct work {
    const struct drain *drain;
    struct send_options options;
    struct output_tally *total;
    struct cursor cursor;
    struct buf state;         /* of the output, as it was at the cursor */
    struct buf next;          /* room for the one that replaces it */
    struct intake intake;     /* from the cursor on */
    struct single *single;    /* NULL until there is something to send */
    struct transfer transfer; /* the one that was read last */
    struct pace pace;
    unsigned batches;
    bool stopped;
    bool unsaved; /* the cursor on the disk is behind this one */
};

static int save(struct work *w, struct error *err)
{
    return cursor_save(w->drain->spool->dir, w->drain->index, &w->cursor, &w->state, err);
}

/* Moves the cursor, in memory, past so many broken lines. */
static void pass(struct work *w, struct queue_place to, unsigned broken)
{
    w->cursor.at = to;
    w->cursor.refused += broken;
    w->total->refused += broken;
}

/* Saves the cursor, after bringing to the disk what it is about: a cursor that is ahead of
 * its segment, or of the head, would after a power cut hide what is written there next. */
static int settle(struct work *w, struct error *err)
{
    if (fdatasync(w->drain->spool->lock) < 0 ||
        (w->intake.reader.fd >= 0 && fdatasync(w->intake.reader.fd) < 0))
        return error_set(err, "cannot bring it to the disk: %s", strerror(errno));
    return save(w, err);
}

/* Saves where the next batch ends, before it is sent. If this process is killed before
 * the answer arrives, the next drainer builds exactly the same batch again. Errors are
 * ignored on purpose: when the disk is full, only sending frees space. */
static void mark(struct work *w)
{
    struct error err;
    (void)save(w, &err);
}

/* Begins at the cursor, with nothing in memory. */
static int begin(struct work *w, struct error *err)
{
    const struct drain *const d = w->drain;
    single_free(w->single);
    w->single = NULL;
    if (queue_find_cursor(d->spool, d->index, &w->cursor, &w->state, err) < 0)
        return -1;
    w->options = *d->options;
    /* A batch of nothing but bad transfers is refused as if the URL were wrong. With more
     * of them behind it, it shows what is bad. */
    if (w->cursor.failures && w->options.batch_max < HALVING_DOUBTS_MAX)
        w->options.batch_max = HALVING_DOUBTS_MAX;
    intake_seek(&w->intake, d->spool->dir, w->cursor.at);
    const int restored = output_restore(d->output, buf_text(&w->state), err);
    if (restored > 0)
        notice(d->notice, NOTICE_WARN, "%s: %s", d->output->name, err->text);
    return restored < 0 ? error_set(err, "out of memory") : 0;
}

/* Looks whether to stop, for up to `wait_ms`. */
static bool is_stopped(struct work *w, int wait_ms)
{
    struct pollfd fd = {.fd = w->drain->stop_fd, .events = POLLIN};
    return w->stopped = w->stopped || poll(&fd, 1, wait_ms) > 0;
}

/* Adds a transfer to the batch. */
static int add(struct work *w, const struct transfer *transfer, struct error *err)
{
    const struct drain *const d = w->drain;
    if (!w->single)
        w->single = single_new(d->output, &w->options, d->notice);
    if (!w->single || single_add(w->single, transfer, cursor_is_in_doubt(&w->cursor)) < 0)
        return error_set(err, "out of memory");
    pace_add(&w->pace, w->intake.count == 0, clock_mono_ms());
    return intake_keep(&w->intake, err);
}

/* True when the batch takes no more: it is full, or as long as the one that is in doubt. */
static bool is_full(const struct work *w)
{
    return w->intake.count && (single_is_full(w->single) || w->intake.held ||
                               queue_compare(w->intake.reader.at, w->cursor.tried) == 0);
}

/* Puts what is there into the batch. 1 when it is complete, 0 when there may be
 * more, -1. */
static int fill(struct work *w, struct error *err)
{
    struct intake *const intake = &w->intake;
    int got = 1;
    while (got > 0 && !is_full(w)) {
        got = intake_next(intake, &w->transfer, err);
        if (got > 0 && intake->count && !single_takes(w->single, &w->transfer))
            intake_hold(intake);
        else if (got < 0 || (got > 0 && add(w, &w->transfer, err) < 0))
            return -1;
    }
    if (intake->count == 0)
        return 0;
    return is_full(w) || w->drain->mode == DRAIN_ALL || pace_is_time(&w->pace, clock_mono_ms());
}

static void note_failure(struct work *w, const char *why)
{
    rest_begin(&w->cursor, why, w->total->denied);
    w->total->why_told &= strcmp(w->total->why, w->cursor.why) == 0;
    snprintf(w->total->why, sizeof w->total->why, "%s", w->cursor.why);
}

/* Says that all is still there, and why, unless a notice has said that before. */
static void tell_kept(struct work *w, enum notice_level level)
{
    const bool told = w->total->why_told;
    notice(w->drain->notice, level, "%s: %s%skept in the spool", w->drain->output->name,
           told ? "" : w->cursor.why, told ? "" : "; ");
    w->total->why_told |= level <= w->drain->notice->level;
}

/* Frees what no destination needs any more. */
static void remove_settled(struct work *w)
{
    const struct drain *const d = w->drain;
    struct error err;
    if (removal_run(d->spool, d->index, d->count, w->cursor.at, &err) < 0)
        notice(d->notice, NOTICE_WARN, "spool: %s", err.text);
}

/* Counts what became of the batch. */
static void count(struct work *w, const struct batch_result *result)
{
    batch_result_add(result, w->total);
    w->cursor.partial += result->partial + result->merged;
    w->cursor.refused += result->refused;
}

/* The whole batch is settled: the cursor moves behind it. */
static int pass_batch(struct work *w, struct error *err)
{
    const struct intake_end end = intake_batch_end(&w->intake);
    const bool next_segment = end.at.segment != w->cursor.at.segment;
    pass(w, end.at, end.broken);
    intake_begin(&w->intake);
    w->options = *w->drain->options;
    rest_end(&w->cursor);
    w->unsaved = settle(w, err) < 0; /* memory is enough to go on: sending again is harmless */
    fault("settled");
    if (next_segment)
        remove_settled(w);
    return 0;
}

/* The first `settled` transfers of the batch are: the cursor moves behind them. The rest
 * is in doubt, or has never been sent. */
static void pass_part(struct work *w, size_t settled, bool in_doubt)
{
    const struct intake_end *const ends = w->intake.ends;
    if (settled > 0)
        pass(w, ends[settled - 1].at, ends[settled - 1].broken);
    if (!in_doubt)
        w->cursor.tried = w->cursor.at;
}

/* The state that has just been made is the cursor's. */
static void swap_states(struct work *w)
{
    const struct buf old = w->state;
    w->state = w->next;
    w->next = old;
}

/* The last batch of this process, which no transfer waits for. It is in the state before it
 * is sent: what comes later must be behind it, whether it has arrived or not. */
static void send_end(struct work *w)
{
    struct error err;
    if (!w->single || w->intake.count || !single_begin_end(w->single, &w->next))
        return;
    swap_states(w);
    if (settle(w, &err) == 0)
        single_send_end(w->single);
}

/* One batch, from the cursor's mark to the answer. 0, or -1: failed or stopped. */
static int send_batch(struct work *w, struct error *err)
{
    if (!cursor_is_in_doubt(&w->cursor))
        w->cursor.tried = intake_batch_end(&w->intake).at;
    mark(w);
    fault("marked");
    const struct batch_result result =
        single_send(w->single, w->drain->stop_fd, &w->stopped, &w->next);
    fault("answered");
    pace_sent(&w->pace, clock_mono_ms());
    if (w->next.failed)
        return error_set(err, "out of memory, or there are too many sets of labels: use a lower "
                              "--series-max"); /* the batch will be sent again, as it was */
    if (result.settled)
        swap_states(w);
    count(w, &result);
    if (result.settled == w->intake.count)
        return pass_batch(w, err);
    pass_part(w, (size_t)result.settled, result.in_doubt);
    if (w->stopped)
        return settle(w, err) < 0 ? -1 : error_set(err, "stopped");
    return error_set(err, "%s", w->total->why);
}

/* Works until something fails, or the mode says that it is enough. 0 or -1.
 *
 * Ensured, wherever this process is killed, and with it the machine:
 *
 *   1. The cursor passes a transfer only after an answer has settled it: stored, or
 *      refused for good. A segment is removed only after the cursors of all destinations
 *      have passed it (remove_settled).
 *   2. The cursor and the output's state are one file, which is replaced as a whole, and
 *      belong together: the state is what the output remembered when exactly the
 *      transfers before `at` had been added to it (single_send).
 *   3. Before the first request of a batch the file says where the batch ends, as `tried`
 *      (mark). From `at`, with that state and that end, the next drainer builds the same
 *      batch again: the same samples, with the same times.
 *   4. While `tried` is behind `at`, what is between them is in doubt. An answer that says
 *      that it is not stored sets `tried` back to `at` (pass_part).
 *   5. What the cursor passes is on the disk before the cursor says so (settle).
 *
 * So a batch can be sent twice only between 3 and the answer, and then it is the same one,
 * which a database stores once. */
static int work_on(struct work *w, struct error *err)
{
    const enum drain_mode mode = w->drain->mode;
    pace_add(&w->pace, true, clock_mono_ms());
    while (!is_stopped(w, 0)) {
        const int complete = fill(w, err);
        if (complete < 0)
            return -1;
        if (complete > 0) {
            if (send_batch(w, err) < 0)
                return -1;
            if (mode == DRAIN_LINGER && ++w->batches >= DRAIN_BATCHES_MAX)
                return 0;
            continue;
        }
        if (w->intake.count == 0) {
            const bool moved = queue_compare(w->cursor.at, w->intake.reader.at) != 0;
            /* behind broken lines, or in a new segment */
            pass(w, w->intake.reader.at, w->intake.broken);
            intake_begin(&w->intake);
            if (moved && settle(w, err) < 0)
                return -1;
            if (mode == DRAIN_ALL ||
                (mode == DRAIN_LINGER && pace_is_over(&w->pace, clock_mono_ms())))
                return 0;
        }
        is_stopped(w, LOOK_MS);
    }
    return 0;
}

enum drain_result drain_run(const struct drain *drain, struct output_tally *tally)
{
    struct work w = {.drain = drain, .total = tally};
    enum drain_result result = DRAIN_DONE;
    struct error err;
    const int64_t own_ms = drain->output->interval_ms;
    w.pace.totals = own_ms >= 0;
    w.pace.interval_ms = own_ms >= 0 ? own_ms : drain->options->interval_ms;
    intake_init(&w.intake, drain->notice);
    buf_init(&w.state, CURSOR_STATE_MAX + 1);
    buf_init(&w.next, CURSOR_STATE_MAX + 1);
    tally->name = drain->output->name;
    for (;;) {
        const bool begun = begin(&w, &err) == 0;
        if (begun && work_on(&w, &err) == 0) {
            /* what is removed while it is open stays on the disk */
            intake_seek(&w.intake, drain->spool->dir, w.cursor.at);
            remove_settled(&w); /* may have made room for the cursor */
            send_end(&w);
            if (!w.unsaved || settle(&w, &err) == 0)
                break;
        }
        if (w.stopped)
            break;
        note_failure(&w, err.text);
        tell_kept(&w, begun ? NOTICE_DETAIL : NOTICE_RESULT);
        result = DRAIN_FAILED;
        if (begun && settle(&w, &err) < 0)
            notice(drain->notice, NOTICE_WARN, "spool: %s", err.text);
        const int64_t wait_ms = w.cursor.retry_ms - w.cursor.failed_ms;
        if (drain->mode != DRAIN_FOLLOW || is_stopped(&w, (int)wait_ms))
            break;
        result = DRAIN_DONE;
    }
    single_free(w.single);
    intake_release(&w.intake);
    buf_release(&w.state);
    buf_release(&w.next);
    return w.stopped ? DRAIN_STOPPED : result;
}

bool drain_is_needed(const struct drain *drain)
{
    struct queue_reader reader;
    struct cursor cursor;
    struct error err;
    char *line;
    size_t len;
    if (queue_find_cursor(drain->spool, drain->index, &cursor, NULL, &err) < 0)
        return false;
    queue_reader_init(&reader, drain->spool->dir, cursor.at);
    /* a torn line at the end is nothing that anybody could get */
    const bool needed = queue_reader_next(&reader, &line, &len, &err) > 0;
    queue_reader_release(&reader);
    return needed;
}
