/* sender: transfers -> one output, in batches, until the database has them.
 *
 * A batch is filled, then closed, waits, and is sent, one request at a time. It is
 * closed when it holds batch_max transfers or BATCH_BYTES_GOAL bytes, interval_ms
 * after its first transfer, or on flush.
 *
 * A request that may succeed later is sent again, the same bytes, as retry says.
 * When retry gives the destination up, that batch is counted as lost, and until it
 * answers again each batch is tried once, as the waits allow; what the queue cannot
 * hold meanwhile is lost, and so is the rest after one more failure on flush. What only fails whole
 * is halved until the point at fault stands alone. 401, 403, 404 and a file that
 * cannot be written end the sender: what comes then is counted as lost. */
#ifndef TSDB_EXPORTER_SEND_SENDER_H
#define TSDB_EXPORTER_SEND_SENDER_H

#include "base/notice.h"
#include "model/tally.h"
#include "output/output.h"
#include "send/retry.h"

/* What a sender holds back at most, in bytes, before it is full. */
#define SENDER_QUEUE_BYTES (3 * 1024 * 1024)
/* Halving leaves one range a level: more than log2 of the points of a batch. */
#define SENDER_RANGES_MAX 64

struct send_options {
    size_t batch_max;     /* transfers in a batch */
    int64_t interval_ms;  /* a batch goes so long after its first transfer */
    int64_t timeout_ms;   /* of one request */
    int64_t retry_max_ms; /* failures in a row may take so long */
};

struct range {
    size_t first, end; /* points of a batch */
};

struct sender {
    struct output *output;
    struct http_peer *peer; /* NULL for an output without HTTP */
    const struct send_options *options;
    const struct notice *notice;
    struct output_tally *tally;
    struct batch *filling;
    struct batch *first, *last;             /* closed; ranges are of the first */
    size_t queued_bytes;                    /* in closed batches */
    struct range ranges[SENDER_RANGES_MAX]; /* still to send; the last is next */
    size_t range_count, splits, splits_max;
    uint64_t batches; /* begun so far */
    bool unsure;      /* the range was sent before, without a clear answer */
    bool busy;        /* a request is under way */
    bool stopped;     /* nothing will be sent any more */
    bool flushing, outage_said, refusal_said, advised;
    struct retry retry;
    size_t bytes_goal;       /* BATCH_BYTES_GOAL, or what a 413 taught */
    struct buf body;         /* an encoded or compressed request */
    uint64_t named;          /* refusals told one by one */
    char why[TALLY_WHY_MAX]; /* the last failure */
};

/* All arguments stay the caller's and must outlive the sender. -1: out of memory. */
int sender_init(struct sender *sender, struct output *output, struct http *http,
                const struct send_options *options, const struct notice *notice,
                struct output_tally *tally);
void sender_release(struct sender *sender);

void sender_add(struct sender *sender, const struct transfer *transfer);
/* True while a destination that works cannot take more. */
bool sender_is_full(const struct sender *sender);
/* True when nothing is left to send. */
bool sender_is_done(const struct sender *sender);
/* From now on nothing waits for its interval. */
void sender_flush(struct sender *sender);

/* Does all that can be done without waiting. */
void sender_step(struct sender *sender, int64_t now_ms);
/* Milliseconds until sender_step has something to do by itself; -1: never. */
int64_t sender_due(const struct sender *sender, int64_t now_ms);

#endif
