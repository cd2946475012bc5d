/* Why: removing what was acknowledged, and nothing else, whenever and wherever this
 * process may be killed. The cursor is written before a request (so that the next
 * drainer makes the same one) and after its answer; between the two stands the
 * one request that may have to be sent twice. */
#include "drain/drain.h"

#include "base/clock.h"
#include "base/fault.h"
#include "send/fanout.h"
#include "spool/reader.h"
#include "spool/record.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LOOK_MS = 100,  /* between two looks at the queue */
    QUIET_MS = 300, /* nothing new for so long: the batch goes */
    RETRY_MIN_MS = 1000,
    SERIES_BYTES_MAX = SERIES_MAX * 64,
    BROKEN_NAMED_MAX = 5
};

/* What a drainer knows while it works. */
struct work {
    const struct drain *drain;
    struct output_tally *total;
    struct cursor cursor;
    struct buf series; /* of the cursor: the times before the batch */
    struct queue_reader reader;
    struct fanout *fanout;      /* NULL until there is something to send */
    struct output_tally before; /* the fanout's, at the beginning of the batch */
    struct queue_place *ends;   /* of the batch's transfers */
    size_t count, room;
    int64_t first_ms, newest_ms; /* when the batch's first and last transfer were read */
    unsigned broken;             /* lines since the cursor */
    unsigned broken_named, batches;
    bool stopped;
    bool unsaved; /* the cursor on the disk is behind this one */
};

static int save(struct work *w, struct error *err)
{
    return cursor_save(w->drain->spool->dir, w->drain->index, &w->cursor, &w->series, err);
}

/* Moves the cursor on the disk, after what it is about: one that is ahead of its
 * segment, or of the head, would hide what comes there after a power cut. */
static int settle(struct work *w, struct error *err)
{
    w->cursor.refused += w->broken;
    w->total->refused += w->broken;
    w->broken = 0;
    if (fdatasync(w->drain->spool->lock) < 0 || (w->reader.fd >= 0 && fdatasync(w->reader.fd) < 0))
        return error_set(err, "cannot bring it to the disk: %s", strerror(errno));
    return save(w, err);
}

/* Notes how far the next batch goes. Without that it may be made another way when
 * it must be sent again, which is better than a full disk that is never emptied. */
static void mark(struct work *w)
{
    struct error err;
    (void)save(w, &err);
}

/* Begins at the cursor, with nothing in memory. */
static int begin(struct work *w, struct error *err)
{
    const struct drain *const d = w->drain;
    fanout_free(w->fanout);
    w->fanout = NULL;
    w->before = (struct output_tally){0};
    w->count = 0;
    sample_times_release(&d->output->series);
    queue_reader_release(&w->reader);
    queue_reader_init(&w->reader, d->spool->dir, (struct queue_place){1, 0});
    w->broken = 0;
    if (cursor_find(d->spool, d->index, &w->cursor, &d->output->series, err) < 0)
        return -1;
    w->reader.at = w->cursor.at;
    if (cursor_series(&w->series, &d->output->series) < 0)
        return error_set(err, "out of memory");
    return 0;
}

/* Looks whether to stop, for up to `wait_ms`. */
static bool is_stopped(struct work *w, int wait_ms)
{
    struct pollfd fd = {.fd = w->drain->stop_fd, .events = POLLIN};
    return w->stopped = w->stopped || poll(&fd, 1, wait_ms) > 0;
}

static int note_end(struct work *w)
{
    if (w->count == w->room) {
        const size_t room = w->room ? 2 * w->room : 256;
        struct queue_place *const ends = realloc(w->ends, room * sizeof *ends);
        if (!ends)
            return -1;
        w->ends = ends;
        w->room = room;
    }
    w->ends[w->count++] = w->reader.at;
    return 0;
}

static int put(struct work *w, char *line, size_t len, struct error *err)
{
    const struct drain *const d = w->drain;
    struct transfer transfer;
    if (record_read(line, len, &transfer) < 0) {
        w->broken++;
        if (w->broken_named++ < BROKEN_NAMED_MAX)
            notice(d->notice, NOTICE_WARN,
                   "a broken line before byte %" PRIu64 " of segment %" PRIu32
                   " of the spool; skipped",
                   w->reader.at.offset, w->reader.at.segment);
        return 0;
    }
    if (!w->fanout) {
        w->fanout = fanout_new(d->output, 1, d->options, d->notice);
        if (!w->fanout)
            return error_set(err, "out of memory");
        fanout_flush(w->fanout);
    }
    fanout_add(w->fanout, &transfer);
    w->newest_ms = clock_mono_ms();
    w->first_ms = w->count ? w->first_ms : w->newest_ms;
    return note_end(w) < 0 ? error_set(err, "out of memory") : 0;
}

