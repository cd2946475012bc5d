/* Why: both lists end in names and labels of series that dashboards ask for, so what is
 * wrong with one must be said before the first of them is written. */
#include "output/totals_options.h"

#include "base/amount.h"
#include "base/list.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEM_ROOM = 32 };

/* 1, 2, 5 x 10^n from 100 us to 60 s: what HTTP takes, three buckets a power of ten. */
static const char default_buckets[] = "0.0001,0.0002,0.0005,0.001,0.002,0.005,0.01,0.02,0.05,"
                                      "0.1,0.2,0.5,1,2,5,10,20,50,60";
/* k6's own. */
static const char default_trends[] = "p(95),p(99),min,max,avg,med";

int totals_parse_buckets(struct totals_bounds *bounds, const char *list, struct error *err)
{
    const char *rest = list ? list : default_buckets;
    char item[ITEM_ROOM];
    int found;
    bounds->count = 0;
    while ((found = list_next(&rest, item, sizeof item)) > 0) {
        double bound;
        if (bounds->count == TOTALS_BOUNDS_MAX)
            return error_set(err, "there are more than %d buckets", TOTALS_BOUNDS_MAX);
        if (amount_parse(item, AMOUNT_DURATION, 1e-6, 1e6, &bound) < 0)
            return error_set(err,
                             "'%s' is no bucket: a bucket is its upper bound, such as 0.1 or "
                             "100ms, from 1us to 1000000",
                             item);
        bound = round(bound * 1e6) / 1e6; /* as values are: 100us is the number 0.0001 */
        if (bounds->count && bound <= bounds->le[bounds->count - 1])
            return error_set(err, "'%s' is not above the bucket before: they must grow", item);
        bounds->le[bounds->count++] = bound;
    }
    return found == 0 ? 0 : error_set(err, "a bucket in the list is empty or too long");
}

/* p(99.9), whose suffix is _p999, as k6 has it. */
static int parse_percentile(struct totals_trend *trend, const char *item)
{
    char *end;
    if (strncmp(item, "p(", 2) != 0 || !isdigit((unsigned char)item[2]) ||
        strspn(item + 2, "0123456789.") + 3 != strlen(item))
        return -1;
    trend->kind = TREND_QUANTILE;
    trend->share = strtod(item + 2, &end) / 100;
    if (strcmp(end, ")") != 0 || trend->share > 1)
        return -1;
    size_t len = 0;
    trend->suffix[len++] = '_';
    for (const char *at = item; *at != ')' && len + 1 < sizeof trend->suffix; at++)
        if (*at != '(' && *at != '.')
            trend->suffix[len++] = *at;
    trend->suffix[len] = '\0';
    return 0;
}

static int parse_trend(struct totals_trend *trend, const char *item)
{
    static const struct {
        const char *name;
        struct totals_trend trend;
    } named[] = {
        {"med", {TREND_QUANTILE, 0.5, "_med"}}, {"min", {TREND_MIN, 0, "_min"}},
        {"max", {TREND_MAX, 0, "_max"}},        {"avg", {TREND_AVG, 0, "_avg"}},
        {"count", {TREND_COUNT, 0, "_count"}},
    };
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strcmp(item, named[i].name) == 0) {
            *trend = named[i].trend;
            return 0;
        }
    return parse_percentile(trend, item);
}

int totals_parse_trend_stats(struct totals_trends *trends, const char *list, struct error *err)
{
    const char *rest = list ? list : default_trends;
    char item[ITEM_ROOM];
    int found;
    trends->count = 0;
    while ((found = list_next(&rest, item, sizeof item)) > 0) {
        struct totals_trend trend;
        if (parse_trend(&trend, item) < 0)
            return error_set(err,
                             "there is no trend '%s'; use avg, min, med, max, count or p(N), "
                             "N being 0 to 100",
                             item);
        for (size_t i = 0; i < trends->count; i++)
            if (strcmp(trends->of[i].suffix, trend.suffix) == 0)
                return error_set(err, "'%s' is in the list twice, as %s", item, trend.suffix);
        if (trends->count == TOTALS_TRENDS_MAX)
            return error_set(err, "there are more than %d trends", TOTALS_TRENDS_MAX);
        trends->of[trends->count++] = trend;
    }
    return found == 0 ? 0 : error_set(err, "a trend in the list is empty or too long");
}
