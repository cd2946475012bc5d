/* Why: a user wants to know that nothing is delivered and for how long it will be tried, but
 * not of each try. */
#include "send/outage.h"

#include <inttypes.h>
#include <stdio.h>

enum { SAID_MS = 1000 }; /* shorter outages are not worth a line */

bool outage_fail(struct outage *outage, struct failure *failure, int64_t retry_after_ms,
                 int64_t now_ms)
{
    struct retry *const retry = &outage->retry;
    const bool was_given_up = retry->given_up;
    const int64_t wait_ms = retry_fail(retry, retry_after_ms, now_ms);
    const int64_t down_ms = now_ms - retry->down_since_ms;
    char what[128];
    if (retry->given_up) {
        snprintf(what, sizeof what, "given up after %.1f s%s", (double)down_ms / 1e3,
                 retry_after_ms > 0 ? " (its Retry-After is longer than --retry-max-time)" : "");
        if (!was_given_up)
            failure_tell(failure, NOTICE_WARN, what);
        return true;
    }
    if (!outage->said && down_ms + wait_ms >= SAID_MS) {
        outage->said = true;
        snprintf(what, sizeof what, "trying again for %.0f s",
                 (double)(retry->budget_ms - down_ms) / 1e3);
        failure_tell(failure, NOTICE_WARN, what);
    } else {
        snprintf(what, sizeof what, "trying again in %" PRId64 " ms", wait_ms);
        failure_tell(failure, NOTICE_DETAIL, what);
    }
    return false;
}

void outage_end(struct outage *outage, struct failure *failure, int64_t now_ms)
{
    const bool said = outage->said || outage->retry.given_up;
    const int64_t down_ms = retry_succeed(&outage->retry, now_ms);
    outage->said = false;
    if (said)
        notice(failure->notice, NOTICE_WARN, "%s answers again after %.1f s", failure->output->name,
               (double)down_ms / 1e3);
}
