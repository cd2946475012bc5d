/* The same values three times: a screen has room for some bins with round bounds; a curve shows
 * the tail, where a bin shows nothing; and buckets of a fixed width can be added up. */
#include "report/spread.h"

#include <math.h>
#include <stdlib.h>

/* The smallest number of 1, 2, 5, 10, 20, ... (also 0.5, 0.2, ...) that is at least `x`. */
static double nice(double x)
{
    static const double steps[] = {1, 2, 5};
    const double power = pow(10, floor(log10(x)));
    for (size_t i = 0; i < 3; i++)
        if (steps[i] * power >= x * (1 - 1e-9))
            return steps[i] * power;
    return 10 * power;
}

/* Fills in the shares of which `count` transfers can tell something: beyond 1 - 1/n there is but
 * one of them, the largest. */
static void list_shares(struct figures_curve *curve, uint64_t transfers)
{
    static const double low[] = {0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4};
    static const double usual[] = {0.9, 0.95, 0.99, 0.999, 0.9999};
    enum { LOW = sizeof low / sizeof *low, USUAL = sizeof usual / sizeof *usual };
    const double most = 1 - 1 / (double)transfers;
    size_t at = 0, next_usual = 0;
    for (int k = -LOW;; k++) {
        /* twelve digits are shorter in a file than all that a double has */
        const double share = k < 0 ? low[k + LOW] : round((1 - exp2(-(1 + k / 4.0))) * 1e12) / 1e12;
        while (next_usual < USUAL && usual[next_usual] < share && usual[next_usual] <= most)
            curve->shares[at++] = usual[next_usual++];
        if (share > most || share >= 1 || (at && share <= curve->shares[at - 1]))
            break;
        curve->shares[at++] = share;
    }
    curve->shares[at++] = 1;
    curve->count = at;
}

static void make_curve(struct figures_curve *curve, const struct histogram *h)
{
    list_shares(curve, h->count);
    histogram_quantiles(h, curve->shares, curve->values, curve->count);
    for (size_t i = 0; i < curve->count; i++)
        curve->values[i] = figures_estimate(h, curve->values[i]);
    curve->values[0] = h->min;
    curve->values[curve->count - 1] = h->max;
}

/* The bucket, as Prometheus counts them. What is below 2^-30 s is in the bucket of that. */
static int index_of(const struct histogram_bucket *bucket, int schema)
{
    const int zero_octave = -32, lowest_octave = -30;
    const double at = bucket->order + ldexp(zero_octave, schema),
                 lowest = ldexp(lowest_octave, schema);
    return (int)ceil(bucket->order <= 0 || at < lowest ? lowest : at);
}

/* Fills the buckets at a schema. False: there are too many. */
static bool fill_buckets(struct figures_buckets *buckets, const struct histogram *h, int schema)
{
    struct histogram_walk walk;
    struct histogram_bucket bucket;
    *buckets = (struct figures_buckets){.schema = schema};
    histogram_walk_init(&walk, h, schema);
    while (histogram_walk_next(&walk, &bucket)) {
        const int index = index_of(&bucket, schema);
        if (buckets->count == 0)
            buckets->offset = index;
        if (index - buckets->offset >= FIGURES_BUCKETS_MAX)
            return false;
        buckets->count = (size_t)(index - buckets->offset) + 1;
        buckets->counts[buckets->count - 1] += bucket.count;
    }
    return true;
}

/* So few values as to leave most buckets empty get wider ones. */
static void make_buckets(struct figures_buckets *buckets, const struct histogram *h)
{
    const int wanted = h->count >= 1000 ? 3 : h->count >= 100 ? 2 : 1;
    int schema = h->schema < wanted ? h->schema : wanted;
    while (!fill_buckets(buckets, h, schema) && schema > HISTOGRAM_SCHEMA_MIN)
        schema--;
}

int spread_new(struct figures_spread **spread, const struct histogram *good,
               const struct histogram *all)
{
    const struct histogram *const of = good->count ? good : all;
    *spread = NULL;
    if (!of->count)
        return 0;
    *spread = calloc(1, sizeof **spread);
    if (!*spread)
        return -1;
    (*spread)->of_all = of == all;
    make_curve(&(*spread)->curve, of);
    make_buckets(&(*spread)->buckets, of);
    return 0;
}

void spread_make_bins(struct summary_figures *figures, const struct histogram *histogram)
{
    enum { STEPS = 10, FAR = 25 };
    const struct histogram *const h = histogram;
    const double least = h->min > 1e-6 ? h->min : 1e-6,
                 most = figures_estimate(h, histogram_quantile(h, 0.99));
    if (h->count == 0 || h->max <= h->min || most < 1e-6)
        return;
    const bool even = most / least <= (double)FAR && most > least;
    const double step = even ? nice((most - least) / (double)STEPS) : 0;
    double low = even ? floor(least / step) * step : 0, high = even ? low + step : nice(least);
    uint64_t below = 0;
    while (figures->bin_count < FIGURES_BINS_MAX && below < h->count) {
        const bool last = low >= most * (1 - 1e-9) || figures->bin_count == FIGURES_BINS_MAX - 1;
        high = last ? h->max : high;
        const uint64_t to = last ? h->count : histogram_count_to(h, high);
        figures->bins[figures->bin_count++] = (struct figures_bin){low, high, to - below};
        below = to;
        low = high;
        high = even ? low + step : nice(low * 1.5);
    }
}
