/* sender: transfers -> one output, in batches, until the database has them.
 *
 * A batch is filled, then closed, waits, and is sent, one request at a time. It is
 * closed when it holds batch_max transfers or BATCH_BYTES_GOAL bytes, interval_ms
 * after its first transfer, or on flush.
 *
 * A request that may succeed later is sent again, the same bytes, as retry says. When
 * retry gives the destination up, that batch is left, and until the destination answers
 * again each batch is tried once, as the waits allow. What the queue cannot hold meanwhile
 * is left too, and on flush so is the rest after one more failure. What is refused as a
 * whole is halved, as halving says. A batch that halving calls hopeless is left. 401, 403,
 * 404, a file that cannot be written, and HALVING_DOUBTS_MAX refusals before anything was
 * stored end the sender: what comes then is lost.
 *
 * Every transfer that sender_add took is in a batch that comes out of
 * sender_take_finished, with an outcome. */
#ifndef TSDB_EXPORTER_SEND_SENDER_H
#define TSDB_EXPORTER_SEND_SENDER_H

#include "base/notice.h"
#include "output/output.h"
#include "send/outage.h"
#include "send/request.h"
#include "send/settling.h"

/* What a sender holds back at most, in bytes, before it is full. */
#define SENDER_QUEUE_BYTES (3 * 1024 * 1024)

struct send_options {
    size_t batch_max;     /* transfers in a batch */
    int64_t interval_ms;  /* a batch goes so long after its first transfer */
    int64_t timeout_ms;   /* of one request */
    int64_t retry_max_ms; /* failures in a row may take so long */
};

struct sender {
    struct output *output;
    const struct send_options *options;
    const struct notice *notice;
    struct settling settling;
    struct request request;
    struct outage outage;
    uint64_t retries;  /* requests that were sent again, or will be */
    size_t bytes_goal; /* BATCH_BYTES_GOAL, or what a 413 taught */
    bool busy;         /* a request is under way */
    bool stopped;      /* nothing will be sent any more */
    bool abandoned;    /* the same, because nobody wants it */
    bool flushing;
    bool ending, ended; /* no transfers come any more; and a last batch has been made */
};

/* All arguments stay the caller's and must outlive the sender. -1: out of memory. */
int sender_init(struct sender *sender, struct output *output, struct http *http,
                const struct send_options *options, const struct notice *notice);
void sender_release(struct sender *sender);

/* True if the transfer goes into the batch that is being filled, not into the next one. What
 * is in doubt ends where it ended, whatever --interval is now. */
bool sender_takes(const struct sender *sender, const struct transfer *transfer);
/* Takes a transfer. 0, or -1: it is lost, sender_why says why. */
int sender_add(struct sender *sender, const struct transfer *transfer);
/* The last failure, in one line; *told: a notice has said it. */
const char *sender_why(const struct sender *sender, bool *told);
/* Requests that were sent again, or will be. */
static inline uint64_t sender_retries(const struct sender *sender)
{
    return sender->retries;
}

/* True while a destination that works cannot take more. */
bool sender_is_full(const struct sender *sender);
/* True while a batch is closed and not yet taken. */
bool sender_has_closed(const struct sender *sender);
/* True when nothing is left to send. */
bool sender_is_done(const struct sender *sender);
/* From now on nothing waits for its interval. */
static inline void sender_flush(struct sender *sender)
{
    sender->flushing = true;
}

/* The same, and no transfers come any more. Totals of a single one, which were never sent,
 * are left; after all others a last batch goes (output_type.end). */
void sender_end(struct sender *sender);
/* Makes that last batch now, when nothing else is left to send. False: there is none. */
bool sender_begin_end(struct sender *sender);

/* What has been added and not yet been sent is in doubt (batch.h). */
static inline void sender_doubt(struct sender *sender)
{
    batch_queue_doubt(&sender->settling.batches);
}

/* No more requests: the next steps only wait for the one that is under way, and then give
 * up all that is not settled. */
static inline void sender_abandon(struct sender *sender)
{
    sender->abandoned = true;
}

/* The oldest finished batch, which is the caller's then, or NULL. */
struct batch *sender_take_finished(struct sender *sender);

/* Does all that can be done without waiting. */
void sender_step(struct sender *sender, int64_t now_ms);
/* Milliseconds until sender_step has something to do by itself; -1: never. */
int64_t sender_due(const struct sender *sender, int64_t now_ms);

#endif
