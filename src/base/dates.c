/* Why: a time that a person wrote must be read to the last nanosecond, and strptime knows
 * neither fractions nor zones. */
#include "base/dates.h"

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

struct civil {
    int year, month, day, hour, minute, second;
};

/* Days since 1970-01-01 of the proleptic Gregorian calendar; Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms", days_from_civil. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    const int64_t era = (year >= 0 ? year : year - 399) / 400;
    const int64_t year_of_era = year - era * 400;
    const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static int civil_to_seconds(const struct civil *c, int64_t *seconds)
{
    if (c->month < 1 || c->month > 12 || c->day < 1 || c->day > days_in_month(c->year, c->month) ||
        c->hour > 23 || c->minute > 59 || c->second > 60)
        return -1;
    *seconds = days_from_civil(c->year, c->month, c->day) * 86400 + c->hour * 3600 +
               c->minute * 60 + c->second;
    return 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads text of the form of `pattern` into `numbers`: a run of 'd' is a number of
 * exactly as many digits, every other character stands for itself. Returns the end of
 * what was read, or NULL. sscanf would also accept blanks, signs and fewer digits. */
static const char *read_pattern(const char *p, const char *pattern, int *numbers)
{
    while (*pattern) {
        if (*pattern != 'd') {
            if (*p++ != *pattern++)
                return NULL;
            continue;
        }
        for (*numbers = 0; *pattern == 'd'; pattern++, p++) {
            if (!is_digit(*p))
                return NULL;
            *numbers = *numbers * 10 + (*p - '0');
        }
        numbers++;
    }
    return p;
}

/* Reads the digits after a decimal point as nanoseconds; a tenth and later digit is
 * dropped. Returns the end of what was read. */
static const char *read_fraction(const char *p, int64_t *ns)
{
    int64_t unit = NS_PER_S;
    for (*ns = 0; is_digit(*p); p++) {
        unit /= 10;
        *ns += unit * (*p - '0');
    }
    return p;
}

/* Reads "Z", "+01:00", "-0130" or "+01" as seconds east of UTC. Returns the end of what was
 * read, or NULL. */
static const char *read_zone(const char *p, int64_t *east)
{
    int numbers[2];
    *east = 0;
    if (*p == 'Z' || *p == 'z')
        return p + 1;
    if (*p != '+' && *p != '-')
        return NULL;
    const char *end = read_pattern(p + 1, "dd:dd", numbers);
    if (!end && (end = read_pattern(p + 1, "dddd", numbers))) {
        numbers[1] = numbers[0] % 100;
        numbers[0] /= 100;
    }
    if (!end && (end = read_pattern(p + 1, "dd", numbers)))
        numbers[1] = 0;
    if (!end || numbers[0] > 23 || numbers[1] > 59)
        return NULL;
    *east = (*p == '-' ? -1 : 1) * (numbers[0] * 3600 + numbers[1] * 60);
    return end;
}

int dates_parse_iso8601(const char *text, int64_t *ns)
{
    int date[3], time[3];
    int64_t seconds, fraction = 0, east;
    const char *p = read_pattern(text, "dddd-dd-dd", date);
    if (!p || !*p || !strchr("Tt ", *p) || !(p = read_pattern(p + 1, "dd:dd:dd", time)))
        return -1;
    const struct civil c = {date[0], date[1], date[2], time[0], time[1], time[2]};
    if (civil_to_seconds(&c, &seconds) < 0)
        return -1;
    if (*p == '.' || *p == ',')
        p = read_fraction(p + 1, &fraction);
    p = read_zone(p, &east);
    seconds -= east;
    if (!p || *p != '\0' || seconds < INT64_MIN / NS_PER_S + 1 || seconds > INT64_MAX / NS_PER_S ||
        (seconds == INT64_MAX / NS_PER_S && fraction > INT64_MAX % NS_PER_S))
        return -1;
    *ns = seconds * NS_PER_S + fraction;
    return 0;
}

/* Reads a certificate's zone: " GMT", " UTC+02:30", " UTC-3", " +0100" or nothing, which is
 * UTC; as seconds east. Returns the end of what was read. */
static const char *read_certificate_zone(const char *p, int64_t *east)
{
    static const char *const patterns[] = {"dd:dd", "dddd", "dd", "d"};
    *east = 0;
    if (strncmp(p, " GMT", 4) == 0)
        return p + 4;
    const char *const sign = p + (strncmp(p, " UTC", 4) == 0 ? 4 : *p == ' ');
    if (sign == p || (*sign != '+' && *sign != '-'))
        return p;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        int n[2] = {0};
        const char *const end = read_pattern(sign + 1, patterns[i], n);
        if (!end)
            continue;
        const int hours = i == 1 ? n[0] / 100 : n[0], minutes = i == 1 ? n[0] % 100 : n[1];
        *east = (*sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
        return hours < 24 && minutes < 60 ? end : p;
    }
    return p;
}

/* Reads OpenSSL's form (ASN1_TIME_print), in which the fraction stands before the year.
 * Returns the end of what was read, or NULL. */
static const char *read_openssl(const char *text, struct civil *c)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int n[4], month = 0;
    int64_t fraction;
    while (month < 12 && strncmp(text, months + (ptrdiff_t)3 * month, 3) != 0)
        month++;
    if (month == 12)
        return NULL;
    const char *p = read_pattern(text + 3, " dd dd:dd:dd", n);
    if (!p)
        p = read_pattern(text + 3, "  d dd:dd:dd", n);
    if (!p)
        return NULL;
    if (*p == '.')
        p = read_fraction(p + 1, &fraction);
    *c = (struct civil){0, month + 1, n[0], n[1], n[2], n[3]};
    return read_pattern(p, " dddd", &c->year);
}

/* Reads the form of all other TLS libraries, written by curl itself (x509asn1.c, GTime2str
 * and UTime2str). Returns the end of what was read, or NULL. */
static const char *read_x509asn1(const char *text, struct civil *c)
{
    int n[6];
    int64_t fraction;
    const char *p = read_pattern(text, "dddd-dd-dd dd:dd:dd", n);
    if (!p)
        return NULL;
    *c = (struct civil){n[0], n[1], n[2], n[3], n[4], n[5]};
    return *p == '.' ? read_fraction(p + 1, &fraction) : p;
}

int dates_parse_certificate(const char *text, int64_t *seconds)
{
    struct civil c;
    int64_t east;
    const char *p = read_openssl(text, &c);
    if (!p)
        p = read_x509asn1(text, &c);
    if (!p)
        return -1;
    p = read_certificate_zone(p, &east);
    /* a zone that cannot be read is not passed over; the line may be raw JSON's, "\n" */
    if ((*p && !strchr("\r\n\\\"", *p)) || civil_to_seconds(&c, seconds) < 0)
        return -1;
    *seconds -= east;
    return 0;
}

int dates_zone(int64_t seconds)
{
    const time_t time = (time_t)seconds;
    struct tm local;
    int64_t as_if_utc;
    tzset();
    if (!localtime_r(&time, &local))
        return 0;
    const struct civil c = {local.tm_year + 1900, local.tm_mon + 1, local.tm_mday,
                            local.tm_hour,        local.tm_min,     local.tm_sec};
    return civil_to_seconds(&c, &as_if_utc) < 0 ? 0 : (int)(as_if_utc - seconds);
}
