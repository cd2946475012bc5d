/* cursor: how far one destination of a queue has got.
 *
 * A small text file a destination, "0.cursor" for the first, replaced as a whole
 * (written beside it, then renamed) by the one process that holds the
 * destination's lock (see drainer.h). Without a file the destination begins at the
 * first segment. A cursor that is older than the truth costs nothing but sending
 * again: the same times and values. */
#ifndef TSDB_EXPORTER_SPOOL_CURSOR_H
#define TSDB_EXPORTER_SPOOL_CURSOR_H

#include "output/sample_times.h"
#include "spool/queue.h"

#define CURSOR_WHY_MAX 512

struct cursor {
    struct queue_place at;       /* everything before is settled */
    struct queue_place tried;    /* up to here it may have been sent, without a clear answer */
    uint64_t partial, refused;   /* transfers, since the queue was made */
    unsigned failures;           /* in a row */
    unsigned denied;             /* 1: the last one was 401 or 403 */
    int64_t retry_ms, failed_ms; /* Unix time: no drainer before; the last failure */
    char why[CURSOR_WHY_MAX];    /* of it; "" after a success */
};

/* Reads destination `index` of the queue `dir`. With `series`, which must be
 * empty, also the times of its series. 0, or -1, with the cursor as it was, when it
 * cannot be read or is of a newer format; one that is missing or broken is at the
 * beginning. */
int cursor_load(int dir, size_t index, struct cursor *cursor, struct sample_times *series,
                struct error *err);

/* The same for a queue that is open. One before its first segment, which was
 * removed, or behind its end, which a power cut has set back, is moved to the
 * first: nothing that has come since may be skipped. */
int cursor_find(struct queue *spool, size_t index, struct cursor *cursor,
                struct sample_times *series, struct error *err);

/* Replaces the file. `series` is what cursor_series has made, or empty. */
int cursor_save(int dir, size_t index, const struct cursor *cursor, const struct buf *series,
                struct error *err);

/* Writes the times of the series into `out`, emptied before. -1: out of memory. */
int cursor_series(struct buf *out, const struct sample_times *series);

#endif
