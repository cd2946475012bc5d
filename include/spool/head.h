/* queue_head: what the lock file of a queue holds, and how it is found again.
 *
 * One line of fixed width, so that it is replaced by one write:
 *
 *   tsdb-exporter-spool 1 LAST_NS CLOCK_NS FIRST LAST
 *
 * The caller holds the lock. */
#ifndef TSDB_EXPORTER_SPOOL_HEAD_H
#define TSDB_EXPORTER_SPOOL_HEAD_H

#include "base/error.h"

#include <stdint.h>

struct queue_head {
    int64_t last_ns;      /* the last time given to an arrival */
    int64_t clock_ns;     /* what the clock said then */
    uint32_t first, last; /* segments; from 1 */
};

/* A new queue's lock file is empty. One that is broken, or older than the segments,
 * after a power cut, is made again from the segments and cursors in `dir`. -1: it is of a newer
 * format, or cannot be read. */
int queue_head_read(int dir, int lock, struct queue_head *head, struct error *err);
int queue_head_write(int lock, const struct queue_head *head, struct error *err);

#endif
