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
    buf_init(&batch->data, BATCH_TOTALS_BYTES_MAX);
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

void batch_count(struct batch *batch, bool pooled)
{
    batch->together = true;
    batch->transfers++;
    batch->pooled += pooled;
}

void batch_add_points(struct batch *batch, size_t points)
{
    batch->together = true;
    batch->points += points;
}

void batch_carry(struct batch *to, struct batch *from)
{
    to->transfers += from->transfers;
    to->pooled += from->pooled;
    to->denied |= from->denied;
    from->transfers = 0;
    from->pooled = 0;
}

size_t batch_transfer_of(const struct batch *batch, size_t point)
{
    if (batch->together)
        return point;
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
    if (batch->together)
        return transfer;
    return transfer ? batch->ends[transfer - 1] : 0;
}

void batch_settle(struct batch *batch, size_t first, size_t end, enum outcome outcome)
{
    if (batch->together) {
        batch->seen |= 1U << outcome;
        return;
    }
    for (size_t i = batch_transfer_of(batch, first);
         i < batch->transfers && batch_first_point(batch, i) < end; i++)
        if (batch->outcomes[i] < outcome && batch->ends[i] > batch_first_point(batch, i))
            batch->outcomes[i] = (unsigned char)outcome;
}

/* What became of a batch of totals. */
static enum outcome outcome_of(const struct batch *batch)
{
    const unsigned seen = batch->seen;
    const bool any_stored = seen & (1U << OUTCOME_DELIVERED | 1U << OUTCOME_PARTIAL);
    if (!seen || seen & 1U << OUTCOME_LEFT)
        return OUTCOME_LEFT;
    if (seen == 1U << OUTCOME_DELIVERED)
        return OUTCOME_DELIVERED;
    return any_stored ? OUTCOME_PARTIAL : OUTCOME_REFUSED;
}

/* What is left of it but partly stored must be sent again as it is, as if it were in doubt:
 * the samples that are stored decide what the others are. */
static void sum_up_together(const struct batch *batch, struct batch_result *result)
{
    const enum outcome outcome = outcome_of(batch);
    const uint64_t transfers = batch->transfers;
    result->settled = outcome == OUTCOME_LEFT ? 0 : transfers;
    result->delivered = outcome == OUTCOME_DELIVERED ? transfers : 0;
    result->partial = outcome == OUTCOME_PARTIAL ? transfers : 0;
    result->refused = outcome == OUTCOME_REFUSED ? transfers : 0;
    result->left = outcome == OUTCOME_LEFT ? transfers : 0;
    result->pooled = outcome == OUTCOME_DELIVERED ? batch->pooled : 0;
    result->in_doubt |= outcome == OUTCOME_LEFT && batch->seen & 1U << OUTCOME_DELIVERED;
}

struct batch_result batch_result(const struct batch *batch)
{
    uint64_t counts[OUTCOMES] = {0};
    struct batch_result result = {
        .in_doubt = batch->in_doubt, .denied = batch->denied, .why_told = batch->why_told};
    memcpy(result.why, batch->why, sizeof result.why);
    if (batch->together) {
        sum_up_together(batch, &result);
        return result;
    }
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
    tally->pooled += result->pooled;
    tally->denied |= result->denied;
    if (!result->why[0])
        return;
    memcpy(tally->why, result->why, sizeof tally->why);
    tally->why_told = result->why_told;
}
