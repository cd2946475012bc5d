/* Why: databases refuse points, people count transfers; this keeps the two in
 * step while requests are split, retried and given up. */
#include "output/batch.h"

#include <stdlib.h>
#include <string.h>

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

size_t batch_bytes(const struct batch *batch)
{
    return batch->data.len + batch->names.len;
}

static int grow(struct batch *batch)
{
    const size_t room = batch->room ? 2 * batch->room : 4;
    size_t *const ends = realloc(batch->ends, room * sizeof *ends);
    if (ends)
        batch->ends = ends;
    unsigned char *const outcomes = realloc(batch->outcomes, room);
    if (outcomes)
        batch->outcomes = outcomes;
    if (!ends || !outcomes)
        return -1;
    batch->room = room;
    return 0;
}

struct batch_mark batch_begin_transfer(const struct batch *batch)
{
    return (struct batch_mark){batch->data.len, batch->names.len, batch->name_count};
}

int batch_end_transfer(struct batch *batch, struct batch_mark begin, size_t points, bool merged)
{
    const size_t n = batch->transfers;
    if (batch->data.failed || batch->names.failed || (n == batch->room && grow(batch) < 0)) {
        batch->data.len = begin.data;
        batch->names.len = begin.names;
        batch->name_count = begin.name_count;
        batch->data.failed = batch->names.failed = false;
        return -1;
    }
    batch->points += points;
    batch->ends[n] = batch->points;
    batch->outcomes[n] = merged ? OUTCOME_MERGED : points ? OUTCOME_OPEN : OUTCOME_DELIVERED;
    batch->transfers++;
    return 0;
}

size_t batch_transfer_of(const struct batch *batch, size_t point)
{
    size_t low = 0, high = batch->transfers; /* the first that ends behind the point */
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (batch->ends[middle] <= point)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t batch_first_point(const struct batch *batch, size_t transfer)
{
    return transfer ? batch->ends[transfer - 1] : 0;
}

void batch_settle(struct batch *batch, size_t first, size_t end, enum outcome outcome)
{
    for (size_t i = batch_transfer_of(batch, first);
         i < batch->transfers && batch_first_point(batch, i) < end; i++)
        if (batch->outcomes[i] < outcome && batch->ends[i] > batch_first_point(batch, i))
            batch->outcomes[i] = (unsigned char)outcome;
}

struct batch_result batch_result(const struct batch *batch)
{
    uint64_t counts[OUTCOMES] = {0};
    struct batch_result result = {
        .in_doubt = batch->in_doubt, .denied = batch->denied, .why_told = batch->why_told};
    memcpy(result.why, batch->why, sizeof result.why);
    for (size_t i = 0; i < batch->transfers; i++) {
        counts[batch->outcomes[i]]++;
        result.settled += counts[OUTCOME_OPEN] + counts[OUTCOME_LEFT] == 0;
    }
    result.delivered = counts[OUTCOME_DELIVERED];
    result.merged = counts[OUTCOME_MERGED];
    result.partial = counts[OUTCOME_PARTIAL];
    result.refused = counts[OUTCOME_REFUSED];
    result.left = counts[OUTCOME_OPEN] + counts[OUTCOME_LEFT];
    return result;
}

void batch_result_add(const struct batch_result *result, struct output_tally *tally)
{
    tally->delivered += result->delivered;
    tally->merged += result->merged;
    tally->partial += result->partial;
    tally->refused += result->refused;
    tally->denied |= result->denied;
    if (!result->why[0])
        return;
    memcpy(tally->why, result->why, sizeof tally->why);
    tally->why_told = result->why_told;
}
