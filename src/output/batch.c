/* Why: databases refuse points, people count transfers; this keeps the two in
 * step while requests are split, retried and given up. */
#include "output/batch.h"

#include <stdlib.h>

struct batch *batch_new(uint64_t id)
{
    struct batch *const batch = calloc(1, sizeof *batch);
    if (!batch)
        return NULL;
    batch->id = id;
    buf_init(&batch->data, BATCH_BYTES_MAX);
    buf_init(&batch->names, BATCH_BYTES_MAX);
    return batch;
}

void batch_free(struct batch *batch)
{
    if (!batch)
        return;
    buf_release(&batch->data);
    buf_release(&batch->names);
    free(batch->ends);
    free(batch->outcomes);
    free(batch);
}

size_t batch_memory(const struct batch *batch)
{
    return sizeof *batch + batch->data.cap + batch->names.cap +
           batch->room * (sizeof *batch->ends + sizeof *batch->outcomes);
}

int batch_close_transfer(struct batch *batch, size_t points, bool folded)
{
    const size_t n = batch->transfers;
    if (n == batch->room) {
        const size_t room = n ? 2 * n : 4;
        size_t *const ends = realloc(batch->ends, room * sizeof *ends);
        if (ends)
            batch->ends = ends;
        unsigned char *const outcomes = realloc(batch->outcomes, room);
        if (outcomes)
            batch->outcomes = outcomes;
        if (!ends || !outcomes)
            return -1;
        batch->room = room;
    }
    batch->points += points;
    batch->ends[n] = batch->points;
    batch->outcomes[n] = folded ? OUTCOME_FOLDED : points ? OUTCOME_OPEN : OUTCOME_DELIVERED;
    batch->transfers++;
    return 0;
}

void batch_settle(struct batch *batch, size_t first, size_t end, enum outcome outcome)
{
    size_t low = 0, high = batch->transfers; /* the first transfer that ends behind `first` */
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (batch->ends[middle] <= first)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < batch->transfers && (i == 0 ? 0 : batch->ends[i - 1]) < end; i++)
        if (batch->outcomes[i] < outcome && batch->ends[i] > (i ? batch->ends[i - 1] : 0))
            batch->outcomes[i] = (unsigned char)outcome;
}
