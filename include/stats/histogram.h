/* histogram: how any number of values is spread, in a bounded piece of memory.
 *
 * The buckets are those of Prometheus's native histograms: bucket i of schema s
 * holds the values above 2^((i-1)/2^s) and up to 2^(i/2^s). Negative values have
 * the same buckets, mirrored. A value that is no further from 0 than
 * HISTOGRAM_ZERO (a quarter of a nanosecond, if it is seconds) counts as 0.
 *
 * All buckets stand in one array, which covers what lies between the smallest and
 * the largest value that came. It grows when a value falls outside. When that
 * would take more memory than allowed, the histogram goes to the next schema
 * below first, where two buckets become one.
 *
 * Count, sum, minimum and maximum are exact. The estimate of a value is the
 * middle of its bucket, which is off by 0.14 % at most with schema 8, by 0.28 %
 * with 7, and by twice as much with each schema below.
 *
 * A bucket counts up to 2^32 - 1 values. Further ones are only in the count, the
 * sum, the minimum and the maximum, and `incomplete` is set. */
#ifndef TSDB_EXPORTER_STATS_HISTOGRAM_H
#define TSDB_EXPORTER_STATS_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_SCHEMA_MAX 8
/* Prometheus's lowest. */
#define HISTOGRAM_SCHEMA_MIN (-4)
#define HISTOGRAM_ZERO 0x1p-32
/* Room for a microsecond to an hour at schema 8. Values of both signs, each from 1
 * to 10 million, which leave the buckets around 0 empty, have it at schema 7. */
#define HISTOGRAM_BYTES 65536

/* Read what you like, change nothing. */
struct histogram {
    uint64_t count, zeros;
    double sum, min, max;      /* min and max only when count > 0 */
    uint32_t *buckets;         /* of the orders `first`, `first` + 1, ... */
    int32_t first;             /* see struct histogram_bucket */
    uint32_t length;           /* of buckets */
    uint32_t bytes, bytes_max; /* what it takes now, itself included, and may take */
    int schema;
    bool incomplete; /* the buckets lack some values; count, sum, min and max are right */
};

/* `bytes_max` is what it may take, itself included; at the lowest schema it may
 * take 2 KiB in any case. It takes nothing yet. */
void histogram_init(struct histogram *histogram, size_t bytes_max);
void histogram_release(struct histogram *histogram);

/* The index of the bucket of that schema that holds the value, which is above
 * HISTOGRAM_ZERO and finite. */
int32_t histogram_index(double value, int schema);

/* Takes in one value, which is finite. */
void histogram_add(struct histogram *histogram, double value);
/* Takes in all that `from` holds. The lower of the two schemas wins. */
void histogram_merge(struct histogram *histogram, const struct histogram *from);
/* Goes one schema down, to take less memory. -1 at the lowest. */
int histogram_coarsen(struct histogram *histogram);

/* The value below which a share of `q` (0 to 1) of the values is, as k6, NumPy
 * and R have it by default: the rank is q * (count - 1) from 0, and between two
 * ranks lies a straight line. 0 when there are no values. */
double histogram_quantile(const struct histogram *histogram, double q);
/* Several at once; one walk will do for shares that rise. */
void histogram_quantiles(const struct histogram *histogram, const double *shares, double *values,
                         size_t count);
/* How many values are up to `bound`; those in the bucket of `bound` count if its
 * middle does. */
uint64_t histogram_count_to(const struct histogram *histogram, double bound);

/* A walk over the buckets that hold something, from the smallest value up.
 *
 * The order of a bucket is 0 for the values that count as 0. Above 0 it is the
 * bucket's index plus 32 * 2^schema, so that the first bucket above
 * HISTOGRAM_ZERO has order 1, and below 0 it is the negative of that. Equal orders
 * of equal schemas are the same bucket in all histograms. */
struct histogram_bucket {
    int32_t order;
    uint64_t count;
};
struct histogram_walk {
    const struct histogram *of;
    int shift;
    int32_t at; /* the order, at the histogram's own schema, to be looked at next */
    bool zeros_done;
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
