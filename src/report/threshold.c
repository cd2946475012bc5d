/* A threshold keeps just what its aggregate needs: counts, a sum and extremes, and a
 * histogram if it asks for a percentile. */
#include "report/threshold.h"

#include "base/clock.h"
#include "base/text.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_percentile(const struct threshold *t)
{
    return t->rule.aggregate == AGGREGATE_MED || t->rule.aggregate == AGGREGATE_PERCENTILE;
}

/* Also notes which keys have come, so a key that has not is looked at even if an earlier one
 * has decided. */
static bool matches(struct threshold *threshold, const struct transfer *t)
{
    char room[TEXT_ROOM];
    bool all = true;
    for (size_t i = 0; i < threshold->rule.filter_count; i++) {
        const struct threshold_filter *const filter = &threshold->rule.filters[i];
        if (!all && threshold->key_came[i])
            continue;
        const char *const value = transfer_value(t, filter->key, filter->field, room);
        threshold->key_came[i] |= value != NULL;
        all &= value && strcmp(value, filter->value) == 0;
    }
    return all;
}

/* The metric's number, if the transfer has it. */
static bool find_number(const struct threshold_rule *rule, const struct transfer *t, double *number)
{
    for (size_t i = 0; rule->extra && i < t->extra_count; i++)
        if (strcmp(t->extras[i].name, rule->extra) == 0) {
            *number = t->extras[i].value;
            return true;
        }
    if (rule->extra || !transfer_has(t, rule->metric))
        return false;
    *number = t->number[rule->metric];
    return true;
}

static void add_value(struct threshold *t, double value)
{
    t->min = t->seen && t->min < value ? t->min : value;
    t->max = t->seen && t->max > value ? t->max : value;
    t->seen++;
    t->not_zero += value > 0 || value < 0;
    t->sum += value;
    if (is_percentile(t))
        histogram_add(&t->histogram, value - t->base);
}

int threshold_init(struct threshold *threshold, const char *expression, struct error *err)
{
    *threshold = (struct threshold){0};
    histogram_init(&threshold->histogram, HISTOGRAM_BYTES);
    return threshold_rule_parse(&threshold->rule, expression, err);
}

void threshold_release(struct threshold *threshold)
{
    threshold_rule_release(&threshold->rule);
    histogram_release(&threshold->histogram);
}

void threshold_add(struct threshold *threshold, const struct transfer *transfer)
{
    struct threshold *const t = threshold;
    double number;
    const bool is_of_transfers = threshold_is_of_transfers(&t->rule);
    const bool has_number = !is_of_transfers && find_number(&t->rule, transfer, &number);
    t->metric_came |= is_of_transfers || has_number;
    if (!matches(t, transfer))
        return;
    const int64_t time_ns = transfer->time_ns;
    if (is_of_transfers) {
        t->first_ns = t->seen && t->first_ns < time_ns ? t->first_ns : time_ns;
        t->last_ns = t->seen && t->last_ns > time_ns ? t->last_ns : time_ns;
        add_value(t, 1);
    } else if (has_number) {
        /* The histogram's error is a share of the value: of the time that is left, not of
         * the years since 1970. */
        if (t->rule.metric == F_CERT_EXPIRY && !t->seen)
            t->base = (double)(time_ns / NS_PER_S);
        add_value(t, number);
    }
}

/* Rounds the estimate of a percentile to the digits that curl writes. */
static double as_written(const struct threshold *t, double value)
{
    const double parts = t->rule.unit == UNIT_SECONDS || t->rule.extra       ? 1e6
                         : field_table[t->rule.metric].kind == FIELD_VERSION ? 10
                                                                             : 1;
    return fabs(value) < 1e9 ? round(value * parts) / parts : value;
}

/* Removes what adding binary fractions has added: the mean of three 0.1 is 0.1. */
static double without_noise(double mean)
{
    return fabs(mean) < 1e6 ? round(mean * 1e9) / 1e9 : mean;
}

static double value_of(const struct threshold *t)
{
    switch (t->rule.aggregate) {
    case AGGREGATE_AVG:
        return without_noise(t->sum / (double)t->seen);
    case AGGREGATE_MIN:
        return t->min;
    case AGGREGATE_MAX:
        return t->max;
    case AGGREGATE_MED:
    case AGGREGATE_PERCENTILE:
        return as_written(t, t->base + histogram_quantile(&t->histogram, t->rule.quantile));
    case AGGREGATE_COUNT:
        return (double)t->not_zero;
    case AGGREGATE_RATE:
        return threshold_is_of_transfers(&t->rule) ? transfer_rate(t->seen, t->first_ns, t->last_ns)
                                                   : (double)t->not_zero / (double)t->seen;
    }
    return 0;
}

static bool holds(enum threshold_operator operator, double value, double bound)
{
    switch (operator) {
    case OPERATOR_LESS:
        return value < bound;
    case OPERATOR_AT_MOST:
        return value <= bound;
    case OPERATOR_MORE:
        return value > bound;
    case OPERATOR_AT_LEAST:
        return value >= bound;
    case OPERATOR_EQUAL:
        return value >= bound && value <= bound;
    case OPERATOR_NOT_EQUAL:
        return value < bound || value > bound;
    }
    return false;
}

