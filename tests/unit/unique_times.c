/* unique_times: no time is given out twice, and none moves further than it must. */
#include "input/unique_times.h"

#include "tap.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int all_differ(int64_t *times, size_t count)
{
    qsort(times, count, sizeof *times, compare);
    for (size_t i = 1; i < count; i++)
        if (times[i] == times[i - 1])
            return 0;
    return 1;
}

static void table(void)
{
    static const struct {
        const char *name;
        int64_t wanted, want;
    } steps[] = {
        {"the first is as wanted", 100, 100},
        {"the same again moves on by 1 ns", 100, 101},
        {"and again", 100, 102},
        {"a taken one moves behind the run", 101, 103},
        {"one later is free", 106, 106},
        {"one earlier is free", 98, 98},
        {"the gap before the run closes", 99, 99},
        {"two runs that touch are one", 98, 104},
        {"the gap between two runs closes", 98, 105},
        {"and jumps over the next run", 98, 107},
        {"negative times are times", -5, -5},
    };
    struct unique_times times_taken;
    unique_times_init(&times_taken);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        IS(unique_times_take(&times_taken, steps[i].wanted), steps[i].want, steps[i].name);
    IS(times_taken.count, 2, "what touches is kept as one run");
    unique_times_release(&times_taken);
}

static void many(void)
{
    enum { COUNT = 10000 };
    static int64_t times[4 * COUNT];
    struct unique_times times_taken;
    unique_times_init(&times_taken);
    for (int i = 0; i < COUNT; i++)
        times[i] = unique_times_take(&times_taken, 1000);
    OK(times[COUNT - 1] == 1000 + COUNT - 1 && all_differ(times, COUNT),
       "10,000 equal stamps become 10,000 times in a row");
    IS(times_taken.count, 1, "and one run");
    unique_times_release(&times_taken);

    srand(1);
    for (int i = 0; i < UNIQUE_TIMES_RUNS - 1; i++)
        times[i] = unique_times_take(&times_taken, 3 * (rand() % 2000));
    OK(all_differ(times, UNIQUE_TIMES_RUNS - 1), "stamps in any order are kept apart");
    int apart = 1;
    for (size_t i = 1; i < times_taken.count; i++)
        apart &= times_taken.runs[i - 1].end < times_taken.runs[i].first;
    OK(apart, "the runs stay sorted, and none touches another");
    unique_times_release(&times_taken);

    for (int i = 0; i < 2 * COUNT; i++) {
        times[2 * i] = unique_times_take(&times_taken, 1000 * i);
        times[2 * i + 1] = unique_times_take(&times_taken, 1000 * i);
    }
    OK(times_taken.count <= UNIQUE_TIMES_RUNS && times_taken.room <= UNIQUE_TIMES_RUNS,
       "a stream in order takes constant memory");
    OK(times[2] == 1000 && all_differ(times, (size_t)4 * COUNT),
       "and never forgets one that matters");
    unique_times_release(&times_taken);
}

int main(void)
{
    table();
    many();
    return tap_done();
}
