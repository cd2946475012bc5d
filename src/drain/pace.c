/* Why: someone who looks at a dashboard wants to see a transfer at once, and a database wants
 * few requests. */
#include "drain/pace.h"

void pace_add(struct pace *pace, bool is_first, int64_t now_ms)
{
    pace->newest_ms = now_ms;
    if (is_first)
        pace->first_ms = now_ms;
}

void pace_sent(struct pace *pace, int64_t now_ms)
{
    pace->sent_ms = now_ms;
}

bool pace_is_time(const struct pace *pace, int64_t now_ms)
{
    const bool soon = pace->totals && pace->sent_ms && now_ms - pace->sent_ms < pace->interval_ms;
    return now_ms - pace->newest_ms >= (soon ? PACE_LINGER_MS : PACE_QUIET_MS) ||
           now_ms - pace->first_ms >= pace->interval_ms;
}

bool pace_is_over(const struct pace *pace, int64_t now_ms)
{
    return now_ms - pace->newest_ms >= PACE_LINGER_MS;
}
