/* Why: a slow destination must not make the program grow, so what waits for it is
 * counted in bytes. */
#include "send/batch_queue.h"

static void push(struct batch_list *list, struct batch *batch)
{
    if (list->last)
        list->last->next = batch;
    else
        list->first = batch;
    list->last = batch;
    batch->next = NULL;
}

static struct batch *pop(struct batch_list *list)
{
    struct batch *const batch = list->first;
    if (batch)
        list->first = batch->next;
    if (!list->first)
        list->last = NULL;
    return batch;
}

void batch_queue_release(struct batch_queue *queue)
{
    batch_free(queue->filling);
    while (queue->waiting.first)
        batch_free(pop(&queue->waiting));
    while (queue->finished.first)
        batch_free(pop(&queue->finished));
}

struct batch *batch_queue_fill(struct batch_queue *queue, int64_t now_ms)
{
    if (queue->filling)
        return queue->filling;
    queue->filling = batch_new(++queue->begun);
    if (queue->filling)
        queue->filling->since_ms = now_ms;
    return queue->filling;
}

void batch_queue_close(struct batch_queue *queue)
{
    queue->waiting_bytes += batch_memory(queue->filling);
    push(&queue->waiting, queue->filling);
    queue->filling = NULL;
}

struct batch *batch_queue_take_filling(struct batch_queue *queue)
{
    struct batch *const batch = queue->filling;
    queue->filling = NULL;
    return batch;
}

void batch_queue_doubt(struct batch_queue *queue)
{
    if (queue->filling)
        queue->filling->in_doubt = queue->filling->again = true;
    for (struct batch *batch = queue->waiting.first; batch; batch = batch->next)
        batch->in_doubt = batch->again = true;
}

struct batch *batch_queue_take_waiting(struct batch_queue *queue)
{
    queue->waiting_bytes -= batch_memory(queue->waiting.first);
    return pop(&queue->waiting);
}

void batch_queue_finish(struct batch_queue *queue, struct batch *batch)
{
    push(&queue->finished, batch);
}

struct batch *batch_queue_take(struct batch_queue *queue)
{
    return pop(&queue->finished);
}
