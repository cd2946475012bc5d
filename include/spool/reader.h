/* reader: the lines of a queue, in order, from a place on.
 *
 * It needs no lock: it returns only whole lines, and a whole line does not change any
 * more. */
#ifndef TSDB_EXPORTER_SPOOL_READER_H
#define TSDB_EXPORTER_SPOOL_READER_H

#include "spool/queue.h"

struct queue_reader {
    int dir, fd;                 /* fd: the segment; -1: it is not open */
    struct queue_place at;       /* behind the last line that was returned */
    struct buf bytes;            /* read from the segment */
    size_t used;                 /* bytes of `bytes` that are before `at` */
    uint32_t next;               /* the segment that was opened last */
    bool broken;                 /* the line that was returned last does not fit its checksum */
    unsigned damages;            /* segments that were missing or cut short */
    const struct notice *notice; /* where that is told; NULL, as at first: nowhere */
};

/* Begins at `from`. If that is not behind a line, it begins with the segment; if its segment is
 * gone, with the next one that exists. `dir` stays the caller's. */
void queue_reader_init(struct queue_reader *reader, int dir, struct queue_place from);
void queue_reader_release(struct queue_reader *reader);

/* Gives the next line, without its newline. The caller may change it and the byte behind
 * it; it lives until the next call. 1; 0 if there is none yet; -1 if it cannot be read. */
int queue_reader_next(struct queue_reader *reader, char **line, size_t *len, struct error *err);

struct queue_survey {
    uint64_t transfers, bytes;
    int64_t oldest_ns; /* the first one's time; 0 if there is none */
};

/* Counts what is in the queue from a place on. 0 or -1. */
int queue_reader_survey(int dir, struct queue_place from, struct queue_survey *survey,
                        struct error *err);

#endif
