/* place: a position in a queue, and the names of the files it lies in.
 *
 * The transfers of a queue are in numbered files, the segments: "0000000001.lp" is
 * the first. A number is used once; a higher one holds later transfers. */
#ifndef TSDB_EXPORTER_SPOOL_PLACE_H
#define TSDB_EXPORTER_SPOOL_PLACE_H

#include <stdint.h>

/* The version of all files of a queue. A program that finds a higher one leaves the
 * queue alone. */
#define QUEUE_FORMAT 1

struct queue_place {
    uint32_t segment;
    uint64_t offset; /* bytes */
};

/* Below, equal to or above 0 when `a` is before, at or after `b`. */
int queue_compare(struct queue_place a, struct queue_place b);

/* Writes the name of a segment's file to `name`. */
#define SEGMENT_NAME_ROOM 32
void segment_name(char *name, uint32_t segment);

#endif
