/* summary_figures: what a summary says, in numbers. The screen and the JSON file show the
 * same ones. */
#ifndef TSDB_EXPORTER_REPORT_SUMMARY_FIGURES_H
#define TSDB_EXPORTER_REPORT_SUMMARY_FIGURES_H

#include "report/percentiles.h"
#include "report/summary.h"

/* With fewer values on one side nothing is compared: the test's approximation is not good
 * enough then. Nor is shown how fewer are spread: they stand alone in their bins. */
#define FIGURES_COMPARED_MIN 20
/* A difference counts if chance makes one like it in at most one of 20 tables. */
#define FIGURES_P_MAX 0.05
#define FIGURES_BINS_MAX 16

enum figures_row {
    ROW_TOTAL,
    ROW_TOTAL_GOOD, /* without the transfers that failed; empty if none did */
    ROW_PHASES,     /* the phases, in the order of enum summary_time */
    ROW_QUEUE = ROW_PHASES,
    ROW_DNS,
    ROW_HANDSHAKE,
    ROW_CONNECT, /* this and the next are parts of the handshake */
    ROW_TLS,
    ROW_SEND,
    ROW_WAIT,
    ROW_TRANSFER,
    FIGURES_ROWS
};

struct figures_row_name {
    const char *metric; /* as it is stored */
    const char *word;   /* as it is shown */
    int indent;         /* columns: a part of something stands below it, further right */
};
extern const struct figures_row_name figures_rows[FIGURES_ROWS];

enum figures_verdict {
    FIGURES_ALONE,  /* there is nothing to compare with */
    FIGURES_UNLIKE, /* tls of QUIC and of TCP: the one is a whole handshake, the other half */
    FIGURES_FEW,    /* too few values on one side */
    FIGURES_NOISE,  /* chance may have made the difference */
    FIGURES_FASTER, /* the difference stands out from the noise */
    FIGURES_SLOWER
};

/* Seconds; only when count > 0. */
struct figures_stats {
    uint64_t count;
    double avg, min, med, max;
    double values[PERCENTILES_MAX]; /* of the figures' percentiles */
};

struct figures_cell {
    struct figures_stats stats;
    double ratio;              /* of the median to the first part's; 0: there is none */
    double p;                  /* of the test, times the number of comparisons, at most 1 */
    double greater;            /* share of pairs in which it is slower than the first part */
    enum figures_verdict than; /* compared with the first part */
};

/* Some of the transfers. */
struct figures_part {
    const char *name; /* of the value or protocol; the summary's */
    bool others;      /* all values that had no room */
    uint64_t transfers, failed;
    uint64_t protocols[SUMMARY_PROTOCOLS];
    struct figures_cell cells[FIGURES_ROWS];
};

/* Transfers with a time_total above `low` and up to `high`. */
struct figures_bin {
    double low, high;
    uint64_t count;
};

/* The answers of a label of which some came over HTTP/3 and some did not. A label is
 * what a person gives to one way of asking, so with --http3 these may have fallen back.
 * One object alone does not tell what was asked for. */
struct figures_fallback {
    const char *label;         /* the summary's */
    const uint64_t *protocols; /* the summary's; transfers of each */
    uint64_t answers, not_http3;
};

struct summary_figures {
    const struct summary *of;
    const struct percentiles *percentiles;
    double span_s; /* from the first transfer's time to the last's */
    double rate;   /* (transfers - 1) / span_s; 0 when that makes no sense */
    double error;  /* of a percentile at most, as a share of it */
    struct figures_part whole;
    const char *by;             /* the tag, "protocol", or NULL: there are no parts */
    struct figures_part *parts; /* owned. The rest is compared with the first, which is the
                                  first one seen that has FIGURES_COMPARED_MIN transfers */
    size_t part_count;
    size_t comparisons;
    struct figures_fallback *fallbacks; /* owned */
    size_t fallback_count;
    struct figures_bin bins[FIGURES_BINS_MAX];
    size_t bin_count;
};

/* True if the row has values in a part, so that a comparison shows it. A row of the whole may
 * have them from transfers without an answer alone, which are in no part. */
bool summary_figures_compare_row(const struct summary_figures *figures, size_t row);

/* -1: out of memory. The summary and the percentiles must outlive the figures. */
int summary_figures_init(struct summary_figures *figures, const struct summary *summary,
                         const struct percentiles *percentiles);
void summary_figures_release(struct summary_figures *figures);

#endif
