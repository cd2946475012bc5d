/* queue_commit: transfers -> the end of a queue. */
#ifndef TSDB_EXPORTER_SPOOL_QUEUE_COMMIT_H
#define TSDB_EXPORTER_SPOOL_QUEUE_COMMIT_H

#include "spool/queue.h"

/* The result of a commit. */
struct queue_commit {
    size_t kept, lost;     /* transfers; some are lost only when -1 is returned */
    size_t torn_bytes;     /* cut off, of another process's unfinished commit */
    int64_t clock_back_ns; /* how far the clock has been set back since the last commit */
};

/* Adds a transfer to those that wait for the commit. 0, or -1: this one is lost. */
int queue_add(struct queue *queue, const struct transfer *transfer, struct error *err);
/* True when so much waits that it should be committed now. */
bool queue_is_full(const struct queue *queue);

/* Writes all pending transfers to the queue. A transfer without a time of its own gets
 * one that is later than every time this queue has handed out, so no two are equal. If
 * the system clock was set back, new times continue from the last one at half the
 * clock's speed until the clock has caught up. Returns 0 if all were written. Otherwise
 * -1: done->kept says how many were, err why. */
int queue_commit(struct queue *queue, struct queue_commit *done, struct error *err);

#endif
