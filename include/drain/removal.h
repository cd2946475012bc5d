/* removal: frees the disk from what all destinations of a queue have got. */
#ifndef TSDB_EXPORTER_DRAIN_REMOVAL_H
#define TSDB_EXPORTER_DRAIN_REMOVAL_H

#include "spool/queue.h"

/* Removes what `count` destinations have passed, of which `index` is at `until`; nothing where
 * another one's cursor cannot be read. 0 or -1. */
int removal_run(struct queue *queue, size_t index, size_t count, struct queue_place until,
                struct error *err);

#endif
