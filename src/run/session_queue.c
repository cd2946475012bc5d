/* Why: a writer and --drain must come to the same queue, by the same way. */
#include "run/session_queue.h"

#include <unistd.h>

int session_queue_open(struct session_queue *q, const struct session *session, struct error *err)
{
    const struct options *const options = session->options;
    *q =
        (struct session_queue){.dir = -1, .queue_dir = -1, .queue = {.lock = -1, .segment_fd = -1}};
    if (identity_init(&q->identity, session->outputs, session->output_count, &options->output,
                      err) < 0)
        return -1;
    q->dir = directory_open(options->spool.dir, true, err);
    if (q->dir < 0)
        return -1;
    q->queue_dir = directory_make_queue(q->dir, q->identity.name, &q->identity.destinations, err);
    if (q->queue_dir < 0)
        return -1;
    q->drainer = (struct drainer){&q->queue, session->outputs, session->output_count,
                                  &options->send, session->notice};
    return queue_open(&q->queue, q->queue_dir, options->spool.bytes_max, options->spool.fsync,
                      options->layout.text, err);
}

void session_queue_close(struct session_queue *q)
{
    if (q->queue_dir >= 0) {
        queue_close(&q->queue);
        close(q->queue_dir);
    }
    if (q->dir >= 0)
        close(q->dir);
    identity_release(&q->identity);
}
