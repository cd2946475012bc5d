/* Why: percentiles of ten million transfers, for each phase of each label, in
 * memory that does not grow with them, and mergeable, which exact percentiles are
 * not. */
#include "stats/histogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int PER_OCTAVE = 1 << HISTOGRAM_SCHEMA_MAX;
static const int ZERO_OCTAVE = -32; /* HISTOGRAM_ZERO is 2 to this */
enum { GROWTH = 64 };               /* the array begins and ends at a multiple of this */

/* The order at the highest schema. `magnitude` is above HISTOGRAM_ZERO. */
static int32_t order_of(double magnitude)
{
    int octave;
    const double fraction = frexp(magnitude, &octave); /* from 0.5 up to, not including, 1 */
    const double exact = log2(fraction) * PER_OCTAVE;  /* from -PER_OCTAVE up to 0 */
    int k = (int)exact;                                /* rounded up, as it is not above 0 */
    /* The logarithm is rounded, so a value beside the bound of two buckets can come
     * out in the wrong one of them. */
    if (k - exact < 1e-9 || k - exact > 1 - 1e-9) {
        const double low = exp2((k - 1.0) / PER_OCTAVE), high = exp2((double)k / PER_OCTAVE);
        k += (fraction > high) - (fraction <= low);
    }
    return (octave - ZERO_OCTAVE) * PER_OCTAVE + k;
}

/* The order of the same bucket `down` schemas below. */
static int32_t order_below(int32_t order, int down)
{
    return order > 0 ? ((order - 1) >> down) + 1 : -(((-order - 1) >> down) + 1);
}

/* The end of a bucket above 0 that is further from 0. */
static double bound_of(int32_t order, int schema)
{
    return exp2(ldexp(order, -schema) + ZERO_OCTAVE);
}

/* Where the largest possible relative error is smallest. */
static double middle_of(int32_t order, int schema)
{
    const double low = bound_of(order - 1, schema), high = bound_of(order, schema);
    return isinf(high) ? low : low * (high / (low / 2 + high / 2));
}

/* Adds, up to the most that fits. */
static bool add_up(uint32_t *bucket, uint64_t count)
{
    const bool fits = count <= UINT32_MAX - *bucket;
    *bucket = fits ? *bucket + (uint32_t)count : UINT32_MAX;
    return fits;
}

static int32_t end_of(const struct histogram *h)
{
    return h->first + (int32_t)h->length;
}

static bool covers(const struct histogram *h, int32_t order)
{
    return order >= h->first && order < end_of(h);
}

static uint32_t bytes_with(uint32_t length)
{
    return (uint32_t)(sizeof(struct histogram) + length * sizeof(uint32_t));
}

/* The array that covers `order` too: where it begins, and how long it is. */
static uint32_t length_with(const struct histogram *h, int32_t order, int32_t *first)
{
    int32_t low = order, high = order + 1;
    if (h->length && h->first < low)
        low = h->first;
    if (h->length && end_of(h) > high)
        high = end_of(h);
    *first = low & ~(GROWTH - 1);
    return (uint32_t)(((high + GROWTH - 1) & ~(GROWTH - 1)) - *first);
}

static int resize(struct histogram *h, int32_t first, uint32_t length)
{
    uint32_t *const buckets = calloc(length, sizeof *buckets);
    if (!buckets)
        return -1;
    if (h->length)
        memcpy(buckets + (h->first - first), h->buckets, h->length * sizeof *buckets);
    free(h->buckets);
    h->buckets = buckets;
    h->first = first;
    h->length = length;
    h->bytes = bytes_with(length);
    return 0;
}

/* `order` is one of `schema`, which is not below that of the histogram. */
static void add_to_bucket(struct histogram *h, int32_t order, int schema, uint32_t count)
{
    int32_t at;
    while (!covers(h, at = order_below(order, schema - h->schema))) {
        int32_t first;
        const uint32_t length = length_with(h, at, &first);
        if (bytes_with(length) > h->bytes_max && histogram_coarsen(h) == 0)
            continue;
        if (resize(h, first, length) < 0) {
            h->incomplete = true;
            return;
        }
    }
    h->incomplete |= !add_up(&h->buckets[at - h->first], count);
}

/* Takes in the values themselves; their buckets are the caller's work. */
static void add_values(struct histogram *h, uint64_t count, double sum, double min, double max)
{
    h->min = h->count && h->min < min ? h->min : min;
    h->max = h->count && h->max > max ? h->max : max;
    h->count += count;
    h->sum += sum;
}

void histogram_init(struct histogram *histogram, size_t bytes_max)
{
    *histogram = (struct histogram){
        .schema = HISTOGRAM_SCHEMA_MAX,
        .bytes = bytes_with(0),
        .bytes_max = (uint32_t)bytes_max,
    };
}

void histogram_release(struct histogram *histogram)
{
    free(histogram->buckets);
}

/* Moves the bounds of the array to the outermost values. So the schema that a histogram comes
 * to follows from its smallest and largest value, and not from the order of all. */
static void trim(struct histogram *h)
{
    uint32_t from = 0, to = h->length;
    while (from < to && h->buckets[from] == 0)
        from++;
    while (to > from && h->buckets[to - 1] == 0)
        to--;
    memmove(h->buckets, h->buckets + from, (to - from) * sizeof *h->buckets);
    h->first += (int32_t)from;
    h->length = to - from;
}

