/* process: the processes that drain a queue, in the background and in the foreground.
 *
 * Whoever has added transfers to a queue starts a background process for each of its
 * destinations that has none (see drain/lock.h), unless the last one failed and the pause
 * after that is not over. It runs in a session of its own, with none of its parent's open
 * files, and writes its messages to the file "N.log" in the queue's directory. When that
 * is long it becomes "N.log.old"; both together stay near PROCESS_LOG_BYTES. */
#ifndef TSDB_EXPORTER_DRAIN_PROCESS_H
#define TSDB_EXPORTER_DRAIN_PROCESS_H

#include "drain/drain.h"

#define PROCESS_LOG_BYTES (64 * 1024)

/* A queue and all of its destinations. It owns nothing. */
struct drain_job {
    struct queue *queue;
    struct output *outputs; /* one a destination */
    size_t count;
    const struct send_options *options;
    const struct notice *notice;
};

enum process_state {
    PROCESS_RUNS,  /* another process, or the one that was just started */
    PROCESS_RESTS, /* none: the last one failed, and its pause is not over; err says why */
    PROCESS_FAILED /* none: it cannot be started; err says why */
};

/* Starts a background process for destination `index` unless there is one. The calling
 * process must not wait for it: ignore SIGCHLD, or end. */
enum process_state process_start(const struct drain_job *job, size_t index, struct error *err);

/* Waits until destination `index` has got everything before `end`, and starts background
 * processes as long as that needs them. `cursor` is how far the destination has got. 0,
 * or -1 when it is not delivered for now, or `stop_fd` has become readable; err says
 * why. */
int process_wait(const struct drain_job *job, size_t index, struct queue_place end, int stop_fd,
                 struct cursor *cursor, struct error *err);

/* Drains to all destinations in the foreground, each in a process of its own if there are
 * several, and tells the result. Where another process is sending, it waits for that to
 * end, but with DRAIN_ALL only until what is in the queue now is sent. When `stop_fd`
 * becomes readable, it ends after the requests under way. */
enum exit_code process_drain(const struct drain_job *job, enum drain_mode mode, int stop_fd);

#endif
