/* push: transfers -> outputs, in batches, until the database has them.
 *
 * Each output has a lane of its own: a batch being filled, batches waiting, one
 * request at a time. A batch is closed when it holds batch_max transfers or
 * BATCH_BYTES_GOAL bytes, interval_ms after its first transfer, or on flush.
 *
 * A request that may succeed later is sent again, the same bytes, with full
 * jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"), or when
 * Retry-After says. A destination that has failed for retry_max_ms is given up:
 * what is queued for it is counted as lost, and until it answers again each
 * batch is tried at most once. What only fails whole is halved until the point
 * at fault stands alone. 401, 403 and 404 end a lane. */
#ifndef TSDB_EXPORTER_PUSH_H
#define TSDB_EXPORTER_PUSH_H

#include "tsdb_exporter/notice.h"
#include "tsdb_exporter/output.h"
#include "tsdb_exporter/tally.h"

/* What one output may hold back, in bytes of its own form. */
#define PUSH_QUEUE_BYTES (3 * 1024 * 1024)

struct push;

/* Outputs, options and notice stay the caller's and must outlive it. NULL: out
 * of memory. */
struct push *push_new(struct output *outputs, size_t count, const struct options *options,
                      const struct notice *notice);
void push_free(struct push *push);

void push_add(struct push *push, const struct transfer *transfer);

/* True while an output that works cannot take more: read no further. */
bool push_is_full(const struct push *push);
/* From now on nothing waits for its interval. */
void push_flush(struct push *push);
/* True when nothing is left to send. */
bool push_is_done(const struct push *push);

/* Waits for answers, for `fds` (see http_wait) or for what is due next, and
 * does it. Calls with work at hand return at once. */
void push_step(struct push *push, struct pollfd *fds, size_t count);

/* One for each output, in their order. */
const struct output_tally *push_tallies(const struct push *push);

#endif