/* Puts what is there into the batch. 1 when it is complete, 0 when there may be
 * more, -1. */
static int fill(struct work *w, struct error *err)
{
    char *line;
    size_t len;
    int got = 0;
    while (!(w->fanout && fanout_is_ready(w->fanout)) &&
           (w->count == 0 || queue_compare(w->reader.at, w->cursor.tried) != 0)) {
        got = queue_reader_next(&w->reader, &line, &len, err);
        if (got <= 0)
            break;
        if (put(w, line, len, err) < 0)
            return -1;
    }
    if (got < 0)
        return -1;
    if (w->count == 0)
        return 0;
    if (got > 0 || (w->fanout && fanout_is_ready(w->fanout)) ||
        queue_compare(w->reader.at, w->cursor.tried) == 0 || w->drain->mode == DRAIN_ALL)
        return 1;
    const int64_t now_ms = clock_mono_ms();
    return now_ms - w->newest_ms >= QUIET_MS ||
           now_ms - w->first_ms >= w->drain->options->interval_ms;
}

/* Sends the batch, to the end or until it is to be stopped between two requests. */
static void send(struct work *w)
{
    while (!fanout_is_done(w->fanout)) {
        struct pollfd stop = {.fd = w->stopped ? -1 : w->drain->stop_fd, .events = POLLIN};
        fanout_step(w->fanout, &stop, 1);
        w->stopped |= stop.revents != 0;
        if (w->stopped && !fanout_is_busy(w->fanout))
            break;
    }
}

/* Counts what became of the batch; returns how many, from its first on, are settled. */
static size_t count(struct work *w)
{
    const struct output_tally *const now = fanout_tallies(w->fanout), *const before = &w->before;
    const size_t settled = (size_t)(now->settled - before->settled);
    w->total->delivered += now->delivered - before->delivered;
    w->total->folded += now->folded - before->folded;
    w->total->partial += now->partial - before->partial;
    w->total->refused += now->refused - before->refused;
    w->total->denied |= now->denied;
    w->cursor.partial += now->partial - before->partial;
    w->cursor.refused += now->refused - before->refused;
    if (now->why[0])
        memcpy(w->total->why, now->why, sizeof w->total->why);
    w->before = *now;
    return settled;
}

/* After a part of the batch: gives the series the times that just this part has
 * taken, by making it again. */
static int take_part(struct work *w, size_t settled, struct error *err)
{
    const struct queue_place until = w->ends[settled - 1];
    const uint64_t partial = w->cursor.partial, refused = w->cursor.refused;
    const struct queue_place tried = w->cursor.tried;
    char *line;
    size_t len;
    if (begin(w, err) < 0)
        return -1;
    while (queue_compare(w->reader.at, until) < 0) {
        if (queue_reader_next(&w->reader, &line, &len, err) <= 0)
            return error_set(err, "the spool has changed under its lock");
        if (put(w, line, len, err) < 0)
            return -1;
    }
    w->cursor.at = until;
    w->cursor.tried = tried;
    w->cursor.partial = partial;
    w->cursor.refused = refused + w->broken;
    w->total->refused += w->broken;
    return cursor_series(&w->series, &w->drain->output->series) < 0
               ? error_set(err, "out of memory")
               : 0;
}

static void note_failure(struct work *w, const char *why)
{
    const int64_t now_ms = clock_wall_ns() / 1000000;
    const unsigned doublings = w->cursor.failures < 6 ? w->cursor.failures : 6;
    const int64_t wait_ms = (int64_t)RETRY_MIN_MS << doublings;
    w->cursor.failures++;
    w->cursor.denied = w->total->denied;
    w->cursor.failed_ms = now_ms;
    w->cursor.retry_ms = now_ms + (wait_ms < DRAIN_RETRY_MAX_MS ? wait_ms : DRAIN_RETRY_MAX_MS);
    snprintf(w->cursor.why, sizeof w->cursor.why, "%.*s", (int)strcspn(why, "\n"), why);
    snprintf(w->total->why, sizeof w->total->why, "%s", w->cursor.why);
}

/* Frees what no destination needs any more. */
static void remove_settled(struct work *w)
{
    const struct drain *const d = w->drain;
    struct queue_place until = w->cursor.at;
    struct error err;
    for (size_t i = 0; i < d->count; i++) {
        struct cursor other;
        if (i == d->index)
            continue;
        if (cursor_load(d->spool->dir, i, &other, NULL, &err) < 0)
            return;
        if (queue_compare(other.at, until) < 0)
            until = other.at;
    }
    if (queue_remove(d->spool, until, &err) < 0)
        notice(d->notice, NOTICE_WARN, "spool: %s", err.text);
}

