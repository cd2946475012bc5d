/* Why: percentiles of ten million transfers, for each phase of each label, in
 * memory that does not grow with them, and mergeable, which exact percentiles are
 * not. The counters are kept by histogram_side; here is what they mean. */
#include "stats/histogram.h"

#include "stats/histogram_bounds.h"

#include <math.h>
#include <string.h>

enum { FRACTION_BITS = 52, PER_OCTAVE = 256 };
/* More than the lowest index of a bucket is below 0. */
enum { ORDER_OFFSET = 1 << 19 };

static int32_t index_at_schema_max(double magnitude)
{
    uint64_t bits;
    memcpy(&bits, &magnitude, sizeof bits);
    const int32_t exponent = (int32_t)(bits >> FRACTION_BITS) - 1023;
    const uint64_t fraction = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
    int32_t k = histogram_guess[fraction >> (FRACTION_BITS - 8)];
    while (k < PER_OCTAVE && fraction > histogram_bounds[k])
        k++;
    return exponent * PER_OCTAVE + k;
}

/* The upper bound of a bucket. */
static double bound_of(int32_t index, int schema)
{
    if (schema < 0)
        return ldexp(1, index * (1 << -schema));
    const int32_t k = (index & ((1 << schema) - 1)) << (HISTOGRAM_SCHEMA_MAX - schema);
    const double above_1 = ldexp((double)histogram_bounds[k], -FRACTION_BITS);
    return ldexp(1 + above_1, index >> schema);
}

/* Where the largest possible relative error is smallest. */
static double middle_of(int32_t index, int schema)
{
    const double low = bound_of(index - 1, schema), high = bound_of(index, schema);
    return isinf(high) ? low : low * (high / (low / 2 + high / 2));
}

static uint32_t bytes_with(const struct histogram_side *a, const struct histogram_side *b)
{
    return (uint32_t)(sizeof(struct histogram) + histogram_side_bytes(a) + histogram_side_bytes(b));
}

/* `index` is one of `schema`, which is not below that of the histogram. */
static void put(struct histogram *h, struct histogram_side *side, int32_t index, int schema,
                uint64_t count)
{
    struct histogram_need need;
    for (;;) {
        const int32_t at = histogram_index_below(index, schema - h->schema);
        if (histogram_side_put(side, at, count, &need))
            return;
        const struct histogram_side grown = {
            .slot_count = need.slot_count, .chunks_room = need.chunks_room, .width = need.width};
        const uint32_t bytes =
            bytes_with(&grown, side == &h->positive ? &h->negative : &h->positive);
        if (bytes > h->bytes_max && histogram_coarsen(h) == 0)
            continue;
        if (histogram_side_grow(side, at, need) < 0) {
            h->incomplete = true;
            return;
        }
        h->bytes = bytes;
    }
}

static void merge_side(struct histogram *h, struct histogram_side *side,
                       const struct histogram_side *from, int schema)
{
    uint64_t count;
    for (int64_t at = histogram_side_begin(from, 1); histogram_side_next(from, &at, 1, &count);)
        put(h, side, (int32_t)at, schema, count);
}

void histogram_init(struct histogram *histogram, size_t bytes_max)
{
    *histogram = (struct histogram){
        .schema = HISTOGRAM_SCHEMA_MAX,
        .bytes = sizeof *histogram,
        .bytes_max = (uint32_t)bytes_max,
    };
    histogram_side_init(&histogram->positive);
    histogram_side_init(&histogram->negative);
}

void histogram_release(struct histogram *histogram)
{
    histogram_side_release(&histogram->positive);
    histogram_side_release(&histogram->negative);
}

int histogram_coarsen(struct histogram *histogram)
{
    if (histogram->schema == HISTOGRAM_SCHEMA_MIN)
        return -1;
    histogram->incomplete |= histogram_side_coarsen(&histogram->positive) < 0;
    histogram->incomplete |= histogram_side_coarsen(&histogram->negative) < 0;
    histogram->schema--;
    histogram->bytes = bytes_with(&histogram->positive, &histogram->negative);
    return 0;
}

static void note(struct histogram *h, uint64_t count, double sum, double min, double max)
{
    h->min = h->count && h->min < min ? h->min : min;
    h->max = h->count && h->max > max ? h->max : max;
    h->count += count;
    h->sum += sum;
}

void histogram_add(struct histogram *histogram, double value)
{
    const double magnitude = fabs(value);
    note(histogram, 1, value, value, value);
    if (magnitude <= HISTOGRAM_ZERO)
        histogram->zeros++;
    else
        put(histogram, value > 0 ? &histogram->positive : &histogram->negative,
            index_at_schema_max(magnitude), HISTOGRAM_SCHEMA_MAX, 1);
}

