/* drainer: the process that drains a queue to one destination.
 *
 * At most one a destination: it holds the lock (flock) of "N.drainer" in the queue
 * as long as it lives. Whoever has put something into a queue starts one if there
 * is none, unless the last one has failed and its pause is not over. It runs in
 * the background, in a session of its own, with no descriptor of its parent's, and
 * writes what is to be told to "N.log", of which the last DRAINER_LOG_BYTES, about,
 * are kept. */
#ifndef TSDB_EXPORTER_DRAIN_PROCESS_H
#define TSDB_EXPORTER_DRAIN_PROCESS_H

#include "drain/drain.h"

#define DRAINER_LOG_BYTES (64 * 1024)

/* A queue and all of its destinations. */
struct drainer {
    struct queue *spool;
    struct output *outputs;
    size_t count;
    const struct send_options *options;
    const struct notice *notice;
};

enum drainer_state {
    DRAINER_RUNS,  /* another one, or the one just started */
    DRAINER_RESTS, /* none: the last one has failed, and it is too early */
    DRAINER_FAILED /* it cannot be started */
};

/* Starts one for destination `index` if it needs one. */
enum drainer_state drainer_start(const struct drainer *drainer, size_t index, struct error *err);

/* True when somebody holds the lock. */
bool drainer_is_running(int queue, size_t index);

/* Waits until destination `index` has got all before `end`, with a drainer started
 * when there is none. 0; -1 and why when it cannot for now, or `stop_fd` became
 * readable. `cursor` is how it stands then. */
int drainer_wait(const struct drainer *drainer, size_t index, struct queue_place end, int stop_fd,
                 struct cursor *cursor, struct error *err);

/* Drains all destinations in the foreground and says what came of it. Where a drainer
 * is running it waits for that; DRAIN_ALL until that has sent what was there. */
enum exit_code drainer_drain(const struct drainer *drainer, enum drain_mode mode, int stop_fd);

#endif
