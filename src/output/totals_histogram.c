/* Why: stats/histogram is made for a report: it counts up to 2^32 a bucket and gives up
 * precision for memory. What is kept for months counts further, and its buckets are those
 * that were promised to the database. */
#include "output/totals_histogram.h"

#include "stats/histogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GROWTH = 8 }; /* the array begins and ends at a multiple of this */

struct totals_histogram *totals_histogram_new(size_t bounds)
{
    struct totals_histogram *const h = calloc(1, sizeof *h + (bounds + 1) * sizeof *h->classic);
    return h;
}

void totals_histogram_free(struct totals_histogram *histogram)
{
    if (histogram)
        free(histogram->buckets);
    free(histogram);
}

int totals_histogram_cover(struct totals_histogram *histogram, int32_t low, int32_t high)
{
    struct totals_histogram *const h = histogram;
    const int32_t end = h->first + (int32_t)h->length;
    if (h->length && low >= h->first && high < end)
        return 0;
    const int32_t from = h->length && h->first < low ? h->first : low & ~(GROWTH - 1);
    const int32_t to = h->length && end > high ? end : (high + GROWTH) & ~(GROWTH - 1);
    uint64_t *const buckets = calloc((size_t)(to - from), sizeof *buckets);
    if (!buckets)
        return -1;
    if (h->length)
        memcpy(buckets + (h->first - from), h->buckets, h->length * sizeof *buckets);
    free(h->buckets);
    h->buckets = buckets;
    h->first = from;
    h->length = (uint32_t)(to - from);
    return 0;
}

int totals_histogram_reserve(struct totals_histogram *histogram, double value)
{
    const int32_t index = value > 0 ? histogram_index(value, TOTALS_SCHEMA) : 0;
    return totals_histogram_cover(histogram, index, index);
}

void totals_histogram_add(struct totals_histogram *histogram, double value, const double *bounds,
                          size_t count)
{
    struct totals_histogram *const h = histogram;
    const bool first = totals_histogram_count(h, count) == 0;
    size_t le = 0;
    while (le < count && value > bounds[le])
        le++;
    h->classic[le]++;
    h->sum += value;
    h->min = first || value < h->min ? value : h->min;
    h->max = first || value > h->max ? value : h->max;
    if (value <= 0)
        h->zeros++;
    else if (h->length)
        h->buckets[histogram_index(value, TOTALS_SCHEMA) - h->first]++;
}

uint64_t totals_histogram_count(const struct totals_histogram *histogram, size_t bounds)
{
    uint64_t count = 0;
    for (size_t i = 0; i <= bounds; i++)
        count += histogram->classic[i];
    return count;
}

double totals_histogram_quantile(const struct totals_histogram *histogram, uint64_t count, double q)
{
    const struct totals_histogram *const h = histogram;
    if (count == 0)
        return 0;
    const double rank = q * (double)(count - 1);
    double seen = (double)h->zeros;
    if (rank <= 0 || rank < seen)
        return h->min;
    for (uint32_t i = 0; i < h->length && rank < (double)(count - 1); i++) {
        const double own = (double)h->buckets[i];
        if (rank < seen + own) {
            /* the values of a bucket are taken to lie evenly on the scale of the buckets */
            const double at = (rank - seen + 0.5) / own;
            const double value = exp2((h->first + (int32_t)i - 1 + fmin(at, 1)) / 8);
            return fmin(fmax(value, h->min), h->max);
        }
        seen += own;
    }
    return h->max;
}
