/* batch_queue: the batches of one output, from the first transfer until the result has
 * been fetched.
 *
 * A batch is first being filled, then waits behind others to be sent, then is finished:
 * each of its transfers has an outcome. The queue owns it all the while. */
#ifndef TSDB_EXPORTER_SEND_BATCH_QUEUE_H
#define TSDB_EXPORTER_SEND_BATCH_QUEUE_H

#include "output/batch.h"

struct batch_list {
    struct batch *first, *last; /* NULL: empty */
};

struct batch_queue {
    struct batch *filling; /* or NULL */
    struct batch_list waiting, finished;
    size_t waiting_bytes; /* batch_memory of those that wait */
    uint64_t begun;       /* so many batches so far */
};

void batch_queue_release(struct batch_queue *queue);

/* The batch that is being filled; begun if there is none. NULL: no memory. */
struct batch *batch_queue_fill(struct batch_queue *queue, int64_t now_ms);
/* The batch that is being filled waits from now on. */
void batch_queue_close(struct batch_queue *queue);
/* Takes out the batch that is being filled, or the first that waits; it is the caller's. */
struct batch *batch_queue_take_filling(struct batch_queue *queue);
struct batch *batch_queue_take_waiting(struct batch_queue *queue);
/* All that are not finished are in doubt (batch.h). */
void batch_queue_doubt(struct batch_queue *queue);
/* Puts a batch that was taken out behind those that are finished. */
void batch_queue_finish(struct batch_queue *queue, struct batch *batch);
/* Takes out the first that is finished; it is the caller's. NULL: none is. */
struct batch *batch_queue_take(struct batch_queue *queue);

#endif