int histogram_coarsen(struct histogram *histogram)
{
    struct histogram *const h = histogram;
    if (h->schema == HISTOGRAM_SCHEMA_MIN)
        return -1;
    h->schema--;
    if (h->length == 0)
        return 0;
    trim(h);
    const int32_t first = order_below(h->first, 1);
    const int32_t last = order_below(end_of(h) - 1, 1);
    /* In place: what a bucket goes to does not lie behind it. */
    for (uint32_t i = 0; i < h->length; i++) {
        const uint32_t count = h->buckets[i];
        h->buckets[i] = 0;
        const int32_t to = order_below(h->first + (int32_t)i, 1) - first;
        h->incomplete |= !add_up(&h->buckets[to], count);
    }
    h->first = first;
    h->length = (uint32_t)(last - first + 1);
    h->bytes = bytes_with(h->length);
    uint32_t *const less = realloc(h->buckets, h->length * sizeof *less);
    h->buckets = less ? less : h->buckets;
    return 0;
}

int32_t histogram_index(double value, int schema)
{
    const int down = HISTOGRAM_SCHEMA_MAX - schema;
    return order_below(order_of(value), down) + ZERO_OCTAVE * (PER_OCTAVE >> down);
}

void histogram_add(struct histogram *histogram, double value)
{
    const double magnitude = fabs(value);
    add_values(histogram, 1, value, value, value);
    if (magnitude <= HISTOGRAM_ZERO)
        histogram->zeros++;
    else
        add_to_bucket(histogram, value > 0 ? order_of(magnitude) : -order_of(magnitude),
                      HISTOGRAM_SCHEMA_MAX, 1);
}

void histogram_merge(struct histogram *histogram, const struct histogram *from)
{
    if (from->count == 0)
        return;
    while (histogram->schema > from->schema && histogram_coarsen(histogram) == 0)
        ;
    add_values(histogram, from->count, from->sum, from->min, from->max);
    histogram->zeros += from->zeros;
    histogram->incomplete |= from->incomplete;
    for (uint32_t i = 0; i < from->length; i++)
        if (from->buckets[i])
            add_to_bucket(histogram, from->first + (int32_t)i, from->schema, from->buckets[i]);
}

void histogram_walk_init(struct histogram_walk *walk, const struct histogram *histogram, int schema)
{
    *walk = (struct histogram_walk){
        .of = histogram, .shift = histogram->schema - schema, .at = histogram->first};
}

bool histogram_walk_next(struct histogram_walk *walk, struct histogram_bucket *bucket)
{
    const struct histogram *const h = walk->of;
    *bucket = (struct histogram_bucket){0};
    /* Several buckets of the array can be one at the lower schema. */
    while (walk->at < end_of(h) || !walk->zeros_done) {
        const bool zeros = !walk->zeros_done && (walk->at >= 0 || walk->at >= end_of(h));
        const uint64_t count = zeros ? h->zeros : h->buckets[walk->at - h->first];
        if (count) {
            const int32_t order = zeros ? 0 : order_below(walk->at, walk->shift);
            if (bucket->count && order != bucket->order)
                return true;
            *bucket = (struct histogram_bucket){order, bucket->count + count};
        }
        walk->zeros_done |= zeros;
        walk->at += !zeros;
    }
    return bucket->count > 0;
}

double histogram_walk_middle(const struct histogram_walk *walk,
                             const struct histogram_bucket *bucket)
{
    const struct histogram *const h = walk->of;
    const int schema = h->schema - walk->shift;
    const double value = bucket->order > 0   ? middle_of(bucket->order, schema)
                         : bucket->order < 0 ? -middle_of(-bucket->order, schema)
                                             : 0;
    return value < h->min ? h->min : value > h->max ? h->max : value;
}

/* A walk that stands at a bucket, after `before` values; the ranks that are asked for rise, or
 * fall a little. */
struct ranks {
    const struct histogram *of;
    struct histogram_walk walk;
    struct histogram_bucket bucket;
    uint64_t before;
};

static void ranks_init(struct ranks *ranks, const struct histogram *h)
{
    *ranks = (struct ranks){.of = h};
    histogram_walk_init(&ranks->walk, h, h->schema);
}

/* The estimate of the value at a rank, which counts from 0. */
static double value_at(struct ranks *ranks, uint64_t rank)
{
    const struct histogram *const h = ranks->of;
    if (rank == 0 || rank >= h->count - 1)
        return rank == 0 ? h->min : h->max;
    if (rank < ranks->before)
        ranks_init(ranks, h);
    while (rank >= ranks->before + ranks->bucket.count) {
        ranks->before += ranks->bucket.count;
        if (!histogram_walk_next(&ranks->walk, &ranks->bucket))
            return h->max;
    }
    return histogram_walk_middle(&ranks->walk, &ranks->bucket);
}

static double quantile(struct ranks *ranks, double q)
{
    if (ranks->of->count == 0)
        return 0;
    const uint64_t last = ranks->of->count - 1;
    const double rank = q * (double)last;
    const uint64_t below = rank < (double)last ? (uint64_t)rank : last;
    const double low = value_at(ranks, below);
    const double high = value_at(ranks, below < last ? below + 1 : last);
    return low + (high - low) * (rank - (double)below);
}

double histogram_quantile(const struct histogram *histogram, double q)
{
    double value;
    histogram_quantiles(histogram, &q, &value, 1);
    return value;
}

void histogram_quantiles(const struct histogram *histogram, const double *shares, double *values,
                         size_t count)
{
    struct ranks ranks;
    ranks_init(&ranks, histogram);
    for (size_t i = 0; i < count; i++)
        values[i] = quantile(&ranks, shares[i]);
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
