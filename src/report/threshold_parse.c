/* A threshold is typed once and then guards for years. So every mistake in it is told
 * at the start, with its place and, if there is one, the word that was perhaps meant. */
#include "report/threshold_parse.h"

#include "base/amount.h"
#include "base/spelling.h"
#include "base/text.h"
#include "model/known_keys.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
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

/* What k6 calls it, and what it is here. */
static const char *const k6_names[][2] = {
    {"http_reqs", "transfers"},
    {"http_req_failed", "failed"},
    {"http_req_duration", "phase_send + phase_wait + phase_transfer; time_total has the "
                          "connection as well"},
    {"http_req_blocked", "phase_queue + phase_dns + phase_handshake"},
    {"http_req_looking_up", "phase_dns"},
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
    /* the word at the place, or all that is left */
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

/* A metric that field_table does not know may be a number of a newer curl, or a person's own.
 * Without : or { behind it, it is no metric at all. */
static int parse_extra(struct cursor *c, const char *begin, const char *name,
                       struct threshold_rule *rule)
{
    struct error why = {""};
    skip_spaces(c);
    if (spelling_is_slip(name, "transfers"))
        error_set(&why, "curl has no key '%s'; did you mean 'transfers'?", name);
    else if (*c->at != ':' && *c->at != '{')
        error_set(&why, "curl has no key '%s'", name);
    else if (known_keys_check(NULL, name, &why) == 0) {
        rule->extra = strdup(name);
        return rule->extra ? 0 : error_set(c->err, "out of memory");
    }
    return wrong(c, begin, why.text);
}

static int parse_metric(struct cursor *c, struct threshold_rule *rule)
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
    rule->metric = FIELD_NONE;
    if (strcmp(name, "transfers") == 0)
        return 0;
    for (size_t i = 0; i < sizeof k6_names / sizeof *k6_names; i++)
        if (strcmp(name, k6_names[i][0]) == 0) {
            error_set(&why, "k6's %s is here %s", name, k6_names[i][1]);
            return wrong(c, begin, why.text);
        }
    rule->metric = field_find(name, 0);
    if (rule->metric == FIELD_NONE)
        return parse_extra(c, begin, name, rule);
    if (field_is_number(rule->metric))
        return 0;
    error_set(&why, "%s is not a number", name);
    return wrong(c, begin, why.text);
}

/* The value of a key, in quotes or not, cleaned as those that it is compared with. NULL:
 * there is none, or no memory. */
static char *parse_value(struct cursor *c)
{
    char given[TEXT_ROOM], clean[TEXT_ROOM];
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
    if (length == 0 || length >= sizeof given)
        return NULL;
    memcpy(given, begin, length);
    given[length] = '\0';
    text_clean(clean, given, true);
    return strdup(clean);
}

static int parse_filters(struct cursor *c, struct threshold_rule *rule)
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
        if (rule->filter_count == THRESHOLD_FILTERS_MAX)
            return wrong(c, begin, "too many tags");
        struct threshold_filter *const filter = &rule->filters[rule->filter_count++];
        *filter = (struct threshold_filter){.key = strndup(begin, length)};
        filter->value = parse_value(c);
        if (!filter->key || !filter->value)
            return wrong(c, begin, "TAG=VALUE wants a value, in \" if it holds , or }");
        filter->field = field_find(filter->key, 0);
    } while (skip(c, ","));
    return skip(c, "}") ? 0 : wrong(c, c->at, "a } is missing");
}

static int parse_aggregate(struct cursor *c, struct threshold_rule *rule)
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
        char room[SPELLING_ROOM];
        error_set(&why, "the aggregates are avg, min, max, med, p(N), count and rate%s",
                  *name ? spelling_hint(room, name, aggregates, "", "") : "");
        return wrong(c, begin, why.text);
    }
    rule->aggregate = (enum threshold_aggregate)i;
    rule->quantile = 0.5;
    c->at += length;
    if (threshold_is_of_transfers(rule) && rule->aggregate < AGGREGATE_COUNT)
        return wrong(c, begin, "transfers has count and rate only");
    if (rule->aggregate != AGGREGATE_PERCENTILE)
        return 0;
    char *end = NULL;
    if (skip(c, "(") && strchr("0123456789.", *c->at)) {
        rule->quantile = strtod(c->at, &end) / 100;
        c->at = end;
    }
    if (!end || !(rule->quantile >= 0 && rule->quantile <= 1) || !skip(c, ")"))
        return wrong(c, begin, "p takes a number from 0 to 100: p(95)");
    return 0;
}

