/* queue_reader: the lines of a queue, in order, from a place on.
 *
 * Reads without the queue's lock: only whole lines are looked at, and those do not
 * change any more. */
#ifndef TSDB_EXPORTER_SPOOL_READER_H
#define TSDB_EXPORTER_SPOOL_READER_H

#include "spool/queue.h"

struct queue_reader {
    int dir, fd;           /* fd -1: the segment is not open */
    struct queue_place at; /* behind the last line that was returned */
    struct buf bytes;      /* read from the segment; `used` of them are before `at` */
    size_t used;
};

/* `dir` stays the caller's. `from` may be in a segment that is gone, or in the
 * middle of a line: then it begins with that line, or the next segment. */
void queue_reader_init(struct queue_reader *reader, int dir, struct queue_place from);
void queue_reader_release(struct queue_reader *reader);

/* The next line, without its newline; it may be changed, and one byte behind it,
 * until the next call. 1; 0 if there is none yet; -1 when it cannot be read. */
int queue_reader_next(struct queue_reader *reader, char **line, size_t *len, struct error *err);

struct queue_survey {
    uint64_t transfers, bytes;
    int64_t oldest_ns; /* time of the first, 0 without one */
};

/* What is in the queue from a place on. 0 or -1. */
int queue_reader_survey(int dir, struct queue_place from, struct queue_survey *survey,
                        struct error *err);

#endif
