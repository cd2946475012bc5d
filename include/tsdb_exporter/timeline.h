/* timeline: no two transfers share a time.
 *
 * A database keeps one value a series and time; the second would overwrite the
 * first without a word. So a time that is taken moves to the next free
 * nanosecond. Known are the TIMELINE_RUNS newest distinct runs of times, which
 * keeps memory constant: a stream in order never forgets one that matters. */
#ifndef TSDB_EXPORTER_TIMELINE_H
#define TSDB_EXPORTER_TIMELINE_H

#include <stddef.h>
#include <stdint.h>

#define TIMELINE_RUNS 4096

struct timeline_run {
    int64_t first, end; /* taken: first <= t < end, ns */
};

struct timeline {
    struct timeline_run *runs; /* sorted, none touching another; owned */
    size_t count, room;
};

void timeline_init(struct timeline *timeline);
void timeline_release(struct timeline *timeline);

/* Takes the first free time from `wanted_ns` on and returns it. Without memory
 * the time is returned as wanted. */
int64_t timeline_take(struct timeline *timeline, int64_t wanted_ns);

#endif
