/* push: transfers -> all outputs, each over a lane of its own. */
#ifndef TSDB_EXPORTER_PUSH_H
#define TSDB_EXPORTER_PUSH_H

#include "tsdb_exporter/notice.h"
#include "tsdb_exporter/output.h"
#include "tsdb_exporter/tally.h"

struct push;

/* Outputs, options and notice stay the caller's and must outlive it. NULL: out
 * of memory. */
struct push *push_new(struct output *outputs, size_t count, const struct options *options,
                      const struct notice *notice);
void push_free(struct push *push);

void push_add(struct push *push, const struct transfer *transfer);

/* True while an output that works cannot take more: read no further. */
bool push_is_full(const struct push *push);
/* True while a batch is closed and not yet settled. */
bool push_is_ready(const struct push *push);
/* What is sent next may have been sent before, nobody knows how it ended. */
void push_doubt(struct push *push);
/* True if nobody knows how the last request ended. */
bool push_is_unsure(const struct push *push);
/* True while an answer is awaited. */
bool push_is_busy(const struct push *push);
/* From now on nothing waits for its interval. */
void push_flush(struct push *push);
/* True when nothing is left to send. */
bool push_is_done(const struct push *push);

/* Waits for answers, for `fds` (see http_wait) or for what is due next, and
 * does it. Returns without waiting when all is sent, or when there is room again. */
void push_step(struct push *push, struct pollfd *fds, size_t count);

/* push_step returns after so long even when nothing happens; below 0: as it likes. */
void push_limit_wait(struct push *push, int64_t wait_ms);

/* One for each output, in their order. */
const struct output_tally *push_tallies(const struct push *push);

#endif
