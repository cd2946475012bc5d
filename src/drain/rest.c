/* Why: a database that is down must not be asked by every process that adds a transfer. */
#include "drain/rest.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

enum { MIN_MS = 1000 };

void rest_begin(struct cursor *cursor, const char *why, bool denied)
{
    const int64_t now_ms = clock_wall_ns() / 1000000;
    const unsigned doublings = cursor->failures < 6 ? cursor->failures : 6;
    const int64_t wait_ms = (int64_t)MIN_MS << doublings;
    cursor->failures++;
    cursor->denied = denied;
    cursor->failed_ms = now_ms;
    cursor->retry_ms = now_ms + (wait_ms < REST_MAX_MS ? wait_ms : REST_MAX_MS);
    snprintf(cursor->why, sizeof cursor->why, "%.*s", (int)strcspn(why, "\n"), why);
}

void rest_end(struct cursor *cursor)
{
    cursor->failures = cursor->denied = 0;
    cursor->retry_ms = 0;
    cursor->why[0] = '\0';
}

bool rest_is_on(const struct cursor *cursor)
{
    const int64_t now_ms = clock_wall_ns() / 1000000;
    /* a time that is further away is one of a clock that has been set back since */
    return now_ms < cursor->retry_ms && cursor->retry_ms <= now_ms + REST_MAX_MS;
}
