/* Why: retrying too little loses data, too much hammers a database that is just
 * coming up, or hangs a shell loop. The rule stands here, without a clock and
 * without a network, so that it can be tested. */
#include "send/retry.h"

/* Uniform below `bound`; xorshift32, since rand() is everybody's. */
static int64_t random_below(struct retry *retry, int64_t bound)
{
    retry->random ^= retry->random << 13;
    retry->random ^= retry->random >> 17;
    retry->random ^= retry->random << 5;
    return (int64_t)(retry->random % (uint64_t)bound);
}

static int64_t budget_left(const struct retry *retry, int64_t now_ms)
{
    return retry->down_since_ms + retry->budget_ms - now_ms;
}

void retry_init(struct retry *retry, int64_t budget_ms, uint32_t seed)
{
    *retry = (struct retry){.budget_ms = budget_ms, .down_since_ms = -1, .random = seed | 1};
}

int64_t retry_fail(struct retry *retry, int64_t retry_after_ms, int64_t now_ms)
{
    const unsigned doublings = retry->failures < 10 ? retry->failures : 10;
    const int64_t bound = (int64_t)RETRY_BASE_MS << doublings;
    int64_t wait_ms = random_below(retry, bound < RETRY_CAP_MS ? bound : RETRY_CAP_MS);
    if (retry->down_since_ms < 0)
        retry->down_since_ms = now_ms;
    const int64_t left_ms = budget_left(retry, now_ms);
    if (retry_after_ms > 0)
        wait_ms = retry_after_ms;
    else if (wait_ms >= left_ms && left_ms > 1 && !retry->given_up)
        wait_ms = left_ms - 1; /* a last try, at the end of the budget */
    retry->failures++;
    retry->given_up |= wait_ms >= left_ms;
    if (retry->given_up && wait_ms > RETRY_CAP_MS)
        wait_ms = RETRY_CAP_MS; /* an absurd Retry-After must not silence it for good */
    retry->at_ms = now_ms + wait_ms;
    return wait_ms;
}

int64_t retry_succeed(struct retry *retry, int64_t now_ms)
{
    const int64_t down_ms = retry->down_since_ms < 0 ? 0 : now_ms - retry->down_since_ms;
    retry->down_since_ms = -1;
    retry->failures = 0;
    retry->given_up = false;
    return down_ms;
}

int64_t retry_timeout(const struct retry *retry, int64_t timeout_ms, int64_t now_ms)
{
    if (retry->down_since_ms < 0)
        return timeout_ms;
    const int64_t left = budget_left(retry, now_ms);
    return left >= timeout_ms ? timeout_ms : left > 1000 ? left : 1000;
}
