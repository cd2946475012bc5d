/* figures: what a summary says, in numbers. The screen, the JSON file and the page show the
 * same ones. */
#ifndef TSDB_EXPORTER_REPORT_FIGURES_H
#define TSDB_EXPORTER_REPORT_FIGURES_H

#include "report/percentiles.h"
#include "report/summary.h"

/* With fewer values on one side nothing is compared: the test's approximation is not good
 * enough then. Nor is shown how fewer are spread: they stand alone in their bins. */
#define FIGURES_COMPARED_MIN 20
/* A difference counts if chance makes one like it in at most one of 20 tables. */
#define FIGURES_P_MAX 0.05
#define FIGURES_BINS_MAX 16
/* Slower in 44 to 56 of 100 pairs is hardly a difference, however sure it is: thousands of
 * transfers make anything stand out from the noise. */
#define FIGURES_SLIGHTLY 0.06
/* A phase's medians that differ by less than this share of the whole time matter to nobody,
 * however large their ratio is. */
#define FIGURES_MINOR 0.01
/* Up to so many parts have a curve, buckets and a course of their own: lines in one picture
 * that can still be told apart. */
#define FIGURES_DRAWN_MAX 6
/* Points of a curve: 7 below the middle, 4 in each halving of what a double can tell from 1, 5
 * usual percentiles and the end. */
#define FIGURES_CURVE_MAX (7 + 4 * 53 + 5 + 1)
/* 40 octaves of 8 buckets: a nanosecond to a quarter of an hour. */
#define FIGURES_BUCKETS_MAX 320

enum figures_row {
    ROW_TOTAL,
    ROW_TOTAL_GOOD, /* without the transfers that failed; empty if none of all parts did */
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
    FIGURES_UNLIKE, /* connect and tls of QUIC and of TCP are not the same thing: compare
                       the whole handshake */
    FIGURES_FEW,    /* too few values on one side */
    FIGURES_NOISE,  /* chance may have made the difference */
    FIGURES_SLIGHT, /* it stands out from the noise, but is hardly one (FIGURES_SLIGHTLY) */
    FIGURES_FASTER, /* it stands out from the noise */
    FIGURES_SLOWER
};

/* Seconds; only when count > 0. */
struct figures_stats {
    uint64_t count;
    double avg, min, p5, med, p95, p99, max;
    double values[PERCENTILES_MAX]; /* of the figures' percentiles */
};

struct figures_cell {
    struct figures_stats stats;
    double ratio;              /* of the median to the first part's; 0: there is none */
    double p;                  /* of the test, times the number of comparisons, at most 1 */
    double greater;            /* share of pairs in which it is slower than the first part */
    enum figures_verdict than; /* compared with the first part; p and greater mean something
                                  from FIGURES_FEW on */
    bool minor;                /* the medians differ by less than FIGURES_MINOR of the first
                                  part's whole time */
};

/* So large a share of the transfers took at most so many seconds. The shares rise from 0 to
 * 1, the values do not fall, and the last is the exact maximum. */
struct figures_curve {
    size_t count;
    double shares[FIGURES_CURVE_MAX], values[FIGURES_CURVE_MAX];
};

/* Counts of a Prometheus native histogram: the i-th is of the values above
 * 2^((offset + i - 1) / 2^schema) and up to 2^((offset + i) / 2^schema) seconds. Those of equal
 * schemas can be added. What is 0 or less is in the first. */
struct figures_buckets {
    int schema, offset;
    size_t count;
    uint64_t counts[FIGURES_BUCKETS_MAX];
};

/* How time_total is spread. */
struct figures_spread {
    bool of_all; /* all failed, and these are their times; else of those that did not fail */
    struct figures_curve curve;
    struct figures_buckets buckets;
};

/* The transfers in one step of the run. */
struct figures_step {
    uint64_t transfers, failed;
    double rate;          /* transfers a second in the time that it covers, which is less than a
                             whole step for the first and the last; 0: too short to tell */
    uint64_t timed;       /* of so many are the next three; see figures_over_time.of_all */
    double med, p95, max; /* time_total, seconds; only when timed > 0 */
};

/* The course of the run. Step i begins at start + i * width. */
struct figures_over_time {
    double start;               /* Unix seconds, not after the first transfer */
    double width;               /* seconds: a power of 2 */
    size_t count;               /* of steps, up to 128; 0 without transfers */
    double error;               /* of a percentile here at most, as a share of it */
    bool of_all;                /* as in struct figures_spread, but for the whole run */
    struct figures_step *whole; /* owned, as all of these */
    struct figures_step *parts[FIGURES_DRAWN_MAX]; /* in the order of the figures' parts; NULL
                                                      if there are more than that */
};

/* Some of the transfers. */
struct figures_part {
    const char *name; /* of the value or protocol; the summary's */
    bool others;      /* all values that had no room */
    uint64_t transfers, failed;
    uint64_t protocols[SUMMARY_PROTOCOLS];
    struct figures_cell cells[FIGURES_ROWS];
    size_t group;                          /* where it stands in the summary */
    const struct failure_counts *failures; /* the summary's */
    struct figures_spread *spread;         /* owned; NULL: no time_total, or too many parts */
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
    int zone_s;    /* local time at the first transfer, seconds east of UTC */
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
    struct figures_over_time over_time;
};

/* An estimate of a value in the histogram, as it is shown: curl counts whole microseconds, so it
 * is rounded to one, but never beyond the smallest and the largest value. */
double figures_estimate(const struct histogram *histogram, double seconds);
/* Of 100 pairs those in which the part is slower than the first: `greater` as it is shown. Never 0
 * or 100 unless it is slower in none or in all. */
double figures_pairs(double greater);
/* How wrong a percentile of the histogram is at most, as a share of it. */
double figures_error(const struct histogram *histogram);

#endif
