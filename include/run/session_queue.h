/* session_queue: the queue for a session's outputs, in the spool of its options. */
#ifndef TSDB_EXPORTER_RUN_SESSION_QUEUE_H
#define TSDB_EXPORTER_RUN_SESSION_QUEUE_H

#include "drain/process.h"
#include "output/identity.h"
#include "run/session.h"

struct session_queue {
    int spool_dir; /* the directory given with --spool */
    int queue_dir; /* the queue's directory in it */
    struct identity identity;
    struct queue queue;
    struct drain_job job; /* to drain the queue to the session's outputs */
};

/* Opens the queue, and creates it if it is missing. 0, or -1 and why the spool cannot be
 * used. Close it either way. The session must outlive it. */
int session_queue_open(struct session_queue *queue, const struct session *session,
                       struct error *err);
void session_queue_close(struct session_queue *queue);

#endif
