/* mann_whitney: does a difference stand out from the noise?
 *
 * The Mann-Whitney U test (Mann and Whitney 1947, "On a test of whether one of two
 * random variables is stochastically larger than the other"): it asks how often a
 * value of one is larger than a value of the other, and how often chance alone
 * would make it so. It assumes no particular distribution, which suits durations
 * with their long tails, but it assumes that the values are independent of each
 * other. This is the normal approximation, corrected for ties and continuity, as in
 * scipy.stats.mannwhitneyu(method="asymptotic"). Values in one bucket of the
 * histograms are ties. */
#ifndef TSDB_EXPORTER_STATS_MANN_WHITNEY_H
#define TSDB_EXPORTER_STATS_MANN_WHITNEY_H

#include "stats/histogram.h"

struct mann_whitney {
    double p;       /* two-sided: how likely chance alone makes such a difference */
    double greater; /* share of all pairs in which b's value is larger; ties count half */
};

/* Both hold at least one value. They may have different schemas. */
struct mann_whitney mann_whitney_test(const struct histogram *a, const struct histogram *b);

#endif
