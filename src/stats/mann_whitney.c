/* Why: two medians always differ, and people want to know whether that means
 * anything. This test needs only the ranks of the values, and a histogram knows
 * them, except for the order within a bucket. */
#include "stats/mann_whitney.h"

#include <math.h>

/* How many values each of the two histograms has in one bucket. */
struct pair {
    double a, b;
};

struct pairs {
    struct histogram_walk walk[2];
    struct histogram_bucket at[2];
    bool more[2];
};

static bool next_pair(struct pairs *pairs, struct pair *pair)
{
    const bool a = pairs->more[0] && (!pairs->more[1] || pairs->at[0].order <= pairs->at[1].order);
    const bool b = pairs->more[1] && (!pairs->more[0] || pairs->at[1].order <= pairs->at[0].order);
    pair->a = a ? (double)pairs->at[0].count : 0;
    pair->b = b ? (double)pairs->at[1].count : 0;
    if (a)
        pairs->more[0] = histogram_walk_next(&pairs->walk[0], &pairs->at[0]);
    if (b)
        pairs->more[1] = histogram_walk_next(&pairs->walk[1], &pairs->at[1]);
    return a || b;
}

struct mann_whitney mann_whitney_test(const struct histogram *a, const struct histogram *b)
{
    const int schema = a->schema < b->schema ? a->schema : b->schema;
    const double n_a = (double)a->count, n_b = (double)b->count, n = n_a + n_b;
    struct pairs pairs;
    struct pair pair;
    double u = 0, a_below = 0, ties = 0;
    histogram_walk_init(&pairs.walk[0], a, schema);
    histogram_walk_init(&pairs.walk[1], b, schema);
    for (int i = 0; i < 2; i++)
        pairs.more[i] = histogram_walk_next(&pairs.walk[i], &pairs.at[i]);
    while (next_pair(&pairs, &pair)) {
        const double t = pair.a + pair.b;
        u += pair.b * (a_below + pair.a / 2);
        a_below += pair.a;
        ties += t * t * t - t;
    }
    const double variance = n_a * n_b / 12 * (n + 1 - ties / (n * (n - 1)));
    const double off = fabs(u - n_a * n_b / 2) - 0.5;
    const bool differ = n > 1 && variance > 0 && off > 0;
    return (struct mann_whitney){
        .p = differ ? erfc(off / sqrt(2 * variance)) : 1,
        .greater = u / (n_a * n_b),
    };
}
