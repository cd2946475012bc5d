/* Why: a time that is wrong is worse than none. What cannot be a time of this
 * transfer is refused with the reason, and what can be is kept to the last digit. */
#include "input/parse_time.h"

#include "base/clock.h"
#include "base/dates.h"
#include "model/transfer.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

const char parse_time_wrong_type[] = "a time that is neither a Unix time nor ISO 8601";
const char parse_time_missing[] = "a time that is missing";
static const char implausible[] = "a time before 2000 or more than 10 minutes ahead";
static const char no_zone[] = "a time without a zone (Z, +01:00)";

/* The unit of a Unix time, in ns: seconds, milliseconds, microseconds or nanoseconds. Each
 * is a thousand times the next, and no time from 2000 on can be taken for one in another. */
static int64_t unit_of(double number)
{
    return number < 1e11 ? NS_PER_S : number < 1e14 ? 1000000 : number < 1e17 ? 1000 : 1;
}

/* Reads "1795423774.748555123" in any unit, exactly. `*end` is behind it, and a comma is read
 * as the point where `comma` allows it: bash's $EPOCHREALTIME has that of the locale. 0, or
 * -1 when it is no number or does not fit. */
static int read_digits(const char *text, bool comma, const char **end, int64_t *ns)
{
    const char *p = text;
    int64_t whole = 0, part = 0;
    for (; isdigit((unsigned char)*p); p++) {
        if (whole > (INT64_MAX - 9) / 10)
            return -1;
        whole = whole * 10 + (*p - '0');
    }
    if (p == text)
        return -1;
    const int64_t unit = unit_of((double)whole);
    if (*p == '.' || (comma && *p == ','))
        for (int64_t digit = unit / 10; isdigit((unsigned char)*++p); digit /= 10)
            part += digit * (*p - '0');
    *end = p;
    if (whole > INT64_MAX / unit - 1)
        return -1;
    *ns = whole * unit + part;
    return 0;
}

/* Finds the digits of the number `seconds` behind a "KEY": in the object. 0 or -1. */
static int find_digits(double seconds, const char *key, const char *object, size_t len, int64_t *ns)
{
    const char *const end = object + len;
    const size_t key_len = strlen(key);
    for (const char *p = object; (p = memchr(p, '"', (size_t)(end - p))); p++) {
        if ((size_t)(end - p) < key_len + 3)
            return -1;
        if (memcmp(p + 1, key, key_len) != 0 || p[key_len + 1] != '"')
            continue;
        const char *at = p + key_len + 2;
        while (at < end && (isspace((unsigned char)*at) || *at == ':'))
            at++;
        const char *behind;
        if (at < end && read_digits(at, false, &behind, ns) == 0 && *behind != 'e' &&
            *behind != 'E' && fabs((double)*ns / 1e9 - seconds) < 2e-6)
            return 0;
    }
    return -1;
}

static const char *judge(int64_t time_ns, int64_t now_ns)
{
    return transfer_time_is_plausible(time_ns, now_ns) ? NULL : implausible;
}

const char *parse_time_of_number(double number, const char *key, const char *object, size_t len,
                                 int64_t now_ns, int64_t *time_ns)
{
    const double seconds = number / 1e9 * (double)unit_of(number);
    if (!(seconds >= 0 && seconds < 9e9)) /* more does not fit into nanoseconds */
        return implausible;
    if (find_digits(seconds, key, object, len, time_ns) < 0)
        *time_ns = (int64_t)(seconds * 1e6) * 1000;
    return judge(*time_ns, now_ns);
}

const char *parse_time_of_text(const char *text, int64_t now_ns, int64_t *time_ns)
{
    char zoned[64];
    const char *end;
    if (!*text)
        return parse_time_missing;
    if (!text[strspn(text, "0123456789.,N")] && isdigit((unsigned char)*text)) {
        if (read_digits(text, true, &end, time_ns) < 0)
            return implausible;
        if (strcmp(end, "N") == 0)
            *time_ns -= *time_ns % NS_PER_S; /* date +%s.%N, where it knows no %N */
        else if (*end)
            return parse_time_wrong_type;
        return judge(*time_ns, now_ns);
    }
    if (dates_parse_iso8601(text, time_ns) == 0)
        return judge(*time_ns, now_ns);
    const int len = snprintf(zoned, sizeof zoned, "%sZ", text);
    return len < (int)sizeof zoned && dates_parse_iso8601(zoned, time_ns) == 0
               ? no_zone
               : parse_time_wrong_type;
}
