/* totals_histogram: how the values of one series are spread, in both of Prometheus's forms.
 *
 * Values are seconds, at least 0 and in whole microseconds, as curl writes them: none lies
 * between 0 and a microsecond. Counts are exact. A classic bucket holds the values up to its
 * bound and above the bound before; the last one, behind all bounds, holds the rest. A native
 * one is that of schema 3: bucket i holds the values above 2^((i-1)/8) and up to 2^(i/8). */
#ifndef TSDB_EXPORTER_OUTPUT_TOTALS_HISTOGRAM_H
#define TSDB_EXPORTER_OUTPUT_TOTALS_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#define TOTALS_SCHEMA 3
/* The array lies between these, which are those of a microsecond and of 1e9 seconds at the
 * next multiples of 8. */
#define TOTALS_BUCKET_MIN (-160)
#define TOTALS_BUCKET_END 248

struct totals_histogram {
    double sum, min, max; /* min and max are 0 as long as there are no values */
    uint64_t zeros;
    uint64_t *buckets; /* native; owned; NULL if only the classic ones are kept */
    uint32_t length;   /* of buckets */
    int32_t first;     /* the index of the first */
    uint64_t classic[];
};

/* With `bounds` + 1 classic buckets. NULL: no memory. */
struct totals_histogram *totals_histogram_new(size_t bounds);
void totals_histogram_free(struct totals_histogram *histogram);

/* Makes room for native buckets from `low` to `high`. 0, or -1: no memory. */
int totals_histogram_cover(struct totals_histogram *histogram, int32_t low, int32_t high);
/* The same for the bucket of a value. */
int totals_histogram_reserve(struct totals_histogram *histogram, double value);
/* Takes in a value; its native bucket too, if there is room for it. */
void totals_histogram_add(struct totals_histogram *histogram, double value, const double *bounds,
                          size_t count);

/* How many values there are. */
uint64_t totals_histogram_count(const struct totals_histogram *histogram, size_t bounds);
/* The value below which a share of `q` of all `count` values is, estimated within one native
 * bucket. The rank is q * (count - 1), as stats/histogram has it. 0 without values. */
double totals_histogram_quantile(const struct totals_histogram *histogram, uint64_t count,
                                 double q);

#endif
