/* summary: collects what the transfers of a run were like, to be told at the end.
 *
 * Transfers are grouped by what they differ in: the values of one tag or, if it has
 * only one value, the protocol. Memory is bounded: SUMMARY_VALUES values, each with
 * a histogram of every duration, in SUMMARY_BYTES all together. Further values of the tag share
 * one entry, the others. When the histograms would outgrow their memory, the
 * largest goes to a coarser schema. */
#ifndef TSDB_EXPORTER_REPORT_SUMMARY_H
#define TSDB_EXPORTER_REPORT_SUMMARY_H

#include "model/transfer.h"
#include "stats/histogram.h"

#define SUMMARY_VALUES 100
#define SUMMARY_BYTES (8 * 1024 * 1024)
#define SUMMARY_EXIT_CODES 128
#define SUMMARY_HTTP_CODES 1000

/* What is measured of each transfer; time_total goes to one of the first two. */
enum summary_time {
    SUMMARY_GOOD, /* time_total of transfers that did not fail */
    SUMMARY_BAD,  /* time_total of those that failed */
    SUMMARY_DNS,
    SUMMARY_CONNECT,
    SUMMARY_TLS,
    SUMMARY_SEND,
    SUMMARY_WAIT,
    SUMMARY_TRANSFER,
    SUMMARY_TIMES
};

enum summary_protocol {
    PROTOCOL_HTTP_1_0,
    PROTOCOL_HTTP_1_1,
    PROTOCOL_HTTP_2,
    PROTOCOL_HTTP_3,
    PROTOCOL_OTHER, /* answered, in something that is none of these */
    PROTOCOL_NONE,  /* no answer */
    SUMMARY_PROTOCOLS
};

extern const char *const summary_protocol_names[SUMMARY_PROTOCOLS];

/* The transfers of one protocol, or of one value of the tag. */
struct summary_group {
    uint64_t transfers, failed;
    struct histogram times[SUMMARY_TIMES];
};

/* Read what you like, change nothing. */
struct summary {
    const char *by;      /* the tag or field */
    enum field_id field; /* `by` as a field, or FIELD_NONE */
    uint64_t transfers, failed;
    uint64_t exit_codes[SUMMARY_EXIT_CODES];    /* of failures; the last: it or above */
    uint64_t http_failures[SUMMARY_HTTP_CODES]; /* failed by their status alone */
    uint64_t no_answer;                         /* failed, and neither says why */
    uint64_t http_codes[SUMMARY_HTTP_CODES];    /* of all; 0: none, or beyond */
    double bytes_received, bytes_sent;          /* headers and bodies */
    int64_t first_ns, last_ns;                  /* times of the transfers */
    uint64_t protocols[SUMMARY_PROTOCOLS];
    char *values[SUMMARY_VALUES]; /* of the tag; clean; "" for transfers without it */
    size_t value_count;
    size_t latest; /* the value of the latest transfer; SUMMARY_VALUES: one of the others */
    /* By protocol, as long as there is one value; then by value, and the others. NULL
     * where there were none. */
    struct summary_group *groups[SUMMARY_VALUES + 1];
    uint16_t index[512]; /* hash -> value + 1 */
    size_t bytes;        /* what histograms and values take */
    bool incomplete;     /* there was no memory for some */
};

static inline bool summary_is_by_value(const struct summary *summary)
{
    return summary->value_count > 1;
}

/* Groups by the tag or field `by`, which must outlive it. NULL: out of memory. */
struct summary *summary_new(const char *by);
void summary_free(struct summary *summary);

void summary_add(struct summary *summary, const struct transfer *transfer);

#endif
