/* Why: everything that depends on the present time gets it here, so that all other
 * code can take it as a parameter and be tested. */
#include "base/clock.h"

#include <time.h>
#include <unistd.h>

static int64_t clock_read(clockid_t id)
{
    struct timespec now = {0};
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t clock_wall_ns(void)
{
    return clock_read(CLOCK_REALTIME);
}

int64_t clock_arrival_ns(void)
{
    return clock_wall_ns() / 1000 * 1000 + getpid() % 1000;
}

int64_t clock_mono_ms(void)
{
    return clock_read(CLOCK_MONOTONIC) / 1000000;
}
