/* Why: a transfer's time is fixed once, from one of three spellings or from the
 * clock, and must be right to the nanosecond. strptime knows neither fractions
 * nor zones, and a double loses the last three digits of date +%s.%N. */
#include "tsdb_exporter/clock.h"

#include <stdbool.h>
#include <stdio.h>
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

static int civil_to_seconds(const struct civil *c, int64_t *seconds)
{
    if (c->month < 1 || c->month > 12 || c->day < 1 || c->day > 31 || c->hour < 0 || c->hour > 23 ||
        c->minute < 0 || c->minute > 59 || c->second < 0 || c->second > 60)
        return -1;
    *seconds = days_from_civil(c->year, c->month, c->day) * 86400 + c->hour * 3600 +
               c->minute * 60 + c->second;
    return 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads ".123" as nanoseconds, digits past the ninth are dropped. */
static const char *parse_fraction(const char *p, int64_t *ns)
{
    *ns = 0;
    if (*p != '.' && *p != ',')
        return p;
    int64_t unit = NS_PER_S;
    for (p++; is_digit(*p); p++) {
        unit /= 10;
        *ns += unit * (*p - '0');
    }
    return p;
}

/* Reads "Z", "+01:00", "-0130" or nothing as seconds east of UTC. */
static const char *parse_zone(const char *p, int64_t *east)
{
    *east = 0;
    if (*p == 'Z' || *p == 'z')
        return p + 1;
    if (*p != '+' && *p != '-')
        return p;
    int hour = 0, minute = 0, used = 0;
    if (sscanf(p + 1, "%2d:%2d%n", &hour, &minute, &used) != 2 &&
        sscanf(p + 1, "%2d%2d%n", &hour, &minute, &used) != 2)
        return p;
    *east = (*p == '-' ? -1 : 1) * (hour * 3600 + minute * 60);
    return p + 1 + used;
}

static int64_t clock_read(clockid_t id)
{
    struct timespec now = {0};
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t clock_wall_ns(void)
{
    return clock_read(CLOCK_REALTIME);
}

int64_t clock_mono_ms(void)
{
    return clock_read(CLOCK_MONOTONIC) / 1000000;
}

int clock_parse_seconds(const char *text, const char **end, int64_t *ns)
{
    const char *p = text;
    int64_t seconds = 0, fraction = 0;
    if (!is_digit(*p))
        return -1;
    for (; is_digit(*p); p++) {
        if (seconds > INT64_MAX / NS_PER_S / 10 - 1)
            return -1;
        seconds = seconds * 10 + (*p - '0');
    }
    p = parse_fraction(p, &fraction);
    if (end)
        *end = p;
    *ns = seconds * NS_PER_S + fraction;
    return 0;
}

int clock_parse_iso8601(const char *text, int64_t *ns)
{
    struct civil c;
    char separator = 0;
    int used = 0;
    if (sscanf(text, "%4d-%2d-%2d%c%2d:%2d:%2d%n", &c.year, &c.month, &c.day, &separator, &c.hour,
               &c.minute, &c.second, &used) != 7 ||
        !strchr("Tt ", separator))
        return -1;
    int64_t seconds, fraction, east;
    if (civil_to_seconds(&c, &seconds) < 0)
        return -1;
    const char *p = parse_fraction(text + used, &fraction);
    p = parse_zone(p, &east);
    if (*p != '\0')
        return -1;
    *ns = (seconds - east) * NS_PER_S + fraction;
    return 0;
}

int clock_parse_certificate_date(const char *text, int64_t *seconds)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil c;
    char name[4] = "", zone[4] = "";
    if (sscanf(text, "%4d-%2d-%2d %2d:%2d:%2d %3s", &c.year, &c.month, &c.day, &c.hour, &c.minute,
               &c.second, zone) != 7) {
        if (sscanf(text, "%3s %2d %2d:%2d:%2d %4d %3s", name, &c.day, &c.hour, &c.minute, &c.second,
                   &c.year, zone) != 7)
            return -1;
        const char *month = strlen(name) == 3 ? strstr(months, name) : NULL;
        if (!month || (month - months) % 3)
            return -1;
        c.month = (int)((month - months) / 3) + 1;
    }
    return strcmp(zone, "GMT") == 0 ? civil_to_seconds(&c, seconds) : -1;
}
