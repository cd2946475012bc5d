/* Why: a request of totals that is lost costs a sample, not a transfer. */
#include "send/carry.h"

void carry_finish(struct carry *carry, struct batch_queue *queue, struct batch *batch)
{
    struct batch *const held = carry->held;
    const bool stored = batch_result(batch).delivered == batch->transfers;
    if (held && batch->together && held->id < batch->id) {
        batch_carry(batch, held);
        batch_free(held);
        carry->held = NULL;
    } else if (held && batch->together && !stored) {
        batch_carry(held, batch); /* an older one: what is held has counted it too */
    }
    if (stored || carry->held || !batch->together)
        batch_queue_finish(queue, batch);
    else
        carry->held = batch;
}

void carry_release(struct carry *carry, struct batch_queue *queue)
{
    if (carry->held)
        batch_queue_finish(queue, carry->held);
    carry->held = NULL;
}