struct threshold_result threshold_judge(const struct threshold *threshold, int64_t now_ns)
{
    const struct threshold *const t = threshold;
    struct threshold_result result = {.seen = t->seen > 0};
    /* 0 transfers are a count as well; a rate needs two */
    if (threshold_is_of_transfers(&t->rule))
        result.seen = t->rule.aggregate == AGGREGATE_COUNT || t->last_ns > t->first_ns;
    if (!result.seen)
        return result;
    result.value = value_of(t);
    if (t->rule.metric == F_CERT_EXPIRY && t->rule.unit == UNIT_SECONDS)
        result.value -= (double)now_ns / (double)NS_PER_S;
    result.held = holds(t->rule.operator, result.value, t->rule.bound);
    return result;
}

/* Whether a value that can only grow has left the bound behind. */
static bool is_above_for_good(enum threshold_operator operator, double value, double bound)
{
    return operator== OPERATOR_LESS                                 ? value >= bound :
           operator== OPERATOR_AT_MOST || operator== OPERATOR_EQUAL ? value > bound
                                                                    : false;
}

/* Whether a value that can only fall has. */
static bool is_below_for_good(enum threshold_operator operator, double value, double bound)
{
    return operator== OPERATOR_MORE                                  ? value <= bound :
           operator== OPERATOR_AT_LEAST || operator== OPERATOR_EQUAL ? value < bound
                                                                     : false;
}

/* A share comes nearer to any value between 0 and 1 again, if only enough transfers follow.
 * But one that was above 0 stays above it, and one that was below 1 below. */
static bool is_share_lost(const struct threshold *t)
{
    const bool some = t->not_zero > 0, all = t->not_zero == t->seen;
    return is_above_for_good(t->rule.operator, some ? DBL_MIN : 0, t->rule.bound) ||
           is_below_for_good(t->rule.operator, all ? 1 : 1 - DBL_EPSILON, t->rule.bound);
}

bool threshold_is_lost(const struct threshold *threshold, int64_t now_ns)
{
    const struct threshold_rule *const rule = &threshold->rule;
    const struct threshold_result result = threshold_judge(threshold, now_ns);
    if (!result.seen)
        return false;
    switch (rule->aggregate) {
    case AGGREGATE_MAX: /* the time that is left becomes less by itself */
        return rule->metric != F_CERT_EXPIRY &&
               is_above_for_good(rule->operator, result.value, rule->bound);
    case AGGREGATE_COUNT:
        return is_above_for_good(rule->operator, result.value, rule->bound);
    case AGGREGATE_MIN:
        return is_below_for_good(rule->operator, result.value, rule->bound);
    case AGGREGATE_RATE:
        return !threshold_is_of_transfers(rule) && is_share_lost(threshold);
    case AGGREGATE_AVG:
    case AGGREGATE_MED:
    case AGGREGATE_PERCENTILE:
        break;
    }
    return false;
}

const char *threshold_result_text(const struct threshold *t, const struct threshold_result *result,
                                  const struct screen *screen, char *out)
{
    char number[NUMBER_ROOM];
    const double value = result->value;
    if (!result->seen)
        return threshold_is_of_transfers(&t->rule) ? "no two times seen" : "never seen";
    switch (t->rule.unit) {
    case UNIT_SECONDS:
        return screen_seconds(screen, out, value);
    case UNIT_BYTES:
        return screen_bytes(out, value);
    case UNIT_SPEED:
        screen_bytes(number, value);
        snprintf(out, SCREEN_ROOM, "%.20s/s", number);
        return out;
    case UNIT_SHARE:
        return screen_share(out, t->not_zero, t->seen);
    case UNIT_RATE:
        return screen_rate(out, value);
    case UNIT_NUMBER:
        break;
    }
    if (value >= 0 && value < 1e15 && value == floor(value))
        return screen_count(out, (uint64_t)value);
    snprintf(out, SCREEN_ROOM, "%.6g", value);
    return out;
}

size_t thresholds_print(const struct threshold *thresholds, size_t count, int64_t now_ns,
                        const struct screen *screen, struct buf *out)
{
    enum { MARK = 7, VALUE = 12, LONGEST = 100 };
    const char *const good = screen->utf8 ? "✓" : "ok", *const bad = screen->utf8 ? "✗" : "FAIL";
    const int mark = screen->utf8 ? 2 : 5;
    const size_t room = screen->width - MARK - VALUE;
    char clean[TEXT_ROOM];
    size_t longest = 0, crossed = 0;
    for (size_t i = 0; i < count; i++) {
        text_clean(clean, thresholds[i].rule.expression, false);
        const size_t length = screen_columns(clean);
        longest = length > longest ? length : longest;
    }
    longest = longest > room ? room : longest;
    screen_styled(screen, out, STYLE_BOLD, "thresholds", 0);
    buf_append_text(out, "\n");
    for (size_t i = 0; i < count; i++) {
        const struct threshold_result result = threshold_judge(&thresholds[i], now_ns);
        char text[SCREEN_ROOM];
        crossed += !result.held;
        buf_append_text(out, "  ");
        screen_styled(screen, out, result.held ? STYLE_GOOD : STYLE_BAD, result.held ? good : bad,
                      mark);
        text_clean(clean, thresholds[i].rule.expression, false);
        screen_cell(screen, out, clean, (int)longest);
        buf_printf(out, "  %s\n",
                   threshold_result_text(&thresholds[i], &result, screen, text));
    }
    return crossed;
}
