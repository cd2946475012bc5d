/* Why: a threshold is typed once and then guards for years, so what is wrong with
 * it must be said at once, where it is, and with what was perhaps meant. */
#include "report/threshold_parse.h"

#include "base/amount.h"
#include "base/text.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where the reading stands. */
struct cursor {
    const char *expression, *at;
    struct error *err;
};

static const char *const aggregates[] = {"avg", "min", "max", "med", "p", "count", "rate", NULL};

static const struct {
    const char *text;
    enum threshold_operator operator;
} operators[] = {
    {"<=", OPERATOR_AT_MOST}, {">=", OPERATOR_AT_LEAST},  {"===", OPERATOR_EQUAL},
    {"==", OPERATOR_EQUAL},   {"!=", OPERATOR_NOT_EQUAL}, {"<", OPERATOR_LESS},
    {">", OPERATOR_MORE},
};

/* k6's metrics, for those who come from there. */
static const char *const k6_names[][2] = {
    {"http_reqs", "transfers"},
    {"http_req_failed", "failed"},
    {"http_req_duration", "time_total"},
    {"http_req_connecting", "phase_connect"},
    {"http_req_tls_handshaking", "phase_tls"},
    {"http_req_sending", "phase_send"},
    {"http_req_waiting", "phase_wait"},
    {"http_req_receiving", "phase_transfer"},
    {"data_received", "size_download"},
    {"data_sent", "size_upload"},
};

static const char *const units[] = {
    [UNIT_NUMBER] = "a number",
    [UNIT_SECONDS] = "a time, such as 500ms, 1.5s or 14d",
    [UNIT_BYTES] = "a size, such as 500, 64K or 1M",
    [UNIT_SPEED] = "bytes a second, such as 500, 64K or 1M",
    [UNIT_SHARE] = "a share, such as 0.01 or 1%",
    [UNIT_RATE] = "a number a second",
};

static size_t word_length(const char *at)
{
    return strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
}

static int wrong(const struct cursor *c, const char *at, const char *why)
{
    /* the word, or all that is left */
    const size_t word = isalpha((unsigned char)*at) ? word_length(at) : 0;
    const size_t length = word ? word : strlen(at);
    if (length)
        return error_set(c->err, "--threshold '%.150s': at '%.*s': %.200s", c->expression,
                         length < 60 ? (int)length : 60, at, why);
    return error_set(c->err, "--threshold '%.150s': at the end: %.200s", c->expression, why);
}

static void skip_spaces(struct cursor *c)
{
    c->at += strspn(c->at, " ");
}

static bool skip(struct cursor *c, const char *text)
{
    skip_spaces(c);
    if (strncmp(c->at, text, strlen(text)) != 0)
        return false;
    c->at += strlen(text);
    skip_spaces(c);
    return true;
}

static int parse_metric(struct cursor *c, struct threshold *t)
{
    struct error why = {""};
    char name[64];
    skip_spaces(c);
    const char *const begin = c->at;
    const size_t length = word_length(begin);
    if (length == 0 || length >= sizeof name)
        return wrong(c, begin, "a threshold begins with a metric, such as time_total");
    memcpy(name, begin, length);
    name[length] = '\0';
    c->at += length;
    t->metric = FIELD_NONE;
    if (strcmp(name, "transfers") == 0)
        return 0;
    for (size_t i = 0; i < sizeof k6_names / sizeof *k6_names; i++)
        if (strcmp(name, k6_names[i][0]) == 0) {
            error_set(&why, "k6's %s is %s here", name, k6_names[i][1]);
            return wrong(c, begin, why.text);
        }
    t->metric = field_named(name, &why);
    if (t->metric == FIELD_NONE)
        return wrong(c, begin, why.text);
    if (field_is_number(t->metric))
        return 0;
    error_set(&why, "%s is no number", name);
    return wrong(c, begin, why.text);
}

/* The value of a tag, in quotes or not. NULL: none, or no memory. */
static char *parse_value(struct cursor *c)
{
    const char *begin = c->at;
    size_t length = strcspn(begin, ",}");
    if (*begin == '"') {
        begin++;
        length = strcspn(begin, "\"");
        if (begin[length] != '"')
            return NULL;
        c->at = begin + length + 1;
    } else {
        c->at += length;
        while (length && begin[length - 1] == ' ')
            length--;
    }
    return length ? strndup(begin, length) : NULL;
}

static int parse_filters(struct cursor *c, struct threshold *t)
{
    if (!skip(c, "{"))
        return 0;
    do {
        skip_spaces(c);
        const char *const begin = c->at;
        const size_t length = word_length(begin);
        c->at += length;
        if (length == 0 || !skip(c, "="))
            return wrong(c, begin, "TAG=VALUE is wanted between { and }");
        if (t->filter_count == THRESHOLD_FILTERS_MAX)
            return wrong(c, begin, "too many tags");
        struct threshold_filter *const filter = &t->filters[t->filter_count++];
        *filter = (struct threshold_filter){.key = strndup(begin, length)};
        filter->value = parse_value(c);
        if (!filter->key || !filter->value)
            return wrong(c, begin, "TAG=VALUE wants a value, in \" if it holds , or }");
        filter->field = field_find(filter->key, 0);
    } while (skip(c, ","));
    return skip(c, "}") ? 0 : wrong(c, c->at, "a } is missing");
}

