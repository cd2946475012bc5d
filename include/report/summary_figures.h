/* summary_report: what a summary says, in numbers; the screen and the JSON file
 * show the same ones. */
#ifndef TSDB_EXPORTER_REPORT_SUMMARY_FIGURES_H
#define TSDB_EXPORTER_REPORT_SUMMARY_FIGURES_H

#include "report/summary.h"

/* Fewer than this are not compared: the test's approximation is not good then. */
#define FIGURES_COMPARED_MIN 20
/* A difference counts when chance makes one such in 20 tables at most. */
#define FIGURES_P_MAX 0.05
#define FIGURES_BINS_MAX 16

enum figures_row {
    ROW_TOTAL,
    ROW_TOTAL_GOOD, /* without the transfers that failed; empty when none did */
    ROW_DNS,
    ROW_CONNECT,
    ROW_TLS,
    ROW_SEND,
    ROW_WAIT,
    ROW_TRANSFER,
    FIGURES_ROWS
};

/* The metric as it is stored, and a word for the eye. */
extern const char *const figures_metrics[FIGURES_ROWS];
extern const char *const figures_words[FIGURES_ROWS];

enum figures_verdict {
    FIGURES_ALONE,  /* nothing to compare with */
    FIGURES_FEW,    /* too few of one */
    FIGURES_NOISE,  /* chance may have made the difference */
    FIGURES_FASTER, /* the difference stands out */
    FIGURES_SLOWER
};

/* Seconds; only when count > 0. */
struct figures_stats {
    uint64_t count;
    double avg, min, med, p90, p95, p99, max;
};

struct figures_cell {
    struct figures_stats stats;
    double ratio;              /* of the median to the first part's; 0: there is none */
    double p;                  /* of compare, times the number of comparisons, at most 1 */
    double greater;            /* share of pairs in which it is slower than the first part */
    enum figures_verdict than; /* ... the first part */
};

/* Some of the transfers. */
struct figures_part {
    const char *name; /* of the value or protocol; the summary's */
    bool others;      /* all values that had no room */
    uint64_t transfers, failed;
    struct figures_cell cells[FIGURES_ROWS];
};

/* Transfers with a time_total above `low` and up to `high`. */
struct figures_bin {
    double low, high;
    uint64_t count;
};

struct summary_figures {
    const struct summary *of;
    double span_s; /* from the first transfer's time to the last's */
    double rate;   /* (transfers - 1) / span_s; 0 when that makes no sense */
    double error;  /* of a percentile at most, as a share of it */
    struct figures_part whole;
    const char *by;             /* the tag, "protocol", or NULL: all is one */
    struct figures_part *parts; /* owned; the first is what the rest is compared with: the
                                  first with FIGURES_COMPARED_MIN transfers */
    size_t part_count;
    size_t comparisons;
    struct figures_bin bins[FIGURES_BINS_MAX];
    size_t bin_count;
};

/* -1: out of memory. The summary must outlive the report. */
int summary_figures_init(struct summary_figures *figures, const struct summary *summary);
void summary_figures_release(struct summary_figures *figures);

#endif
