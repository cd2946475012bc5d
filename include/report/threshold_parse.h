/* threshold_parse: the expression of a threshold, in k6's words, and what it means.
 *
 *     METRIC[{KEY=VALUE[,KEY=VALUE]}]:AGGREGATE OPERATOR VALUE
 *
 *     time_total:p(95)<500ms         failed:rate<1%
 *     phase_wait{label=a}:med<80ms   transfers:count>=100    cert_expiry:min>14d
 *
 * METRIC is `transfers`, or any number that is stored. KEY is a tag or any of curl's
 * keys; a VALUE of it that holds , or } stands in double quotes. Both may be names that
 * field_table does not know: a newer curl's, or a person's own. AGGREGATE:
 *
 *   avg min max med p(N)   of all values; percentiles as histogram.h defines them
 *   count                  how many transfers have a value that is not 0
 *   rate                   their share of the transfers that have a value
 *
 * `transfers` has count, and rate, which is transfers a second by the stored times.
 * OPERATOR: < <= > >= == (also ===) !=. VALUE takes the units of the metric: us ms s m
 * h d for seconds, which no time but 0 may lack; B K M G for bytes and bytes a second; % for
 * shares. cert_expiry is compared, and shown, as the time that is left from now. */
#ifndef TSDB_EXPORTER_REPORT_THRESHOLD_PARSE_H
#define TSDB_EXPORTER_REPORT_THRESHOLD_PARSE_H

#include "model/tags.h"

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
    char *key, *value;   /* owned; the value is clean, as transfer_value's are */
    enum field_id field; /* the key as a field, or FIELD_NONE */
};

/* What an expression means. */
struct threshold_rule {
    const char *expression;
    enum field_id metric; /* FIELD_NONE: `extra` or, without it, transfers */
    char *extra;          /* owned; a number that field_table does not know, or NULL */
    struct threshold_filter filters[THRESHOLD_FILTERS_MAX];
    size_t filter_count;
    enum threshold_aggregate aggregate;
    double quantile; /* for AGGREGATE_MED and AGGREGATE_PERCENTILE, 0 to 1 */
    enum threshold_operator operator;
    enum threshold_unit unit;
    double bound;
};

static inline bool threshold_is_of_transfers(const struct threshold_rule *rule)
{
    return rule->metric == FIELD_NONE && !rule->extra;
}

/* The expression must outlive the rule. -1: it is wrong, and the error says where.
 * Release the rule either way. */
int threshold_rule_parse(struct threshold_rule *rule, const char *expression, struct error *err);
/* -1: a key between { and } is misspelt, or can hold secrets (known_keys.h). */
int threshold_rule_check(const struct threshold_rule *rule, const struct tag_plan *tags,
                         struct error *err);
void threshold_rule_release(struct threshold_rule *rule);

#endif