/* One batch, from the cursor's mark to the answer. 0, or -1: failed or stopped. */
static int send_batch(struct work *w, struct error *err)
{
    const struct queue_place from = w->cursor.at;
    if (queue_compare(from, w->cursor.tried) < 0)
        fanout_doubt(w->fanout);
    else
        w->cursor.tried = w->reader.at;
    mark(w);
    fault("marked");
    send(w);
    fault("answered");
    const size_t settled = count(w);
    const bool unsure = fanout_is_unsure(w->fanout);
    if (settled == w->count) {
        const bool next_segment = w->reader.at.segment != from.segment;
        w->cursor.at = w->reader.at;
        w->cursor.failures = w->cursor.denied = 0;
        w->cursor.retry_ms = 0;
        w->cursor.why[0] = '\0';
        w->count = 0;
        if (cursor_series(&w->series, &w->drain->output->series) < 0)
            return error_set(err, "out of memory");
        w->unsaved = settle(w, err) < 0; /* memory is enough to go on: sending again is harmless */
        fault("settled");
        if (next_segment)
            remove_settled(w);
        return 0;
    }
    if (!unsure)
        w->cursor.tried = from;
    if (settled > 0 && take_part(w, settled, err) < 0)
        return -1;
    if (w->stopped)
        return save(w, err) < 0 ? -1 : error_set(err, "stopped");
    return error_set(err, "%s", w->total->why);
}

/* Works until something fails, or the mode says that it is enough. 0 or -1. */
static int work_on(struct work *w, struct error *err)
{
    const enum drain_mode mode = w->drain->mode;
    w->newest_ms = clock_mono_ms();
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
        if (w->count == 0) {
            const bool moved = queue_compare(w->cursor.at, w->reader.at) != 0;
            w->cursor.at = w->reader.at; /* behind broken lines, or in a new segment */
            if (moved && settle(w, err) < 0)
                return -1;
            if (mode == DRAIN_ALL ||
                (mode == DRAIN_LINGER && clock_mono_ms() - w->newest_ms >= DRAIN_LINGER_MS))
                return 0;
        }
        is_stopped(w, LOOK_MS);
    }
    return 0;
}

enum drain_result drain_run(const struct drain *drain, struct output_tally *tally)
{
    struct work w = {.drain = drain, .total = tally, .reader = {.fd = -1}};
    enum drain_result result = DRAIN_DONE;
    struct error err;
    buf_init(&w.series, SERIES_BYTES_MAX);
    tally->name = drain->output->name;
    for (;;) {
        const bool begun = begin(&w, &err) == 0;
        if (begun && work_on(&w, &err) == 0) {
            queue_reader_release(&w.reader); /* what is removed while open stays on the disk */
            queue_reader_init(&w.reader, drain->spool->dir, w.cursor.at);
            remove_settled(&w); /* may have made room for the cursor */
            if (!w.unsaved || settle(&w, &err) == 0)
                break;
        }
        if (w.stopped)
            break;
        note_failure(&w, err.text);
        notice(drain->notice, begun ? NOTICE_DETAIL : NOTICE_RESULT, "%s: %s; kept in the spool",
               drain->output->name, w.cursor.why);
        result = DRAIN_FAILED;
        if (begun && save(&w, &err) < 0)
            notice(drain->notice, NOTICE_WARN, "spool: %s", err.text);
        const int64_t wait_ms = w.cursor.retry_ms - w.cursor.failed_ms;
        if (drain->mode != DRAIN_FOLLOW || is_stopped(&w, (int)wait_ms))
            break;
        result = DRAIN_DONE;
    }
    fanout_free(w.fanout);
    queue_reader_release(&w.reader);
    buf_release(&w.series);
    free(w.ends);
    return w.stopped ? DRAIN_STOPPED : result;
}

bool drain_is_needed(const struct drain *drain)
{
    struct queue_reader reader;
    struct cursor cursor;
    struct error err;
    char *line;
    size_t len;
    if (cursor_find(drain->spool, drain->index, &cursor, NULL, &err) < 0)
        return false;
    queue_reader_init(&reader, drain->spool->dir, cursor.at);
    /* a torn line at the end is nothing that anybody could get */
    const bool needed = queue_reader_next(&reader, &line, &len, &err) > 0;
    queue_reader_release(&reader);
    return needed;
}
