/* lane: transfers -> one output, in batches, until the database has them.
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
 * cannot be written end the lane: what comes then is counted as lost. */
#ifndef TSDB_EXPORTER_LANE_H
#define TSDB_EXPORTER_LANE_H

#include "tsdb_exporter/notice.h"
#include "tsdb_exporter/output.h"
#include "tsdb_exporter/retry.h"
#include "tsdb_exporter/tally.h"

/* What a lane holds back at most, in bytes, before it is full. */
#define LANE_QUEUE_BYTES (3 * 1024 * 1024)
/* Halving leaves one range a level: more than log2 of the points of a batch. */
#define LANE_RANGES_MAX 64

struct range {
    size_t first, end; /* points of a batch */
};

struct lane {
    struct output *output;
    struct http_peer *peer; /* NULL for an output without HTTP */
    const struct options *options;
    const struct notice *notice;
    struct output_tally *tally;
    struct batch *filling;
    struct batch *first, *last;           /* closed; ranges are of the first */
    size_t queued_bytes;                  /* in closed batches */
    struct range ranges[LANE_RANGES_MAX]; /* still to send; the last is next */
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

/* All arguments stay the caller's and must outlive the lane. -1: out of memory. */
int lane_init(struct lane *lane, struct output *output, struct http *http,
              const struct options *options, const struct notice *notice,
              struct output_tally *tally);
void lane_release(struct lane *lane);

void lane_add(struct lane *lane, const struct transfer *transfer);
/* True while a destination that works cannot take more. */
bool lane_is_full(const struct lane *lane);
/* True when nothing is left to send. */
bool lane_is_done(const struct lane *lane);
/* From now on nothing waits for its interval. */
void lane_flush(struct lane *lane);

/* Does all that can be done without waiting. */
void lane_step(struct lane *lane, int64_t now_ms);
/* Milliseconds until lane_step has something to do by itself; -1: never. */
int64_t lane_due(const struct lane *lane, int64_t now_ms);

#endif
