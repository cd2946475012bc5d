/* retry: waits grow and vary, share one budget, and end in giving up. */
#include "send/retry.h"

#include "tap.h"

#include <stdbool.h>

/* Fails again and again, as soon as allowed; returns when it was given up. */
static int64_t fail_until_given_up(struct retry *retry, int64_t *longest_ms, int *tries)
{
    int64_t now_ms = 1000;
    *longest_ms = 0;
    for (*tries = 1; *tries < 10000; ++*tries) {
        const int64_t wait_ms = retry_fail(retry, 0, now_ms);
        if (retry->given_up)
            return now_ms;
        if (wait_ms > *longest_ms)
            *longest_ms = wait_ms;
        now_ms = retry->at_ms;
    }
    return -1;
}

static void spends_its_budget(void)
{
    bool in_time = true, capped = true, grew = true, varied = false;
    int64_t first_wait_ms = -1;
    for (uint32_t seed = 1; seed < 200; seed++) {
        struct retry retry;
        int64_t longest_ms;
        int tries;
        retry_init(&retry, 60000, seed * 2654435761u);
        struct retry once = retry;
        const int64_t wait_ms = retry_fail(&once, 0, 0);
        varied |= first_wait_ms >= 0 && wait_ms != first_wait_ms;
        first_wait_ms = wait_ms;
        const int64_t end_ms = fail_until_given_up(&retry, &longest_ms, &tries);
        in_time &= end_ms >= 1000 + 60000 - 1 && end_ms <= 1000 + 60000;
        capped &= longest_ms < RETRY_CAP_MS;
        grew &= longest_ms > RETRY_BASE_MS && tries > 60000 / RETRY_CAP_MS;
    }
    OK(in_time, "it is given up at the end of its budget, not before");
    OK(capped, "no wait reaches the cap");
    OK(grew, "waits grow");
    OK(varied, "waits vary");
}

int main(void)
{
    struct retry retry;
    spends_its_budget();

    retry_init(&retry, 0, 1);
    retry_fail(&retry, 0, 5);
    OK(retry.given_up, "no budget: given up at once");

    retry_init(&retry, 30000, 1);
    IS(retry_fail(&retry, 2000, 100), 2000, "Retry-After is obeyed");
    OK(!retry.given_up && retry.at_ms == 2100, "and is no reason to give up");
    retry_fail(&retry, 40000, 200);
    OK(retry.given_up, "unless it is longer than the budget");

    IS(retry.at_ms, 200 + RETRY_CAP_MS, "and then it is asked again in a few seconds all the same");
    retry_fail(&retry, INT64_C(1000) * 365 * 86400, 300);
    IS(retry.at_ms, 300 + RETRY_CAP_MS, "and so each time, whatever it says");

    retry_init(&retry, 30000, 1);
    IS(retry_timeout(&retry, 10000, 0), 10000, "a request may take its time");
    retry_fail(&retry, 0, 1000);
    IS(retry_timeout(&retry, 10000, 5000), 10000, "while it fails, too");
    IS(retry_timeout(&retry, 10000, 25000), 6000, "but not longer than the budget");
    IS(retry_timeout(&retry, 10000, 40000), 1000, "a second at least");
    IS(retry_succeed(&retry, 26000), 25000, "an answer tells how long there was none");
    OK(!retry.given_up && retry_timeout(&retry, 10000, 26000) == 10000, "and all is well again");
    IS(retry_succeed(&retry, 27000), 0, "there was none missing");
    return tap_done();
}
