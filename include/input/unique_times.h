/* unique_times: no two transfers share a time.
 *
 * A database keeps one value for each series and time: a second one would silently
 * overwrite the first. So a transfer whose time is taken gets the next free
 * nanosecond. Times that follow each other without a gap are one run, and only the
 * latest UNIQUE_TIMES_RUNS runs are remembered. In a stream that is in order,
 * forgotten ones can no longer collide. */
#ifndef TSDB_EXPORTER_INPUT_UNIQUE_TIMES_H
#define TSDB_EXPORTER_INPUT_UNIQUE_TIMES_H

#include <stddef.h>
#include <stdint.h>

#define UNIQUE_TIMES_RUNS 4096

struct unique_times_run {
    int64_t first, end; /* taken: first <= t < end, ns */
};

struct unique_times {
    struct unique_times_run *runs; /* sorted, none touching another; owned */
    size_t count, room;
};

void unique_times_init(struct unique_times *times);
void unique_times_release(struct unique_times *times);

/* Takes the first free time from `wanted_ns` on and returns it. Without memory
 * the time is returned as wanted. */
int64_t unique_times_take(struct unique_times *times, int64_t wanted_ns);

#endif