void histogram_merge(struct histogram *histogram, const struct histogram *from)
{
    if (from->count == 0)
        return;
    while (histogram->schema > from->schema && histogram_coarsen(histogram) == 0)
        ;
    note(histogram, from->count, from->sum, from->min, from->max);
    histogram->zeros += from->zeros;
    histogram->incomplete |= from->incomplete;
    merge_side(histogram, &histogram->positive, &from->positive, from->schema);
    merge_side(histogram, &histogram->negative, &from->negative, from->schema);
}

void histogram_walk_init(struct histogram_walk *walk, const struct histogram *histogram, int schema)
{
    *walk = (struct histogram_walk){.of = histogram, .shift = histogram->schema - schema};
    walk->at = histogram_side_begin(&histogram->negative, -1);
}

/* The next bucket of a side, several of which may be one at the lower schema. */
static bool walk_side(struct histogram_walk *walk, const struct histogram_side *side, int step,
                      struct histogram_bucket *bucket)
{
    uint64_t count;
    if (!histogram_side_next(side, &walk->at, step, &count))
        return false;
    const int32_t index = histogram_index_below((int32_t)walk->at, walk->shift);
    *bucket = (struct histogram_bucket){step * (index + ORDER_OFFSET), count};
    while (histogram_side_next(side, &walk->at, step, &count)) {
        if (histogram_index_below((int32_t)walk->at, walk->shift) != index) {
            walk->at -= step;
            return true;
        }
        bucket->count += count;
    }
    return true;
}

bool histogram_walk_next(struct histogram_walk *walk, struct histogram_bucket *bucket)
{
    const struct histogram *const h = walk->of;
    if (walk->stage == 0) {
        if (walk_side(walk, &h->negative, -1, bucket))
            return true;
        walk->stage = 1;
        walk->at = histogram_side_begin(&h->positive, 1);
        *bucket = (struct histogram_bucket){0, h->zeros};
        if (h->zeros)
            return true;
    }
    return walk_side(walk, &h->positive, 1, bucket);
}

double histogram_walk_middle(const struct histogram_walk *walk,
                             const struct histogram_bucket *bucket)
{
    const struct histogram *const h = walk->of;
    const int schema = h->schema - walk->shift;
    const double value = bucket->order > 0   ? middle_of(bucket->order - ORDER_OFFSET, schema)
                         : bucket->order < 0 ? -middle_of(-bucket->order - ORDER_OFFSET, schema)
                                             : 0;
    return value < h->min ? h->min : value > h->max ? h->max : value;
}

/* Estimates of the values at ranks that do not fall, in one walk. */
static void values_at(const struct histogram *h, const uint64_t *ranks, double *values,
                      size_t count)
{
    struct histogram_walk walk;
    struct histogram_bucket bucket;
    uint64_t seen = 0;
    size_t i = 0;
    histogram_walk_init(&walk, h, h->schema);
    while (i < count && histogram_walk_next(&walk, &bucket)) {
        seen += bucket.count;
        if (seen <= ranks[i])
            continue;
        const double middle = histogram_walk_middle(&walk, &bucket);
        while (i < count && seen > ranks[i])
            values[i++] = middle;
    }
    for (; i < count; i++) /* only when something found no memory */
        values[i] = h->max;
    for (i = 0; i < count; i++)
        if (ranks[i] == 0 || ranks[i] == h->count - 1)
            values[i] = ranks[i] == 0 ? h->min : h->max;
}

void histogram_quantiles(const struct histogram *histogram, const double *shares, double *values,
                         size_t count)
{
    uint64_t ranks[2 * HISTOGRAM_QUANTILES_MAX] = {0};
    double at[2 * HISTOGRAM_QUANTILES_MAX] = {0};
    memset(values, 0, count * sizeof *values);
    if (histogram->count == 0)
        return;
    const uint64_t last = histogram->count - 1;
    /* two neighbours each; the lower ones by themselves rise, and so do the upper */
    for (size_t i = 0; i < count; i++) {
        const double rank = shares[i] * (double)last;
        ranks[i] = rank < (double)last ? (uint64_t)rank : last;
        ranks[count + i] = ranks[i] < last ? ranks[i] + 1 : last;
    }
    values_at(histogram, ranks, at, count);
    values_at(histogram, ranks + count, at + count, count);
    for (size_t i = 0; i < count; i++)
        values[i] = at[i] + (at[count + i] - at[i]) * (shares[i] * (double)last - (double)ranks[i]);
}

double histogram_quantile(const struct histogram *histogram, double q)
{
    double value;
    histogram_quantiles(histogram, &q, &value, 1);
    return value;
}

uint64_t histogram_count_to(const struct histogram *histogram, double bound)
{
    struct histogram_walk walk;
    struct histogram_bucket bucket;
    uint64_t count = 0;
    histogram_walk_init(&walk, histogram, histogram->schema);
    while (histogram_walk_next(&walk, &bucket) && histogram_walk_middle(&walk, &bucket) <= bound)
        count += bucket.count;
    return count;
}
