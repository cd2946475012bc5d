/* Why: a process that adds transfers and one that drains must come to the same queue. They
 * do, because both open it here, from the same options. */
#include "run/session_queue.h"

#include <stdio.h>
#include <unistd.h>

int session_queue_open(struct session_queue *q, const struct session *session, struct error *err)
{
    const struct options *const options = session->options;
    *q = (struct session_queue){.spool_dir = -1,
                                .queue_dir = -1,
                                .job = {.queue = &q->queue,
                                        .outputs = session->outputs,
                                        .count = session->output_count,
                                        .options = &options->send,
                                        .notice = session->notice}};
    if (identity_init(&q->identity, session->outputs, session->output_count, &options->output,
                      err) < 0)
        return -1;
    q->spool_dir = directory_open(options->spool.dir, true, err);
    if (q->spool_dir < 0)
        return -1;
    /* a queue of an older version becomes that of the first who would have shared it */
    (void)renameat(q->spool_dir, q->identity.old_name, q->spool_dir, q->identity.name);
    q->queue_dir =
        directory_make_queue(q->spool_dir, q->identity.name, &q->identity.destinations, err);
    if (q->queue_dir < 0)
        return -1;
    const int result = queue_open(&q->queue, q->queue_dir, options->spool.bytes_max,
                                  options->spool.fsync, options->layout.text, err);
    q->queue.notice = session->notice;
    return result;
}

void session_queue_close(struct session_queue *q)
{
    if (q->queue_dir >= 0) {
        queue_close(&q->queue);
        close(q->queue_dir);
    }
    if (q->spool_dir >= 0)
        close(q->spool_dir);
    identity_release(&q->identity);
}
