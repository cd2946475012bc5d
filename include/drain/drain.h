/* drain: a queue -> one destination.
 *
 * One batch at a time: lines are read from the cursor on until the batch is full,
 * nothing new has come for a moment, or --interval after its first. Where it ends is
 * saved, it is sent, and the cursor moves behind what the database has acknowledged:
 * stored, or refused for good. A batch that was under way when a drainer was killed is
 * made again, with the same samples and times; what is ensured stands in drain.c.
 *
 * The caller holds the destination's lock all the while (drain/process.h). */
#ifndef TSDB_EXPORTER_DRAIN_DRAIN_H
#define TSDB_EXPORTER_DRAIN_DRAIN_H

#include "model/tally.h"
#include "output/output.h"
#include "send/sender.h"
#include "spool/queue.h"

enum drain_mode {
    DRAIN_LINGER, /* until nothing has come for PACE_LINGER_MS, the first failure, or
                   * DRAIN_BATCHES_MAX batches */
    DRAIN_ALL,    /* until nothing is left, or the first failure */
    DRAIN_FOLLOW  /* until stopped */
};

#define DRAIN_BATCHES_MAX 1000

enum drain_result { DRAIN_DONE, DRAIN_STOPPED, DRAIN_FAILED };

struct drain {
    struct queue *spool;
    size_t index; /* of the destination */
    size_t count; /* of all the queue's destinations */
    struct output *output;
    const struct send_options *options;
    const struct notice *notice;
    enum drain_mode mode;
    int stop_fd; /* readable: finish the request under way and return */
};

/* Counts into `tally`. DRAIN_FAILED: all that is not acknowledged is still there,
 * and tally->why says why. */
enum drain_result drain_run(const struct drain *drain, struct output_tally *tally);

/* True when there is something that the destination has not got. */
bool drain_is_needed(const struct drain *drain);

#endif
