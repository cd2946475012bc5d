#include "report/page_axis.h"

#include <math.h>
#include <stdio.h>

/* curl counts microseconds, and 0 has no logarithm. */
static const double TIME_MIN = 1e-6, TIME_MAX = 1e9;
static const double AMOUNT_MAX = 1e15;

/* 1, 2, 5, 10, ... for i = 0, 1, 2, 3, ..., and 0.5 for -1. */
static double round_number(int i)
{
    static const double digits[] = {1, 2, 5};
    const int third = ((i % 3) + 3) % 3;
    const int power = (i - third) / 3;
    /* one division of whole numbers is nearer to 0.2 than a product with 0.1 is */
    return power < 0 ? digits[third] / pow(10, -power) : digits[third] * pow(10, power);
}

/* The index of the greatest round number up to `x`, or just above it. */
static int round_below(double x)
{
    int i = 3 * (int)floor(log10(x)) + 3;
    while (round_number(i) > x * (1 + 1e-9))
        i--;
    return i;
}

static int round_above(double x)
{
    const int below = round_below(x);
    return round_number(below) >= x * (1 - 1e-9) ? below : below + 1;
}

void page_axis_of_times(struct page_axis *axis, double low, double high)
{
    enum { MOST = 10 };
    int first = round_below(fmin(fmax(low, TIME_MIN), TIME_MAX));
    int last = round_above(fmin(fmax(high, TIME_MIN), TIME_MAX));
    last = last > first ? last : first + 1;
    first = last - first > 1 ? first : first - 1;
    int stride = 1;
    while ((last - first) / stride >= MOST)
        stride = stride == 1 ? 3 : 2 * stride;
    *axis = (struct page_axis){.log = true, .low = round_number(first), .high = round_number(last)};
    for (int i = first; i <= last && axis->count < PAGE_TICKS_MAX; i++)
        if (((i % stride) + stride) % stride == 0)
            axis->ticks[axis->count++] = round_number(i);
}

/* Ticks at the multiples of `step` up to `high`. */
static void mark(struct page_axis *axis, double step)
{
    for (size_t i = 0; (double)i * step <= axis->high * (1 + 1e-9) && i < PAGE_TICKS_MAX; i++)
        axis->ticks[axis->count++] = (double)i * step;
}

void page_axis_of_amounts(struct page_axis *axis, double high, size_t most)
{
    const double least = 1e-9;
    const double top = high > least ? fmin(high, AMOUNT_MAX) : 1;
    const double step = round_number(round_above(top / (double)most));
    *axis = (struct page_axis){.high = step * ceil(top / step * (1 - 1e-9))};
    mark(axis, step);
}

void page_axis_of_run(struct page_axis *axis, double seconds, size_t most)
{
    static const double steps[] = {1,     2,     5,     10,    15,     30,     60,
                                   120,   300,   600,   900,   1800,   3600,   7200,
                                   10800, 21600, 43200, 86400, 172800, 432000, 864000};
    const double wanted = seconds / (double)most;
    double step = round_number(round_above(wanted > 0 ? wanted : 1));
    for (size_t i = 0; wanted > 0.5 && i < sizeof steps / sizeof *steps; i++)
        if (steps[i] >= wanted) {
            step = steps[i];
            break;
        }
    *axis = (struct page_axis){.high = seconds};
    mark(axis, step);
}

double page_axis_share(const struct page_axis *axis, double value)
{
    const double low = axis->log ? log(axis->low) : axis->low,
                 high = axis->log ? log(axis->high) : axis->high;
    if (value <= axis->low || high <= low)
        return 0;
    const double share = ((axis->log ? log(value) : value) - low) / (high - low);
    return share < 1 ? share : 1;
}

const char *page_axis_number(char *out, double number)
{
    if (number >= 1000 && number < 1e15)
        return screen_count(out, (uint64_t)(number + 0.5));
    snprintf(out, SCREEN_ROOM, "%.3g", number);
    return out;
}

const char *page_axis_seconds(char *out, double seconds)
{
    char number[SCREEN_ROOM];
    const bool micro = seconds > 0 && seconds<0.9999e-3, milli = seconds> 0 && seconds < 0.9999;
    page_axis_number(number, seconds * (micro ? 1e6 : milli ? 1e3 : 1));
    snprintf(out, SCREEN_ROOM, "%.26s%s", number,
             seconds <= 0 ? ""
             : micro      ? " µs"
             : milli      ? " ms"
                          : " s");
    return out;
}

const char *page_axis_duration(char *out, double seconds)
{
    static const struct {
        double size;
        const char *name;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    const double short_one = 9.995;
    if (seconds < short_one)
        return page_axis_seconds(out, seconds);
    const double whole = round(seconds);
    size_t unit = 0;
    while (whole < units[unit].size)
        unit++;
    const double major = floor(whole / units[unit].size);
    const double rest = whole - major * units[unit].size;
    const double minor = unit < 3 ? floor(rest / units[unit + 1].size) : 0;
    if (minor > 0)
        snprintf(out, SCREEN_ROOM, "%.0f %s %.0f %s", major, units[unit].name, minor,
                 units[unit + 1].name);
    else
        snprintf(out, SCREEN_ROOM, "%.0f %s", major, units[unit].name);
    return out;
}
