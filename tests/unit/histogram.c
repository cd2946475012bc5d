/* histogram: what it promises on any kind of distribution, against the sorted values. */
#include "stats/histogram.h"

#include "tap.h"

#include <float.h>
#include <stdlib.h>

enum { MANY = 100000 };

static double values[MANY];
static uint64_t state;

/* xorshift64*, from a fixed seed: 0 < x < 1. */
static double uniform(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return ((double)((state * UINT64_C(0x2545F4914F6CDD1D)) >> 12) + 0.5) / 0x1p52;
}

static double normal(void)
{
    return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

static double constant(void)
{
    return 0.0123;
}
static double uniformly(void)
{
    return 0.001 + 0.5 * uniform();
}
static double exponential(void)
{
    return -0.05 * log(uniform());
}
static double log_normal(void)
{
    return 0.05 * exp(0.5 * normal());
}
static double bimodal(void)
{
    return (uniform() < 0.7 ? 0.002 : 3) * exp(0.05 * normal());
}
static double log_uniform(void)
{
    return 1e-6 * pow(10, 9 * uniform());
}
static double with_zeros(void)
{
    return uniform() < 0.4 ? 0 : log_normal();
}
static double microseconds(void)
{
    return floor(20 + 5 * normal()) / 1e6;
}
static double both_signs(void)
{
    return 86400 * (30 + 20 * normal());
}

static const struct {
    const char *name;
    double (*draw)(void);
} distributions[] = {
    {"constant", constant},        {"uniform", uniformly},
    {"exponential", exponential},  {"log-normal", log_normal},
    {"bimodal", bimodal},          {"log-uniform over 9 decades", log_uniform},
    {"with zeros", with_zeros},    {"microseconds", microseconds},
    {"of both signs", both_signs},
};
enum { DISTRIBUTIONS = sizeof distributions / sizeof *distributions };

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void draw(size_t which, size_t count)
{
    state = 88172645463325252u + which;
    for (size_t i = 0; i < count; i++)
        values[i] = distributions[which].draw();
}

/* Of sorted values, as k6 does it. */
static double exact(size_t count, double q)
{
    const double rank = q * (double)(count - 1);
    const size_t low = (size_t)rank, high = low + 1 < count ? low + 1 : low;
    return values[low] + (values[high] - values[low]) * (rank - (double)low);
}

static const double quantiles[] = {0,   0.001, 0.01, 0.1,  0.25, 0.4,   0.5,    0.6,
                                   0.7, 0.75,  0.9,  0.95, 0.99, 0.999, 0.9999, 1};
enum { QUANTILES = sizeof quantiles / sizeof *quantiles };

/* The largest relative error of all quantiles. `values` are sorted. */
static double worst(const struct histogram *h, size_t count)
{
    double error = 0;
    for (size_t i = 0; i < QUANTILES; i++) {
        const double want = exact(count, quantiles[i]);
        const double got = histogram_quantile(h, quantiles[i]);
        const double off = got < want || got > want ? fabs(got - want) / fabs(want) : 0;
        if (off > 0.005)
            printf("# p%g: got %g, want %g\n", 100 * quantiles[i], got, want);
        error = off > error ? off : error;
    }
    return error;
}

static void add_all(struct histogram *h, size_t count)
{
    for (size_t i = 0; i < count; i++)
        histogram_add(h, values[i]);
}

static void is_near_on_any_distribution(void)
{
    static const size_t counts[] = {1, 2, 3, 20, 1000, MANY};
    char name[100];
    for (size_t d = 0; d < DISTRIBUTIONS; d++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            struct histogram h;
            double sum = 0;
            histogram_init(&h, HISTOGRAM_BYTES);
            draw(d, counts[c]);
            for (size_t i = 0; i < counts[c]; i++)
                sum += values[i];
            add_all(&h, counts[c]);
            qsort(values, counts[c], sizeof *values, compare);
            snprintf(name, sizeof name, "%s: %zu values, every quantile within 0.5 %%",
                     distributions[d].name, counts[c]);
            OK(worst(&h, counts[c]) < 0.005, name);
            snprintf(name, sizeof name, "%s: %zu values: count, sum, min and max are exact",
                     distributions[d].name, counts[c]);
            OK(h.count == counts[c] && !(h.sum < sum) && !(h.sum > sum) && !(h.min > values[0]) &&
                   !(h.max < values[counts[c] - 1]) && !h.incomplete,
               name);
            OK(h.bytes <= HISTOGRAM_BYTES, "within its memory");
            histogram_release(&h);
        }
}

/* 100 labels with 9 numbers each, from narrow to wide: the longest of 1,000
 * transfers takes 3 to 100 times as long as the shortest. */
static void a_hundred_labels_fit(void)
{
    enum { HISTOGRAMS = 900, EACH = 1000 };
    static struct histogram all[HISTOGRAMS];
    size_t bytes = 0;
    double error = 0;
    state = 42;
    for (size_t i = 0; i < HISTOGRAMS; i++) {
        const double spread = 0.2 + 0.1 * (double)(i % 7);
        histogram_init(&all[i], HISTOGRAM_BYTES);
        for (size_t j = 0; j < EACH; j++)
            values[j] = 0.01 * exp(spread * normal());
        add_all(&all[i], EACH);
        qsort(values, EACH, sizeof *values, compare);
        const double off = worst(&all[i], EACH);
        error = off > error ? off : error;
        bytes += all[i].bytes;
        histogram_release(&all[i]);
    }
    printf("# %zu bytes\n", bytes);
    OK(bytes <= 8 * 1024 * 1024, "900 histograms of 1,000 values take at most 8 MiB");
    OK(error < 0.005, "and every quantile of each is within 0.5 %");
}

static void goes_down_when_memory_is_short(void)
{
    struct histogram h;
    draw(5, MANY);
    histogram_init(&h, 1500);
    add_all(&h, MANY);
    qsort(values, MANY, sizeof *values, compare);
    OK(h.schema < 7 && h.schema > HISTOGRAM_SCHEMA_MIN, "9 decades in 1,500 bytes: a lower schema");
    OK(h.bytes <= 1500, "and not a byte more");
    const double ratio = exp2(1 / exp2(h.schema));
    OK(worst(&h, MANY) <= (ratio - 1) / (ratio + 1) + 1e-12, "as near as that schema promises");
    OK(h.count == MANY && histogram_count_to(&h, DBL_MAX) == MANY, "and no value is missing");
    while (histogram_coarsen(&h) == 0)
        ;
    OK(h.schema == HISTOGRAM_SCHEMA_MIN && histogram_count_to(&h, DBL_MAX) == MANY,
       "down to Prometheus's lowest, still with all of them");
    histogram_release(&h);
}

static void takes_any_number(void)
{
    static const double odd[] = {DBL_MAX, -DBL_MAX, DBL_MIN, -DBL_MIN, 5e-324,   1,
                                 -1,      0,        -0.0,    -0x1p-32, 0x1.8p-32};
    struct histogram h;
    histogram_init(&h, HISTOGRAM_BYTES);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        histogram_add(&h, odd[i]);
    IS(h.zeros, 6, "what is next to nothing counts as 0");
    IS(histogram_quantile(&h, 0), -DBL_MAX, "the least");
    IS(histogram_quantile(&h, 1), DBL_MAX, "the largest");
    IS(histogram_quantile(&h, 0.5), 0, "the middle");
    IS(histogram_count_to(&h, 0), 8, "two below 0 and six at it");
    histogram_release(&h);
    histogram_init(&h, HISTOGRAM_BYTES);
    IS(histogram_quantile(&h, 0.5), 0, "nothing at all");
    histogram_release(&h);
}

static int32_t order_of(double value)
{
    struct histogram h;
    struct histogram_walk walk;
    struct histogram_bucket bucket = {0};
    histogram_init(&h, HISTOGRAM_BYTES);
    histogram_add(&h, value);
    histogram_walk_init(&walk, &h, 8);
    histogram_walk_next(&walk, &bucket);
    histogram_release(&h);
    return bucket.order;
}

/* Prometheus's rule, on the bounds themselves and beside them. */
static void has_the_buckets_of_prometheus(void)
{
    size_t wrong = 0, mirrored = 0;
    for (int index = -5000; index <= 5000; index++) {
        const double above_1 = (double)exp2l((index & 255) / 256.0L);
        const double bound = ldexp(above_1, index >> 8);
        const double beside[] = {nextafter(bound, 0), bound, nextafter(bound, INFINITY)};
        for (int i = 0; i < 3; i++) {
            const int32_t order = order_of(beside[i]);
            wrong += order - 32 * 256 != (i == 2 ? index + 1 : index);
            mirrored += order_of(-beside[i]) == -order;
        }
    }
    IS(wrong, 0, "a bound belongs to the bucket below it, to the last bit");
    IS(mirrored, 3 * 10001, "and below 0 it is the same");
    IS(order_of(nextafter(HISTOGRAM_ZERO, 1)), 1, "the first bucket above what counts as 0");
}

static void merges(void)
{
    struct histogram parts[3], sum, whole;
    char name[100];
    for (size_t d = 0; d < DISTRIBUTIONS; d++) {
        draw(d, 30000);
        histogram_init(&sum, HISTOGRAM_BYTES);
        histogram_init(&whole, HISTOGRAM_BYTES);
        add_all(&whole, 30000);
        for (size_t p = 0; p < 3; p++) {
            histogram_init(&parts[p], HISTOGRAM_BYTES);
            for (size_t i = p * 10000; i < (p + 1) * 10000; i++)
                histogram_add(&parts[p], values[i]);
        }
        histogram_coarsen(&parts[1]);
        histogram_coarsen(&whole);
        for (size_t p = 0; p < 3; p++) {
            histogram_merge(&sum, &parts[p]);
            histogram_release(&parts[p]);
        }
        size_t differ = whole.count != sum.count || whole.zeros != sum.zeros;
        struct histogram_walk a, b;
        struct histogram_bucket x, y;
        histogram_walk_init(&a, &whole, whole.schema);
        histogram_walk_init(&b, &sum, whole.schema);
        for (bool more = true; more;) {
            more = histogram_walk_next(&a, &x);
            differ += more != histogram_walk_next(&b, &y);
            differ += more && (x.order != y.order || x.count != y.count);
        }
        snprintf(name, sizeof name,
                 "%s: parts, one of them a schema lower, make the whole of that schema",
                 distributions[d].name);
        OK(differ == 0 && sum.schema == whole.schema && sum.schema < HISTOGRAM_SCHEMA_MAX, name);
        histogram_release(&sum);
        histogram_release(&whole);
    }
}

static void full_buckets_stay_full(void)
{
    struct histogram h, part;
    bool lost = false;
    histogram_init(&part, HISTOGRAM_BYTES);
    histogram_add(&part, 1.5);
    histogram_add(&part, 2);
    histogram_add(&part, 2);
    histogram_add(&part, -1);
    histogram_add(&part, 0);
    for (int i = 0; i < 31; i++) { /* by doubling, to 2^31 each */
        lost |= part.incomplete;
        histogram_init(&h, HISTOGRAM_BYTES);
        histogram_merge(&h, &part);
        histogram_merge(&h, &part);
        histogram_release(&part);
        part = h;
    }
    OK(!lost && h.incomplete && h.count == 5 * (UINT64_C(1) << 31),
       "2^32 values in one bucket: it says so, and the count is right");
    IS(histogram_count_to(&h, -0.5), 0x1p31, "the other buckets are right, below 0");
    IS(histogram_count_to(&h, 0), 0x1p32, "at 0");
    IS(histogram_count_to(&h, 1.7), 0x1p32 + 0x1p31, "and above it");
    IS(histogram_count_to(&h, 3), 0x1p32 + 0x1p31 + UINT32_MAX, "the full one stays full");
    while (h.schema > 0)
        histogram_coarsen(&h);
    IS(histogram_count_to(&h, 3), 0x1p32 + UINT32_MAX, "also when it meets another one");
    histogram_release(&h);
}

static void walks_at_a_lower_schema(void)
{
    struct histogram h, coarse;
    struct histogram_walk a, b;
    struct histogram_bucket x, y;
    draw(8, 5000);
    histogram_init(&h, HISTOGRAM_BYTES);
    histogram_init(&coarse, HISTOGRAM_BYTES);
    add_all(&h, 5000);
    add_all(&coarse, 5000);
    while (coarse.schema > 3)
        histogram_coarsen(&coarse);
    histogram_walk_init(&a, &h, 3);
    histogram_walk_init(&b, &coarse, 3);
    size_t differ = 0, buckets = 0;
    int32_t last = INT32_MIN;
    for (bool more = true; more; buckets++) {
        more = histogram_walk_next(&a, &x);
        differ += more != histogram_walk_next(&b, &y);
        differ += more && (x.order != y.order || x.count != y.count || x.order <= last);
        last = x.order;
    }
    OK(differ == 0 && buckets > 10, "a walk at schema 3 is a walk over one of schema 3, upwards");
    histogram_release(&h);
    histogram_release(&coarse);
}

int main(void)
{
    is_near_on_any_distribution();
    a_hundred_labels_fit();
    goes_down_when_memory_is_short();
    takes_any_number();
    has_the_buckets_of_prometheus();
    merges();
    full_buckets_stay_full();
    walks_at_a_lower_schema();
    return tap_done();
}
