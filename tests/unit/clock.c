/* clock: what the clocks count in, and that two processes never read the same time. */
#include "base/clock.h"

#include "tap.h"

#include <unistd.h>

int main(void)
{
    const int64_t first_ms = clock_mono_ms();
    OK(clock_mono_ms() >= first_ms, "monotonic time does not run backwards");
    const int64_t before_ns = clock_wall_ns(), arrival_ns = clock_arrival_ns();
    OK(before_ns > INT64_C(1700000000) * NS_PER_S, "wall time is Unix time in nanoseconds");
    OK(arrival_ns >= before_ns - 1000 && arrival_ns <= clock_wall_ns() + 1000,
       "an arrival is now, to the microsecond");
    IS(arrival_ns % 1000, getpid() % 1000, "and holds the process's number");
    return tap_done();
}
