/* fanout: transfers -> all outputs, each over a sender of its own. */
#ifndef TSDB_EXPORTER_SEND_FANOUT_H
#define TSDB_EXPORTER_SEND_FANOUT_H

#include "base/notice.h"
#include "model/tally.h"
#include "output/output.h"
#include "send/sender.h"

struct fanout;

/* Outputs, options and notice stay the caller's and must outlive it. NULL: out
 * of memory. */
struct fanout *fanout_new(struct output *outputs, size_t count, const struct send_options *options,
                          const struct notice *notice);
void fanout_free(struct fanout *fanout);

void fanout_add(struct fanout *fanout, const struct transfer *transfer);

/* True while an output that works cannot take more: read no further. */
bool fanout_is_full(const struct fanout *fanout);
/* No transfers come any more: nothing waits for its interval. */
void fanout_end(struct fanout *fanout);
/* True when nothing is left to send. */
bool fanout_is_done(const struct fanout *fanout);

/* Waits for answers, for `fds` (see http_wait) or for what is due next, and
 * does it. Returns without waiting when all is sent, or when there is room again. */
void fanout_step(struct fanout *fanout, struct pollfd *fds, size_t count);

/* fanout_step returns after so long even when nothing happens; below 0: as it likes. */
void fanout_limit_wait(struct fanout *fanout, int64_t wait_ms);

/* One for each output, in their order. */
const struct output_tally *fanout_tallies(const struct fanout *fanout);

#endif