static int parse_aggregate(struct cursor *c, struct threshold *t)
{
    struct error why = {""};
    char name[16];
    if (!skip(c, ":"))
        return wrong(c, c->at, "a : and an aggregate are wanted, such as :p(95)");
    const char *const begin = c->at;
    const size_t length = strspn(begin, "abcdefghijklmnopqrstuvwxyz");
    size_t i = 0;
    memcpy(name, begin, length < sizeof name ? length : sizeof name - 1);
    name[length < sizeof name ? length : sizeof name - 1] = '\0';
    while (aggregates[i] && strcmp(name, aggregates[i]) != 0)
        i++;
    if (!aggregates[i]) {
        const char *const near = *name ? text_nearest(name, aggregates) : NULL;
        error_set(&why, "the aggregates are avg, min, max, med, p(N), count and rate%s%s%s",
                  near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
        return wrong(c, begin, why.text);
    }
    t->aggregate = (enum threshold_aggregate)i;
    t->quantile = 0.5;
    c->at += length;
    if (t->metric == FIELD_NONE && t->aggregate < AGGREGATE_COUNT)
        return wrong(c, begin, "transfers has count and rate only");
    if (t->aggregate != AGGREGATE_PERCENTILE)
        return 0;
    char *end = NULL;
    if (skip(c, "(") && strchr("0123456789.", *c->at)) {
        t->quantile = strtod(c->at, &end) / 100;
        c->at = end;
    }
    if (!end || !(t->quantile >= 0 && t->quantile <= 1) || !skip(c, ")"))
        return wrong(c, begin, "p takes a number from 0 to 100: p(95)");
    return 0;
}

static enum threshold_unit unit_of(const struct threshold *t)
{
    const char *const unit = t->metric == FIELD_NONE ? "" : field_table[t->metric].unit;
    if (t->aggregate == AGGREGATE_COUNT)
        return UNIT_NUMBER;
    if (t->aggregate == AGGREGATE_RATE)
        return t->metric == FIELD_NONE ? UNIT_RATE : UNIT_SHARE;
    return strcmp(unit, "seconds") == 0            ? UNIT_SECONDS
           : strcmp(unit, "bytes") == 0            ? UNIT_BYTES
           : strcmp(unit, "bytes_per_second") == 0 ? UNIT_SPEED
                                                   : UNIT_NUMBER;
}

static int parse_operator(struct cursor *c, struct threshold *t)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (skip(c, operators[i].text)) {
            t->operator= operators[i].operator;
            return 0;
        }
    return wrong(c, c->at, "an operator is wanted: < <= > >= == !=");
}

static int parse_bound(struct cursor *c, struct threshold *t)
{
    struct error why = {""};
    char text[64];
    const char *const begin = c->at;
    const bool negative = *begin == '-';
    size_t length = strlen(begin + negative);
    while (length && begin[negative + length - 1] == ' ')
        length--;
    t->unit = unit_of(t);
    double percent = 1;
    if (t->unit == UNIT_SHARE && length && begin[negative + length - 1] == '%') {
        percent = 100;
        length--;
    }
    const enum amount_kind kind = t->unit == UNIT_SECONDS                          ? AMOUNT_DURATION
                                  : t->unit == UNIT_BYTES || t->unit == UNIT_SPEED ? AMOUNT_SIZE
                                                                                   : AMOUNT_COUNT;
    if (length < sizeof text) {
        memcpy(text, begin + negative, length);
        text[length] = '\0';
        if (amount_parse(text, kind, 0, DBL_MAX, &t->bound) == 0) {
            t->bound = (negative ? -t->bound : t->bound) / percent;
            /* 9 * 1e-3 and 0.7 / 100 are not what 0.009 and 7 / 1000 are */
            if (fabs(t->bound) < 1e6)
                t->bound = round(t->bound * 1e9) / 1e9;
            return 0;
        }
    }
    error_set(&why, "%s is wanted here", units[t->unit]);
    return wrong(c, begin, why.text);
}

int threshold_parse(struct threshold *threshold, const char *expression, struct error *err)
{
    struct cursor c = {expression, expression, err};
    threshold->expression = expression;
    return parse_metric(&c, threshold) < 0 || parse_filters(&c, threshold) < 0 ||
                   parse_aggregate(&c, threshold) < 0 || parse_operator(&c, threshold) < 0 ||
                   parse_bound(&c, threshold) < 0
               ? -1
               : 0;
}
