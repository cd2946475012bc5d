/* totals_options: what can be chosen about totals, and how it is written. */
#ifndef TSDB_EXPORTER_OUTPUT_TOTALS_OPTIONS_H
#define TSDB_EXPORTER_OUTPUT_TOTALS_OPTIONS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define TOTALS_BOUNDS_MAX 64
#define TOTALS_TRENDS_MAX 16

/* The upper bounds (le) of classic buckets, in seconds, growing; +Inf is not among them. */
struct totals_bounds {
    size_t count;
    double le[TOTALS_BOUNDS_MAX];
};

/* What is told of a histogram as gauges of its own. */
struct totals_trend {
    enum { TREND_QUANTILE, TREND_MIN, TREND_MAX, TREND_AVG, TREND_COUNT } kind;
    double share;    /* of the values below the quantile, 0 to 1 */
    char suffix[16]; /* of the series' name: "_p95", "_med", "_min" */
};

struct totals_trends {
    size_t count;
    struct totals_trend of[TOTALS_TRENDS_MAX];
};

struct totals_options {
    bool native; /* histograms as native ones, the classic ones beside them */
    struct totals_bounds bounds;
    struct totals_trends trends; /* for instruments that have a trend */
    size_t sets_max;             /* further sets of labels go together as "other" */
    const char *instance; /* the label of transfers that have none of that name; may be NULL */
};

/* "0.1,0.5,1": numbers of seconds (or with a unit: 100ms), growing. NULL: the default, 1, 2
 * and 5 x 10^n from 100 us to 60 s. 0, or -1 and what is wrong. */
int totals_parse_buckets(struct totals_bounds *bounds, const char *list, struct error *err);
/* "p(95),med,min,max,avg,count". NULL: k6's default p(95),p(99),min,max,avg,med. 0, or -1
 * and what is wrong. */
int totals_parse_trend_stats(struct totals_trends *trends, const char *list, struct error *err);

#endif
