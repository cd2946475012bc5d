/* carry: transfers of batches of totals that were not stored.
 *
 * Such a batch has cost no transfer yet: what it counted is in the samples of every later one
 * too. So it is held back, and its transfers count with the first later one that is stored;
 * or as its own, when there will be none. */
#ifndef TSDB_EXPORTER_SEND_CARRY_H
#define TSDB_EXPORTER_SEND_CARRY_H

#include "send/batch_queue.h"

/* Begins as {0}. */
struct carry {
    struct batch *held; /* owned; NULL: none */
};

/* The batch, which becomes the queue's or is held back, has an outcome: what is held may
 * count with it. */
void carry_finish(struct carry *carry, struct batch_queue *queue, struct batch *batch);
/* None that comes later will be stored: what is held is finished. */
void carry_release(struct carry *carry, struct batch_queue *queue);

#endif
