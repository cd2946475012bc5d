/* Why: curl's own time stamps have microseconds, date +%s has seconds, and
 * parallel transfers end together. A sorted list of taken runs finds the next
 * free time in O(log n), and a thousand transfers with one stamp are one run. */
#include "tsdb_exporter/timeline.h"

#include <stdlib.h>
#include <string.h>

void timeline_init(struct timeline *timeline)
{
    *timeline = (struct timeline){0};
}

void timeline_release(struct timeline *timeline)
{
    free(timeline->runs);
    timeline_init(timeline);
}

/* The number of runs that begin at or before `time`. */
static size_t runs_until(const struct timeline *timeline, int64_t time)
{
    size_t low = 0, high = timeline->count;
    if (high && timeline->runs[high - 1].first <= time)
        return high; /* the usual case: later than all before */
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (timeline->runs[middle].first <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Makes room for one more run; when full, the older half is forgotten. */
static int make_room(struct timeline *timeline)
{
    if (timeline->count < timeline->room)
        return 0;
    if (timeline->room == TIMELINE_RUNS) {
        timeline->count = TIMELINE_RUNS / 2;
        memmove(timeline->runs, timeline->runs + TIMELINE_RUNS / 2,
                timeline->count * sizeof *timeline->runs);
        return 0;
    }
    const size_t room = timeline->room ? timeline->room * 4 : 16;
    struct timeline_run *runs = realloc(timeline->runs, room * sizeof *runs);
    if (!runs)
        return -1;
    timeline->runs = runs;
    timeline->room = room;
    return 0;
}

int64_t timeline_take(struct timeline *timeline, int64_t wanted_ns)
{
    if (make_room(timeline) < 0)
        return wanted_ns;
    size_t next = runs_until(timeline, wanted_ns);
    int64_t time = wanted_ns;
    struct timeline_run *run = NULL;
    if (next > 0 && timeline->runs[next - 1].end >= time) {
        run = &timeline->runs[next - 1];
        time = run->end++;
    } else {
        run = &timeline->runs[next];
        memmove(run + 1, run, (timeline->count - next) * sizeof *run);
        *run = (struct timeline_run){time, time + 1};
        timeline->count++;
        next++;
    }
    if (next < timeline->count && run[1].first == run->end) {
        run->end = run[1].end;
        timeline->count--;
        memmove(run + 1, run + 2, (timeline->count - next) * sizeof *run);
    }
    return time;
}
