/* head: what the file "lock" of a queue holds, and how it is made again when it is lost.
 *
 * It is one line of fixed width, so that one write replaces it:
 *
 *   tsdb-exporter-spool 1 LAST_NS CLOCK_NS FIRST LAST END CHECKSUM
 *
 * The caller holds the lock. */
#ifndef TSDB_EXPORTER_SPOOL_HEAD_H
#define TSDB_EXPORTER_SPOOL_HEAD_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct queue_head {
    int64_t last_ns;      /* the last time that this queue has handed out */
    int64_t clock_ns;     /* what the clock said at that moment */
    uint32_t first, last; /* segments, counted from 1 */
    uint64_t end;         /* of what commits have acknowledged in `last`; 0: not known */
    bool damaged;         /* it was not what had been written, and was made again */
    int64_t ahead_ns;     /* so far ahead of the clock was the last time, which was dropped
                           * (model/transfer.h says from where on); 0: it was not */
};

/* Reads the head from the open file `lock`. One that is empty (of a new queue), does not
 * fit its checksum, or is older than the segments is made again from the segments and cursors in
 * `dir`. 0, or -1: it is of a newer format, or cannot be read. */
int queue_head_read(int dir, int lock, struct queue_head *head, struct error *err);
/* 0 or -1. */
int queue_head_write(int lock, const struct queue_head *head, struct error *err);

#endif
