/* histogram: how any number of values is spread, in a bounded piece of memory.
 *
 * The buckets are those of Prometheus's native histograms: bucket i of schema s
 * holds the values above 2^((i-1)/2^s) and up to 2^(i/2^s), negative values have
 * buckets of their own, and what is not further from 0 than HISTOGRAM_ZERO is 0.
 * It begins with schema 8. When it would outgrow its memory, it goes to the next
 * schema below, where two buckets become one.
 *
 * Count, sum, minimum and maximum are exact. The estimate of a value is the
 * middle of its bucket, which is off by 0.14 % at most with schema 8, by 0.28 %
 * with 7, and by twice as much with each schema below. */
#ifndef TSDB_EXPORTER_STATS_HISTOGRAM_H
#define TSDB_EXPORTER_STATS_HISTOGRAM_H

#include "stats/histogram_side.h"

#define HISTOGRAM_SCHEMA_MAX 8
/* Prometheus's lowest. */
#define HISTOGRAM_SCHEMA_MIN (-4)
/* 2^-128, the width that Prometheus's client libraries give their zero bucket. */
#define HISTOGRAM_ZERO 0x1p-128
/* Room for 12 decades (a microsecond to 11 days) at schema 7, each bucket with
 * up to 2^32 - 1 values: durations that curl measures never go below schema 7. */
#define HISTOGRAM_BYTES 24576
#define HISTOGRAM_QUANTILES_MAX 8

/* Read what you like, change nothing. */
struct histogram {
    uint64_t count, zeros;
    double sum, min, max; /* min and max only when count > 0 */
    struct histogram_side positive, negative;
    uint32_t bytes, bytes_max; /* what it takes now, itself included, and may take */
    int schema;
    bool incomplete; /* there was no memory for some values; count, sum, min, max are right */
};

/* `bytes_max` is what it may take, itself included. It takes nothing yet. */
void histogram_init(struct histogram *histogram, size_t bytes_max);
void histogram_release(struct histogram *histogram);

/* Takes in one value, which is finite. */
void histogram_add(struct histogram *histogram, double value);
/* Takes in all that `from` holds. The lower of the two schemas wins. */
void histogram_merge(struct histogram *histogram, const struct histogram *from);
/* Goes one schema down, to take less memory; on the way it takes up to twice as
 * much. -1 at the lowest. */
int histogram_coarsen(struct histogram *histogram);

/* The value below which a share of `q` (0 to 1) of the values is, as k6, NumPy
 * and R have it by default: the rank is q * (count - 1) from 0, and between two
 * ranks lies a straight line. 0 when there are no values. */
double histogram_quantile(const struct histogram *histogram, double q);
/* Several at once: `shares` rise, and there are at most HISTOGRAM_QUANTILES_MAX. */
void histogram_quantiles(const struct histogram *histogram, const double *shares, double *values,
                         size_t count);
/* How many values are up to `bound`; those in the bucket of `bound` count if its
 * middle does. */
uint64_t histogram_count_to(const struct histogram *histogram, double bound);

/* A walk over the buckets that hold something, from the smallest value up. */
struct histogram_bucket {
    int32_t order; /* larger for larger values, the same in all histograms of a schema */
    uint64_t count;
};
struct histogram_walk {
    const struct histogram *of;
    int shift, stage;
    int64_t at;
};

/* At `schema`, which is that of the histogram or lower. */
void histogram_walk_init(struct histogram_walk *walk, const struct histogram *histogram,
                         int schema);
/* The next bucket, or false. */
bool histogram_walk_next(struct histogram_walk *walk, struct histogram_bucket *bucket);
/* The estimate of the values in a bucket of that walk. */
double histogram_walk_middle(const struct histogram_walk *walk,
                             const struct histogram_bucket *bucket);

#endif
