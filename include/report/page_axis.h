/* page_axis: where on an axis a value stands, and what is written at the axis.
 *
 * Times stand on logarithmic axes with ticks at 1, 2, 5, 10, ...: they reach over several
 * powers of ten, and one outlier would flatten all others. What is added up (bars, rates)
 * stands on linear ones that begin at 0. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_AXIS_H
#define TSDB_EXPORTER_REPORT_PAGE_AXIS_H

#include "report/screen.h"

#include <stdbool.h>
#include <stddef.h>

enum { PAGE_TICKS_MAX = 16 };

struct page_axis {
    bool log;
    double low, high;
    double ticks[PAGE_TICKS_MAX]; /* rising; the first and the last are the ends, as a rule */
    size_t count;
};

/* From the tick below `low` to that above `high`, in seconds. Any two numbers make an axis:
 * what is beyond 1 us and 1e9 s stands at its ends. */
void page_axis_of_times(struct page_axis *axis, double low, double high);
/* From 0 to the tick above `high`, but not beyond 1e15, with up to `most` steps. */
void page_axis_of_amounts(struct page_axis *axis, double high, size_t most);
/* From 0 to exactly `seconds`, with up to `most` ticks at round times. */
void page_axis_of_run(struct page_axis *axis, double seconds, size_t most);

/* 0 at the low end, 1 at the high one; what is beyond stands there too. */
double page_axis_share(const struct page_axis *axis, double value);

/* These fill SCREEN_ROOM bytes and return them. */
const char *page_axis_seconds(char *out, double seconds);  /* 20 ms, 1 s */
const char *page_axis_number(char *out, double number);    /* 20, 0.5, 1,000 */
const char *page_axis_duration(char *out, double seconds); /* 9 min 58 s */

#endif
