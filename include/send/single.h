/* single: one output, one batch at a time, for a caller that must know what became of
 * each before it goes on. */
#ifndef TSDB_EXPORTER_SEND_SINGLE_H
#define TSDB_EXPORTER_SEND_SINGLE_H

#include "send/sender.h"

struct single;

/* Output, options and notice stay the caller's and must outlive it. NULL: out of
 * memory. */
struct single *single_new(struct output *output, const struct send_options *options,
                          const struct notice *notice);
void single_free(struct single *single);

/* Adds a transfer to the batch, which is in doubt (batch.h), or not, from its first on. 0, or
 * -1: no memory, or the output takes no more; the transfer is not in it. */
int single_add(struct single *single, const struct transfer *transfer, bool in_doubt);
/* True if the transfer goes into this batch, not into the next one; each goes into one that
 * is in doubt. */
bool single_takes(const struct single *single, const struct transfer *transfer);
/* True when nothing more fits into the batch. */
bool single_is_full(const struct single *single);

/* Sends the batch, which is not empty, to the end; or, when `stop_fd` becomes readable
 * (*stopped), until the request under way has been answered. Returns what became of it.
 * Whatever is left of it stays the caller's to send again.
 *
 * `state` becomes what the output remembers as of the settled transfers, that is: what it
 * must be restored to before the rest is made into a batch again. Look at state->failed.
 * Where none is settled it stays as it is: that is what the output was restored to. */
struct batch_result single_send(struct single *single, int stop_fd, bool *stopped,
                                struct buf *state);

/* Makes the output's last batch (output_type.end), when no other is there, and `state` what
 * the output will remember of it. False: there is none. */
bool single_begin_end(struct single *single, struct buf *state);
/* Sends it, without trying again. */
void single_send_end(struct single *single);

#endif
