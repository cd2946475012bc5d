/* settling: batches on their way to an outcome for each of their transfers.
 *
 * The first batch that waits is the one that is being sent, in the parts that halving says.
 * What becomes of a part is settled here; when all of it is, the batch is finished and the
 * next one is the first. */
#ifndef TSDB_EXPORTER_SEND_SETTLING_H
#define TSDB_EXPORTER_SEND_SETTLING_H

#include "send/batch_queue.h"
#include "send/carry.h"
#include "send/failure.h"
#include "send/halving.h"

struct settling {
    struct batch_queue batches;
    struct carry carry;
    struct halving halving; /* of the first that waits */
    struct failure failure; /* the last one: why transfers are not delivered */
    bool refusal_said;
};

/* The first batch that waits, or NULL. */
struct batch *settling_first(const struct settling *settling);

/* The batch that is being filled, which has points, waits from now on. */
void settling_close(struct settling *settling);
/* It is given up at once, with all its transfers left. */
void settling_leave_filling(struct settling *settling);

/* Gives up what is still open of the first batch; of all that wait. */
void settling_leave_first(struct settling *settling);
void settling_leave_all(struct settling *settling);

/* The next part of the first batch is settled, with this outcome for all of it. */
void settling_settled(struct settling *settling, enum outcome outcome);
/* It has been refused. True: the destination must be wrong, and the batch is as it was. */
bool settling_refused(struct settling *settling, enum refusal refusal);

#endif
