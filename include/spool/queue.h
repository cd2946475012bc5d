/* queue: a directory into which many processes write transfers, for one reader a
 * destination.
 *
 *   lock             locked (flock) while somebody adds or removes transfers; it holds
 *                    the head (see spool/head.h)
 *   0000000001.lp    segments (see spool/place.h): transfers, one a line (see
 *                    spool/record.h), in the order in which they came; before each a
 *                    comment with its checksum (see spool/segment.h)
 *
 * The directory also holds the cursors (spool/cursor.h) and the locks and logs of the
 * processes that send (drain/). A transfer that queue_commit (spool/queue_commit.h) has counted as
 * kept is in a file: it outlives this process and, with `sync`, a power cut. Wherever a process is
 * killed, these hold:
 *
 *   1. A segment holds whole lines and, only at its very end, at most one torn line, of
 *      a commit that did not return. The next commit cuts it off.
 *   2. A time is in the lock file before it is in a segment, so none is given twice.
 *   3. A segment is removed only when all cursors have passed it. */
#ifndef TSDB_EXPORTER_SPOOL_QUEUE_H
#define TSDB_EXPORTER_SPOOL_QUEUE_H

#include "base/buf.h"
#include "base/error.h"
#include "base/notice.h"
#include "model/transfer.h"
#include "spool/cursor.h"
#include "spool/head.h"
#include "spool/place.h"

#include <sys/types.h>

/* A segment that has reached this size gets no more transfers. */
#define QUEUE_SEGMENT_BYTES (1024 * 1024)
/* The smallest limit for a queue. Only whole segments are removed, so with fewer than
 * four much of a full queue would be transfers that are already delivered. */
#define QUEUE_BYTES_MIN (4 * QUEUE_SEGMENT_BYTES)

/* A commit of this size should not wait any longer: a larger one would hold the lock for
 * longer. One more transfer may be added to it. */
#define QUEUE_COMMIT_BYTES (64 * 1024)
#define QUEUE_LINE_BYTES_MAX (2 * 1024 * 1024)

/* A transfer that waits for the commit. */
struct queue_line {
    size_t end;      /* of its bytes in `lines`: a record without its time */
    int64_t time_ns; /* its own, or when it arrived */
    bool timed;      /* it has a time of its own */
};

struct queue {
    int dir, lock;
    int segment_fd; /* of `segment`; -1: none is open */
    uint32_t segment;
    uint64_t bytes_max; /* of all segments together */
    bool sync, text;
    struct buf lines; /* the transfers that wait for the commit */
    struct queue_line *waiting;
    size_t count, room;     /* of `waiting` */
    struct queue_place end; /* behind the last commit */
    /* Where damages are told, which also corrects them; NULL, as queue_open leaves it: only
     * look. */
    const struct notice *notice;
    unsigned damages; /* found, by which transfers were lost */
};

/* Opens the queue in the directory `dir`, which stays the caller's. Texts are kept only
 * with `text`. 0, or -1 when its lock cannot be opened. Close it either way. */
int queue_open(struct queue *queue, int dir, uint64_t bytes_max, bool sync, bool text,
               struct error *err);
/* The same for queue_bounds and queue_find_cursor only: changes nothing on the disk, which
 * may be read-only. */
int queue_open_to_look(struct queue *queue, int dir, struct error *err);
void queue_close(struct queue *queue);

/* The place of the first transfer, and the one behind the last. 0 or -1. */
int queue_bounds(struct queue *queue, struct queue_place *first, struct queue_place *end,
                 struct error *err);

/* Reads the cursor of destination `index`, as cursor_load does. A cursor before the
 * first segment (which has been removed) or behind the end (which a power cut has set
 * back) is moved to the first place: nothing that has come since may be skipped. */
int queue_find_cursor(struct queue *queue, size_t index, struct cursor *cursor, struct buf *state,
                      struct error *err);

/* What a commit needs, too. The lock must be held for all but the first.
 *
 * Takes the lock, or -1 when it cannot be had within ten seconds. */
int queue_lock(struct queue *queue, struct error *err);
void queue_unlock(struct queue *queue);
/* Reads the head. What was wrong with it is told and corrected in the file, so that it is
 * told once. 0 or -1. */
int queue_read_head(struct queue *queue, struct queue_head *head, struct error *err);
/* Makes queue->segment_fd the file of this segment, created if it is missing. 0 or -1. */
int queue_open_segment(struct queue *queue, uint32_t segment, struct error *err);
/* Opens the last segment and removes a torn line at its end. What is missing before the
 * end of the last commit was acknowledged, so it is told. Returns the size that is left,
 * or -1. */
off_t queue_open_last(struct queue *queue, struct queue_head *head, size_t *torn_bytes,
                      struct error *err);

/* Removes the segments before `until`, and the last segment too if `until` is behind its
 * last byte. 0 or -1. */
int queue_remove(struct queue *queue, struct queue_place until, struct error *err);

#endif
