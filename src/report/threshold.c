/* A threshold keeps just what its aggregate needs: counts, a sum and extremes, and a
 * histogram if it asks for a percentile. */
#include "report/threshold.h"

#include "base/clock.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_percentile(const struct threshold *t)
{
    return t->rule.aggregate == AGGREGATE_MED || t->rule.aggregate == AGGREGATE_PERCENTILE;
}

static bool matches(const struct threshold_filter *filter, const struct transfer *t)
{
    char room[TEXT_ROOM];
    const char *const value = transfer_value(t, filter->key, filter->field, room);
    return value && strcmp(value, filter->value) == 0;
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
    for (size_t i = 0; i < t->rule.filter_count; i++)
        if (!matches(&t->rule.filters[i], transfer))
            return;
    const int64_t time_ns = transfer->time_ns;
    if (t->rule.metric == FIELD_NONE) {
        t->first_ns = t->seen && t->first_ns < time_ns ? t->first_ns : time_ns;
        t->last_ns = t->seen && t->last_ns > time_ns ? t->last_ns : time_ns;
        add_value(t, 1);
    } else if (transfer_has(transfer, t->rule.metric)) {
        /* The histogram's error is a share of the value: of the time that is left, not of
         * the years since 1970. */
        if (t->rule.metric == F_CERT_EXPIRY && !t->seen)
            t->base = (double)(time_ns / NS_PER_S);
        add_value(t, transfer->number[t->rule.metric]);
    }
}

/* Rounds the estimate of a percentile to the digits that curl writes. */
static double as_written(const struct threshold *t, double value)
{
    const double parts = t->rule.unit == UNIT_SECONDS                        ? 1e6
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
    const double span_s = (double)(t->last_ns - t->first_ns) / (double)NS_PER_S;
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
        return t->rule.metric != FIELD_NONE ? (double)t->not_zero / (double)t->seen
               : span_s > 0                 ? (double)(t->seen - 1) / span_s
                                            : 0;
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
    if (t->rule.metric == FIELD_NONE)
        result.seen = t->rule.aggregate == AGGREGATE_COUNT || t->last_ns > t->first_ns;
    if (!result.seen)
        return result;
    result.value = value_of(t);
    if (t->rule.metric == F_CERT_EXPIRY && t->rule.unit == UNIT_SECONDS)
        result.value -= (double)now_ns / (double)NS_PER_S;
    result.held = holds(t->rule.operator, result.value, t->rule.bound);
    return result;
}

static const char *shown(const struct threshold *t, const struct screen *screen, char *out,
                         double value)
{
    char number[NUMBER_ROOM];
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
                   result.seen ? shown(&thresholds[i], screen, text, result.value)
                   : thresholds[i].rule.metric == FIELD_NONE ? "no two times seen"
                                                             : "never seen");
    }
    return crossed;
}
