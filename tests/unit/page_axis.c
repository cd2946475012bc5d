/* page_axis: ticks, places, and what is written at them. */
#include "report/page_axis.h"

#include "tap.h"

static struct page_axis axis;
static char text[SCREEN_ROOM];

/* "20 ms 50 ms 100 ms": the ticks of the axis. */
static const char *ticks(const char *(*write)(char *, double))
{
    static char all[256];
    size_t used = 0;
    all[0] = '\0';
    for (size_t i = 0; i < axis.count; i++)
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i ? " " : "",
                                 write(text, axis.ticks[i]));
    return all;
}

static const char *times(double low, double high)
{
    page_axis_of_times(&axis, low, high);
    return ticks(page_axis_seconds);
}

static const char *amounts(double high, size_t most)
{
    page_axis_of_amounts(&axis, high, most);
    return ticks(page_axis_number);
}

static const char *run(double seconds)
{
    page_axis_of_run(&axis, seconds, 7);
    return ticks(page_axis_duration);
}

int main(void)
{
    IS_TEXT(times(0.0375, 0.7), "20 ms 50 ms 100 ms 200 ms 500 ms 1 s", "times: 1, 2, 5");
    IS(page_axis_share(&axis, 0.02), 0, "the low end");
    IS(page_axis_share(&axis, 1), 1, "the high end");
    OK(fabs(page_axis_share(&axis, sqrt(0.02)) - 0.5) < 1e-12,
       "the geometric mean is in the middle");
    IS(page_axis_share(&axis, 0), 0, "what is below stands at the end");
    IS(page_axis_share(&axis, 5), 1, "so does what is above");
    IS_TEXT(times(0.05, 0.1), "20 ms 50 ms 100 ms",
            "what ends at ticks needs no more of them above");
    IS_TEXT(times(0.083, 0.083), "20 ms 50 ms 100 ms", "one time");
    IS_TEXT(times(0.1, 0.1), "50 ms 100 ms 200 ms", "one that is a tick");
    IS_TEXT(times(0, 0), "0.5 µs 1 µs 2 µs", "no time at all");
    IS_TEXT(times(1e-6, 3600), "1 µs 10 µs 100 µs 1 ms 10 ms 100 ms 1 s 10 s 100 s 1,000 s",
            "ten powers of ten");
    OK(axis.low <= 1e-6 && axis.high >= 3600, "the ends are there without a tick");
    IS_TEXT(times(1, 1e308),
            "1 s 10 s 100 s 1,000 s 10,000 s 100,000 s 1,000,000 s 10,000,000 s 100,000,000 s "
            "1,000,000,000 s",
            "times that no transfer takes");
    times(INFINITY, 0);
    OK(axis.low < axis.high && isfinite(axis.high) && axis.count > 0, "no times at all");
    amounts(INFINITY, 4);
    OK(isfinite(axis.high) && axis.count > 1, "an amount that is too large for a double");
    IS_TEXT(amounts(29.4, 4), "0 10 20 30", "amounts begin at 0");
    IS_TEXT(amounts(0.7, 4), "0 0.2 0.4 0.6 0.8", "small ones");
    IS_TEXT(amounts(3200, 4), "0 1,000 2,000 3,000 4,000", "large ones");
    IS_TEXT(amounts(0, 4), "0 0.5 1", "nothing");
    IS_TEXT(run(598), "0 2 min 4 min 6 min 8 min", "a run of ten minutes");
    IS(axis.high, 598, "ends where it ends");
    IS_TEXT(run(5.49), "0 1 s 2 s 3 s 4 s 5 s", "a short one");
    IS_TEXT(run(0.4), "0 100 ms 200 ms 300 ms 400 ms", "a very short one");
    IS_TEXT(run(86400 * 3), "0 12 h 1 d 1 d 12 h 2 d 2 d 12 h 3 d", "three days");
    IS_TEXT(page_axis_duration(text, 598), "9 min 58 s", "a duration");
    IS_TEXT(page_axis_duration(text, 59.8), "1 min", "a rounded one");
    IS_TEXT(page_axis_duration(text, 3599.6), "1 h", "59 minutes and 59.6 seconds");
    IS_TEXT(page_axis_duration(text, 4.988), "4.99 s", "a short one has three digits");
    IS_TEXT(page_axis_duration(text, 8), "8 s", "and none to spare");
    IS_TEXT(page_axis_duration(text, 0.015625), "15.6 ms", "a 64th of a second");
    return tap_done();
}
