/* totals: what all transfers so far come to, as series for Prometheus: counters, gauges and
 * histograms for each set of labels.
 *
 *     transfer -> totals_add          folds it in
 *     totals_sample                   every few seconds: fixes the time of the next sample
 *     totals_numbers, ..._histograms  the samples of that time, of all series
 *     totals_write, totals_read       the same across processes
 *
 * A sample's time is that of the newest transfer so far, in ms, and at least 1 ms after the
 * sample before. A transfer with an older time counts from the next sample on. A series that
 * is new begins with a 0 one millisecond before its first sample.
 *
 * Nothing depends on the clock or on the order of memory: the same transfers, folded into
 * the same totals in the same order, make the same samples to the byte. */
#ifndef TSDB_EXPORTER_OUTPUT_TOTALS_H
#define TSDB_EXPORTER_OUTPUT_TOTALS_H

#include "base/buf.h"
#include "base/error.h"
#include "layout/layout.h"
#include "output/remote_write.h"

#include <stdbool.h>

#define TOTALS_BOUNDS_MAX 64
#define TOTALS_TRENDS_MAX 16
#define TOTALS_SETS_DEFAULT 1000
#define TOTALS_SETS_MAX 100000

/* The upper bounds (le) of classic buckets, in seconds, growing; +Inf is not among them. */
struct totals_bounds {
    size_t count;
    double le[TOTALS_BOUNDS_MAX];
};

/* What is told of a histogram as gauges of its own. */
struct totals_trend {
    enum { TREND_QUANTILE, TREND_MIN, TREND_MAX, TREND_AVG, TREND_COUNT } kind;
    double share;    /* of the values below the quantile, 0 to 1 */
    char suffix[16]; /* of the series' name: "_p95", "_med", "_min" */
};

struct totals_trends {
    size_t count;
    struct totals_trend of[TOTALS_TRENDS_MAX];
};

struct totals_options {
    bool native;                   /* histograms as native ones, the classic ones beside them */
    struct totals_bounds bounds;
    struct totals_trends trends; /* for instruments that have a trend */
    size_t sets_max;             /* further sets of labels go together as "other" */
    const char *instance;        /* the label of transfers that have none of that name */
};

/* "0.1,0.5,1": numbers of seconds (or with a unit: 100ms), growing. NULL: the default, 1, 2
 * and 5 x 10^n from 100 us to 60 s. 0, or -1 and what is wrong. */
int totals_parse_buckets(struct totals_bounds *bounds, const char *list, struct error *err);
/* "p(95),med,min,max,avg,count". NULL: k6's default p(95),p(99),min,max,avg,med. 0, or -1
 * and what is wrong. */
int totals_parse_trend_stats(struct totals_trends *trends, const char *list, struct error *err);

struct totals;

/* Options and layout must outlive them. NULL: no memory. */
struct totals *totals_new(const struct totals_options *options, const struct layout *layout);
void totals_free(struct totals *totals);

/* Folds the transfer in. 0, or -1: no memory; the totals are then as they were. */
int totals_add(struct totals *totals, const struct transfer *transfer);

/* Fixes the time of the next sample, for all series. */
void totals_sample(struct totals *totals);
/* The next samples are stale markers, `after_ms` behind the last ones; the next
 * totals_sample ends that. */
void totals_stale(struct totals *totals, int64_t after_ms);

/* Which form the histograms take. */
enum totals_form { TOTALS_CLASSIC, TOTALS_NATIVE };

/* The number of sets that the samples are listed by: `set` below counts from 0. */
size_t totals_set_count(const struct totals *totals);
/* Appends the samples, fixed last, of the series of one set: counters, gauges and trends.
 * They change nothing, so the same can be had again. Look at list->failed. */
void totals_numbers(const struct totals *totals, size_t set, struct sample_list *list);
/* The same for its histograms as classic ones. */
void totals_classic(const struct totals *totals, size_t set, struct sample_list *list);
/* The same for its histograms as native ones. */
void totals_native(const struct totals *totals, size_t set, struct histogram_list *list);

/* Appends the totals as a text, which ends with a checksum. Look at text->failed. */
void totals_write(const struct totals *totals, struct buf *text);
/* Makes them what such a text tells. 0, or -1: it is damaged, of another layout or version,
 * its times are later than `most_ms`, or there is no memory; the totals are then empty.
 * Histograms that had other bounds begin anew, which Prometheus takes for a restart. */
int totals_read(struct totals *totals, const char *text, int64_t most_ms, struct error *err);

/* Sets of labels with all labels, without those named "other". */
size_t totals_sets(const struct totals *totals);
/* Transfers that went to "other". */
uint64_t totals_others(const struct totals *totals);
/* Since when, the newest transfer's, and the last sample's time: Unix time in ms, or 0. */
int64_t totals_since_ms(const struct totals *totals);
int64_t totals_newest_ms(const struct totals *totals);
int64_t totals_last_ms(const struct totals *totals);

#endif
