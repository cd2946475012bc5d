/* summary_report: what a summary says, in numbers; the screen and the JSON file
 * show the same ones. */
#ifndef TSDB_EXPORTER_SUMMARY_REPORT_H
#define TSDB_EXPORTER_SUMMARY_REPORT_H

#include "tsdb_exporter/summary.h"

/* Fewer than this are not compared: the test's approximation is not good then. */
#define REPORT_COMPARED_MIN 20
/* A difference counts when chance makes one such in 20 tables at most. */
#define REPORT_P_MAX 0.05
#define REPORT_BINS_MAX 16

enum report_row {
    ROW_TOTAL,
    ROW_TOTAL_GOOD, /* without the transfers that failed; empty when none did */
    ROW_DNS,
    ROW_CONNECT,
    ROW_TLS,
    ROW_SEND,
    ROW_WAIT,
    ROW_TRANSFER,
    REPORT_ROWS
};

/* The metric as it is stored, and a word for the eye. */
extern const char *const report_metrics[REPORT_ROWS];
extern const char *const report_words[REPORT_ROWS];

enum report_verdict {
    REPORT_ALONE,  /* nothing to compare with */
    REPORT_FEW,    /* too few of one */
    REPORT_NOISE,  /* chance may have made the difference */
    REPORT_FASTER, /* the difference stands out */
    REPORT_SLOWER
};

/* Seconds; only when count > 0. */
struct report_stats {
    uint64_t count;
    double avg, min, med, p90, p95, p99, max;
};

struct report_cell {
    struct report_stats stats;
    double ratio;             /* of the median to the first part's; 0: there is none */
    double p;                 /* of compare, times the number of comparisons, at most 1 */
    double greater;           /* share of pairs in which it is slower than the first part */
    enum report_verdict than; /* ... the first part */
};

/* Some of the transfers. */
struct report_part {
    const char *name; /* of the value or protocol; the summary's */
    bool others;      /* all values that had no room */
    uint64_t transfers, failed;
    struct report_cell cells[REPORT_ROWS];
};

/* Transfers with a time_total above `low` and up to `high`. */
struct report_bin {
    double low, high;
    uint64_t count;
};

struct report {
    const struct summary *of;
    double span_s; /* from the first transfer's time to the last's */
    double rate;   /* (transfers - 1) / span_s; 0 when that makes no sense */
    double error;  /* of a percentile at most, as a share of it */
    struct report_part whole;
    const char *by;            /* the tag, "protocol", or NULL: all is one */
    struct report_part *parts; /* owned; the first is what the rest is compared with: the
                                  first with REPORT_COMPARED_MIN transfers */
    size_t part_count;
    size_t comparisons;
    struct report_bin bins[REPORT_BINS_MAX];
    size_t bin_count;
};

/* -1: out of memory. The summary must outlive the report. */
int report_init(struct report *report, const struct summary *summary);
void report_release(struct report *report);

#endif
