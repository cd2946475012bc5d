/* spool: one queue on disk that many processes put transfers into.
 *
 * A queue is a directory:
 *
 *   lock             held (flock) while something is added or removed; it holds the
 *                    format's version, the last time given, the clock at that
 *                    moment, and the numbers of the first and the last segment
 *   0000000001.lp    segments: transfers, one a line (see neutral.h), in the order
 *                    in which they came
 *
 * and what cursor.h and drainer.h say, which only read here. What queue_commit
 * has taken is in the file: it outlives the process, and with `sync` the machine.
 * Ensured, wherever a process is killed:
 *
 *   1. a segment holds whole lines, and at most one torn one at the very end, of a
 *      commit that did not return; the next commit cuts it off
 *   2. a time is written to the lock file before it is used, so none is given twice
 *   3. segments are only removed when their number is below that of all cursors */
#ifndef TSDB_EXPORTER_SPOOL_QUEUE_H
#define TSDB_EXPORTER_SPOOL_QUEUE_H

#include "base/buf.h"
#include "base/error.h"
#include "model/transfer.h"
#include "spool/cursor.h"
#include "spool/place.h"

#define QUEUE_SEGMENT_BYTES (1024 * 1024)
/* Room for enough segments that a full spool is not mostly a half-empty one. */
#define QUEUE_BYTES_MIN (4 * QUEUE_SEGMENT_BYTES)

struct queue_times {
    size_t end; /* of the line in `lines` */
    int64_t time_ns;
    bool timed;
};

struct queue {
    int dir, lock;
    int segment_fd; /* of `segment`, -1: none is open */
    uint32_t segment;
    uint64_t bytes_max;
    bool sync, text;
    struct buf lines; /* waiting for the commit */
    struct queue_times *times;
    size_t count, room;
    struct queue_place end; /* behind the last commit */
};

/* What a commit came to. */
struct queue_commit {
    size_t kept, lost;     /* transfers; lost is not 0 only with -1 */
    size_t torn_bytes;     /* cut off, of somebody's unfinished commit */
    int64_t clock_back_ns; /* how far the clock has jumped back since the last one */
};

/* Uses the open directory `dir`, which stays the caller's. `text` keeps texts.
 * -1: it cannot be used, or is of a newer format. */
int queue_open(struct queue *spool, int dir, uint64_t bytes_max, bool sync, bool text,
               struct error *err);
void queue_close(struct queue *spool);

/* Puts a transfer behind those that wait for the commit. 0 or -1. */
int queue_put(struct queue *spool, const struct transfer *transfer, struct error *err);
/* True when the commit should not wait any longer. */
bool queue_is_full(const struct queue *spool);

/* Appends what was put. Arrivals get times above all that the queue has given
 * before; behind a clock that has jumped back they go half as fast as it, so that
 * it catches up and they stay apart. 0 when all is kept, else -1 and why the rest is not. */
int queue_commit(struct queue *spool, struct queue_commit *done, struct error *err);

/* The first place, and the one behind the last byte. 0 or -1. */
int queue_bounds(struct queue *spool, struct queue_place *first, struct queue_place *end,
                 struct error *err);

/* Reads the cursor of destination `index`, as cursor_load does. A cursor before the
 * first segment (which has been removed) or behind the end (which a power cut has set
 * back) is moved to the first place: nothing that has come since may be skipped. */
int queue_find_cursor(struct queue *spool, size_t index, struct cursor *cursor, struct buf *state,
                      struct error *err);

/* Removes the segments below `until`; when that is the end of everything, the
 * last one too. 0 or -1. */
int queue_remove(struct queue *spool, struct queue_place until, struct error *err);

#endif
