/* spread: the curve and the buckets say what the histogram says. */
#include "report/spread.h"

#include "tap.h"

#include <stdlib.h>

static uint64_t state = 88172645463325252u;

static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return ((double)(state >> 12) + 0.5) / 0x1p52;
}

/* Whole microseconds, around 50 ms, with a long tail. */
static void fill(struct histogram *h, size_t count)
{
    histogram_init(h, HISTOGRAM_BYTES);
    for (size_t i = 0; i < count; i++)
        histogram_add(h, round(50000 * pow(uniform(), -0.4)) / 1e6);
}

static struct figures_spread *spread_of(const struct histogram *good, const struct histogram *all)
{
    struct figures_spread *spread;
    OK(spread_new(&spread, good, all) == 0, "a spread");
    return spread;
}

static size_t place_of(const struct figures_curve *curve, double share)
{
    size_t i = 0;
    while (i < curve->count && fabs(curve->shares[i] - share) > 1e-15)
        i++;
    return i;
}

static uint64_t sum(const struct figures_buckets *buckets)
{
    uint64_t count = 0;
    for (size_t i = 0; i < buckets->count; i++)
        count += buckets->counts[i];
    return count;
}

static void curves(void)
{
    static const size_t counts[] = {1, 2, 3, 19, 20, 100, 1000, 5718, 200000};
    static const double usual[] = {0.5, 0.9, 0.95, 0.99, 0.999, 0.9999};
    char name[100];
    for (size_t n = 0; n < sizeof counts / sizeof *counts; n++) {
        struct histogram h, none;
        fill(&h, counts[n]);
        histogram_init(&none, HISTOGRAM_BYTES);
        struct figures_spread *const spread = spread_of(&h, &none);
        const struct figures_curve *const curve = &spread->curve;
        size_t odd = 0;
        for (size_t i = 0; i < curve->count; i++) {
            odd += !isfinite(curve->values[i]) || !isfinite(curve->shares[i]);
            odd += i > 0 && (curve->shares[i] <= curve->shares[i - 1] ||
                             curve->values[i] < curve->values[i - 1]);
            odd += i + 1 < curve->count && curve->shares[i] > 1 - 1 / (double)counts[n];
        }
        snprintf(name, sizeof name, "%zu transfers: %zu points that rise", counts[n], curve->count);
        OK(odd == 0 && curve->count >= 2, name);
        IS(curve->values[0], h.min, "from the minimum");
        IS(curve->shares[curve->count - 1], 1, "to all");
        IS(curve->values[curve->count - 1], h.max, "and the exact maximum");
        for (size_t u = 0; u < 6; u++) {
            const size_t at = place_of(curve, usual[u]);
            if (usual[u] > 1 - 1 / (double)counts[n])
                IS(at, curve->count, "no percentile that only one transfer would make");
            else
                IS(curve->values[at], figures_estimate(&h, histogram_quantile(&h, usual[u])),
                   "the percentile that stands in tables");
        }
        if (counts[n] == 5718)
            IS(curve->count, 58, "as few points as that");
        free(spread);
        histogram_release(&h);
    }
}

static void buckets(void)
{
    static const struct {
        size_t count;
        int schema;
    } cases[] = {{1, 1}, {99, 1}, {100, 2}, {999, 2}, {1000, 3}, {100000, 3}};
    for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
        struct histogram h;
        fill(&h, cases[n].count);
        struct figures_spread *const spread = spread_of(&h, &h);
        const struct figures_buckets *const b = &spread->buckets;
        IS(b->schema, cases[n].schema, "fewer transfers, wider buckets");
        IS(sum(b), cases[n].count, "each transfer once");
        const double step = ldexp(1, -b->schema);
        OK(h.min > exp2((b->offset - 1) * step) * (1 - 1e-12) &&
               h.min <= exp2(b->offset * step) * (1 + 1e-12),
           "the least is in the first");
        const double last = (double)b->offset + (double)b->count - 1;
        OK(h.max > exp2((last - 1) * step) * (1 - 1e-12) &&
               h.max <= exp2(last * step) * (1 + 1e-12),
           "the largest in the last");
        free(spread);
        histogram_release(&h);
    }
}

/* The buckets of two runs, one beside the other, are those of both together. */
static void buckets_can_be_added(void)
{
    struct histogram h[3];
    struct figures_spread *spread[3];
    fill(&h[0], 3000);
    fill(&h[1], 5000);
    histogram_init(&h[2], HISTOGRAM_BYTES);
    histogram_merge(&h[2], &h[0]);
    histogram_merge(&h[2], &h[1]);
    for (size_t i = 0; i < 3; i++)
        spread[i] = spread_of(&h[i], &h[i]);
    const struct figures_buckets *const both = &spread[2]->buckets;
    uint64_t added[FIGURES_BUCKETS_MAX] = {0};
    for (size_t i = 0; i < 2; i++) {
        const struct figures_buckets *const b = &spread[i]->buckets;
        for (size_t k = 0; k < b->count; k++)
            added[b->offset - both->offset + (int)k] += b->counts[k];
    }
    OK(memcmp(added, both->counts, sizeof added) == 0, "the buckets of two runs add up");
    for (size_t i = 0; i < 3; i++) {
        free(spread[i]);
        histogram_release(&h[i]);
    }
}

static void odd_values(void)
{
    static const double values[] = {0, -1, 1e-12, 1e-6, 3600, 1e9};
    struct histogram h, none;
    histogram_init(&h, HISTOGRAM_BYTES);
    histogram_init(&none, HISTOGRAM_BYTES);
    for (size_t i = 0; i < 2000; i++)
        histogram_add(&h, values[i % 6]);
    struct figures_spread *spread = spread_of(&none, &h);
    OK(spread->of_all, "all failed: of all");
    OK(sum(&spread->buckets) == 2000 && spread->buckets.count <= FIGURES_BUCKETS_MAX,
       "whatever the values are, not too many buckets hold each of them");
    OK(spread->buckets.schema < 3, "then they are wider");
    free(spread);
    spread = spread_of(&none, &none);
    OK(!spread, "without a time there is no spread");
    histogram_release(&h);
}

int main(void)
{
    curves();
    buckets();
    buckets_can_be_added();
    odd_values();
    return tap_done();
}
