/* retry: when to try again, and when to stop.
 *
 * Full jitter: a random wait below a bound that doubles with each failure (AWS
 * Architecture Blog, "Exponential Backoff And Jitter"); Retry-After instead where
 * the server gave one. Failures in a row share one budget of time; when the next
 * try would come after its end, the destination is given up. It stays given up
 * until it answers, and is only probed, at waits of RETRY_CAP_MS at most: even a
 * Retry-After counts no longer than that then. */
#ifndef TSDB_EXPORTER_SEND_RETRY_H
#define TSDB_EXPORTER_SEND_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#define RETRY_BASE_MS 100
#define RETRY_CAP_MS 5000 /* Prometheus's max_backoff */

struct retry {
    int64_t budget_ms;
    int64_t down_since_ms; /* of the first failure in a row; -1: up */
    int64_t at_ms;         /* not before */
    unsigned failures;     /* in a row */
    bool given_up;
    uint32_t random; /* state of the generator, not 0 */
};

void retry_init(struct retry *retry, int64_t budget_ms, uint32_t seed);

/* Counts a failure; `retry_after_ms` is 0 if the server gave none. Returns the
 * wait until at_ms; given_up tells whether it is one of the budget's tries. */
int64_t retry_fail(struct retry *retry, int64_t retry_after_ms, int64_t now_ms);

/* Counts an answer of any kind; returns for how long there was none. */
int64_t retry_succeed(struct retry *retry, int64_t now_ms);

/* How long the next request may take: while the destination fails, no longer
 * than what is left of the budget, but at least a second. */
int64_t retry_timeout(const struct retry *retry, int64_t timeout_ms, int64_t now_ms);

#endif
