/* cursor: how far one destination of a queue has got.
 *
 * A small text file a destination, "0.cursor" for the first, which is replaced as a
 * whole (written beside it, then renamed) by the one process that holds the
 * destination's lock. Without a file the destination begins at the first segment. A
 * cursor that is older than the truth costs nothing but sending again: the same times
 * and values.
 *
 * Behind its own lines the file holds the output's state (see output_save), a text
 * that is not understood here. Place and state are in one file because they are only
 * true together: the state is what the output remembered when exactly the transfers
 * before `at` had been given to it. */
#ifndef TSDB_EXPORTER_SPOOL_CURSOR_H
#define TSDB_EXPORTER_SPOOL_CURSOR_H

#include "base/buf.h"
#include "base/error.h"
#include "spool/place.h"

#include <stdbool.h>

#define CURSOR_WHY_MAX 512
/* The longest state, in bytes. */
#define CURSOR_STATE_MAX (128 * 1024 * 1024)

struct cursor {
    struct queue_place at;       /* everything before is settled */
    struct queue_place tried;    /* from `at` to here is in doubt (output/batch.h) */
    uint64_t partial, refused;   /* transfers, since the queue was made */
    unsigned failures;           /* in a row */
    unsigned denied;             /* 1: the last one was 401 or 403 */
    int64_t retry_ms, failed_ms; /* Unix time: no drainer before; the last failure */
    char why[CURSOR_WHY_MAX];    /* of it; "" after a success */
    bool damaged;                /* the file was not what had been written */
};

static inline bool cursor_is_in_doubt(const struct cursor *cursor)
{
    return queue_compare(cursor->at, cursor->tried) < 0;
}

/* Reads destination `index` of the queue `dir`. With `state` (room for
 * CURSOR_STATE_MAX bytes, or NULL) also the output's state, which replaces what it holds. A file
 * that is missing or does not fit its checksums is a cursor at the beginning, without a
 * state. 0, or -1,
 * with the cursor as it was, when it cannot be read or is of a newer format. */
int cursor_load(int dir, size_t index, struct cursor *cursor, struct buf *state, struct error *err);

/* Replaces the file. 0 or -1. */
int cursor_save(int dir, size_t index, const struct cursor *cursor, const struct buf *state,
                struct error *err);

#endif