static enum threshold_unit unit_of(const struct threshold_rule *rule)
{
    const char *const unit = rule->metric == FIELD_NONE ? "" : field_table[rule->metric].unit;
    if (rule->aggregate == AGGREGATE_COUNT)
        return UNIT_NUMBER;
    if (rule->aggregate == AGGREGATE_RATE)
        return threshold_is_of_transfers(rule) ? UNIT_RATE : UNIT_SHARE;
    return strcmp(unit, "seconds") == 0            ? UNIT_SECONDS
           : strcmp(unit, "bytes") == 0            ? UNIT_BYTES
           : strcmp(unit, "bytes_per_second") == 0 ? UNIT_SPEED
                                                   : UNIT_NUMBER;
}

static int parse_operator(struct cursor *c, struct threshold_rule *rule)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (skip(c, operators[i].text)) {
            rule->operator= operators[i].operator;
            return 0;
        }
    return wrong(c, c->at, "an operator is wanted: < <= > >= == !=");
}

/* k6 counts milliseconds, and curl seconds: a time without a unit would mean a thousand times
 * what its writer meant, and hold for ever. */
static int wrong_unit(const struct cursor *c, const char *begin, const struct threshold_rule *rule)
{
    struct error why = {""};
    const int length = (int)strcspn(begin, " ");
    const char *const units_meant[] = {rule->metric == F_CERT_EXPIRY ? "d" : "ms",
                                       rule->metric == F_CERT_EXPIRY ? "h" : "s"};
    error_set(&why, "a time needs a unit: write %.*s%s or %.*s%s", length, begin, units_meant[0],
              length, begin, units_meant[1]);
    return wrong(c, begin, why.text);
}

static enum amount_kind amount_of(const struct threshold_rule *rule)
{
    return rule->unit == UNIT_SECONDS                             ? AMOUNT_DURATION
           : rule->unit == UNIT_BYTES || rule->unit == UNIT_SPEED ? AMOUNT_SIZE
                                                                  : AMOUNT_COUNT;
}

static int parse_bound(struct cursor *c, struct threshold_rule *rule)
{
    struct error why = {""};
    char text[64];
    const char *const begin = c->at;
    const bool negative = *begin == '-';
    size_t length = strlen(begin + negative);
    while (length && begin[negative + length - 1] == ' ')
        length--;
    rule->unit = unit_of(rule);
    double percent = 1;
    if (rule->unit == UNIT_SHARE && length && begin[negative + length - 1] == '%') {
        percent = 100;
        length--;
    }
    /* of a name that only a newer curl knows the unit is the one that is written */
    if (rule->extra && rule->unit == UNIT_NUMBER && rule->aggregate < AGGREGATE_COUNT &&
        strncmp(rule->extra, "time_", 5) == 0 && length &&
        isalpha((unsigned char)begin[negative + length - 1]))
        rule->unit = UNIT_SECONDS;
    if (length < sizeof text) {
        memcpy(text, begin + negative, length);
        text[length] = '\0';
        if (amount_parse(text, amount_of(rule), 0, DBL_MAX, &rule->bound) == 0) {
            const bool has_unit = isalpha((unsigned char)text[length - 1]);
            if (rule->unit == UNIT_SECONDS && !has_unit && rule->bound > 0)
                return wrong_unit(c, begin, rule);
            rule->bound = (negative ? -rule->bound : rule->bound) / percent;
            /* in binary, 9 * 1e-3 is not 0.009, and 0.7 / 100 is not 7 / 1000 */
            if (fabs(rule->bound) < 1e6)
                rule->bound = round(rule->bound * 1e9) / 1e9;
            return 0;
        }
    }
    error_set(&why, "%s is wanted here", units[rule->unit]);
    return wrong(c, begin, why.text);
}

int threshold_rule_parse(struct threshold_rule *rule, const char *expression, struct error *err)
{
    struct cursor c = {expression, expression, err};
    *rule = (struct threshold_rule){.expression = expression};
    return parse_metric(&c, rule) < 0 || parse_filters(&c, rule) < 0 ||
                   parse_aggregate(&c, rule) < 0 || parse_operator(&c, rule) < 0 ||
                   parse_bound(&c, rule) < 0
               ? -1
               : 0;
}

int threshold_rule_check(const struct threshold_rule *rule, const struct tag_plan *tags,
                         struct error *err)
{
    struct error why;
    for (size_t i = 0; i < rule->filter_count; i++)
        if (known_keys_check(tags, rule->filters[i].key, &why) < 0)
            return error_set(err, "--threshold '%.150s': %.200s", rule->expression, why.text);
    return 0;
}

void threshold_rule_release(struct threshold_rule *rule)
{
    free(rule->extra);
    for (size_t i = 0; i < rule->filter_count; i++) {
        free(rule->filters[i].key);
        free(rule->filters[i].value);
    }
}
