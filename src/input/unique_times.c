/* Why: curl's own time stamps have microseconds, those of date +%s have seconds, and
 * parallel transfers end together. In a sorted list of runs the next free time is
 * found in O(log n), and a thousand transfers with one time stamp are one run. */
#include "input/unique_times.h"

#include <stdlib.h>
#include <string.h>

void unique_times_init(struct unique_times *times)
{
    *times = (struct unique_times){0};
}

void unique_times_release(struct unique_times *times)
{
    free(times->runs);
    unique_times_init(times);
}

/* The number of runs that begin at or before `time`. */
static size_t runs_until(const struct unique_times *times, int64_t time)
{
    size_t low = 0, high = times->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (times->runs[middle].first <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Makes room for one more run. A full list forgets its older half. */
static int make_room(struct unique_times *times)
{
    if (times->count < times->room)
        return 0;
    if (times->room == UNIQUE_TIMES_RUNS) {
        times->count = UNIQUE_TIMES_RUNS / 2;
        memmove(times->runs, times->runs + UNIQUE_TIMES_RUNS / 2,
                times->count * sizeof *times->runs);
        return 0;
    }
    const size_t room = times->room ? times->room * 4 : 16;
    struct unique_times_run *runs = realloc(times->runs, room * sizeof *runs);
    if (!runs)
        return -1;
    times->runs = runs;
    times->room = room;
    return 0;
}

int64_t unique_times_take(struct unique_times *times, int64_t wanted_ns)
{
    if (make_room(times) < 0)
        return wanted_ns;
    size_t next = runs_until(times, wanted_ns);
    int64_t time = wanted_ns;
    struct unique_times_run *run = NULL;
    if (next > 0 && times->runs[next - 1].end >= time) {
        run = &times->runs[next - 1];
        time = run->end++;
    } else {
        run = &times->runs[next];
        memmove(run + 1, run, (times->count - next) * sizeof *run);
        *run = (struct unique_times_run){time, time + 1};
        times->count++;
        next++;
    }
    if (next < times->count && run[1].first == run->end) {
        run->end = run[1].end;
        times->count--;
        memmove(run + 1, run + 2, (times->count - next) * sizeof *run);
    }
    return time;
}
