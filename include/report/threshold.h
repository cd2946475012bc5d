/* threshold: a promise about the transfers of a run, in k6's words.
 *
 *     METRIC[{TAG=VALUE[,TAG=VALUE]}]:AGGREGATE OPERATOR VALUE
 *
 *     time_total:p(95)<500ms         failed:rate<1%
 *     phase_wait{label=a}:med<80ms   transfers:count>=100    cert_expiry:min>14d
 *
 * METRIC is `transfers`, or any number that is stored. TAG is a tag or any of
 * curl's keys; a VALUE of it that holds , or } stands in double quotes. AGGREGATE:
 *
 *   avg min max med p(N)   of all values; percentiles as histogram.h defines them
 *   count                  how many transfers have a value that is not 0
 *   rate                   their share of the transfers that have a value
 *
 * `transfers` has count, and rate, which is transfers a second, by the times that
 * are stored. OPERATOR: < <= > >= == (also ===) !=. VALUE takes the units of the
 * metric: us ms s m h d for seconds; B K M G for bytes and bytes a second; % for
 * shares. cert_expiry is compared, and told, as the time that is left from now.
 *
 * Only transfers count: input that was refused does not. */
#ifndef TSDB_EXPORTER_REPORT_THRESHOLD_H
#define TSDB_EXPORTER_REPORT_THRESHOLD_H

#include "model/transfer.h"
#include "report/screen.h"
#include "stats/histogram.h"

#define THRESHOLD_FILTERS_MAX 8

enum threshold_aggregate {
    AGGREGATE_AVG,
    AGGREGATE_MIN,
    AGGREGATE_MAX,
    AGGREGATE_MED,
    AGGREGATE_PERCENTILE,
    AGGREGATE_COUNT,
    AGGREGATE_RATE
};

enum threshold_operator {
    OPERATOR_LESS,
    OPERATOR_AT_MOST,
    OPERATOR_MORE,
    OPERATOR_AT_LEAST,
    OPERATOR_EQUAL,
    OPERATOR_NOT_EQUAL
};

/* What the bound and the value are. */
enum threshold_unit { UNIT_NUMBER, UNIT_SECONDS, UNIT_BYTES, UNIT_SPEED, UNIT_SHARE, UNIT_RATE };

struct threshold_filter {
    char *key, *value;   /* owned */
    enum field_id field; /* the key as a field, or FIELD_NONE */
};

struct threshold {
    const char *expression;
    enum field_id metric; /* FIELD_NONE: transfers */
    struct threshold_filter filters[THRESHOLD_FILTERS_MAX];
    size_t filter_count;
    enum threshold_aggregate aggregate;
    double quantile; /* for AGGREGATE_MED and AGGREGATE_PERCENTILE, 0 to 1 */
    enum threshold_operator operator;
    enum threshold_unit unit;
    double bound;

    uint64_t seen, not_zero; /* transfers */
    int64_t first_ns, last_ns;
    double sum, min, max;
    double base;                /* taken off what is in the histogram */
    struct histogram histogram; /* only for percentiles */
};

struct threshold_result {
    bool seen;    /* there was something to judge */
    double value; /* only when seen */
    bool held;
};

/* The expression must outlive it. -1: wrong, the error points at the place; release
 * it either way. */
int threshold_init(struct threshold *threshold, const char *expression, struct error *err);
void threshold_release(struct threshold *threshold);

void threshold_add(struct threshold *threshold, const struct transfer *transfer);
struct threshold_result threshold_judge(const struct threshold *threshold, int64_t now_ns);

/* One line each, with a title above. Returns how many were crossed. */
size_t thresholds_print(const struct threshold *thresholds, size_t count, int64_t now_ns,
                        const struct screen *screen, struct buf *out);

#endif
