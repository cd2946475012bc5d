/* summary: counts and histograms of a run's transfers, from which the report is made at
 * the end.
 *
 * Transfers are grouped by the values of one tag or key or, as long as it has only one
 * value, by protocol. Memory is bounded: SUMMARY_VALUES values, each with a histogram of
 * every duration, and SUMMARY_BYTES for all of them. Further values share one entry, the
 * others. When the histograms would outgrow their memory, the largest one becomes
 * coarser. */
#ifndef TSDB_EXPORTER_REPORT_SUMMARY_H
#define TSDB_EXPORTER_REPORT_SUMMARY_H

#include "model/transfer.h"
#include "report/failure_counts.h"
#include "report/steps.h"
#include "stats/histogram.h"

#define SUMMARY_VALUES 100
#define SUMMARY_BYTES (8 * 1024 * 1024)
#define SUMMARY_HTTP_CODES 1000

/* What is measured of each transfer. time_total goes to one of the first two; the rest
 * are the phases. */
enum summary_time {
    SUMMARY_GOOD, /* time_total of transfers that did not fail */
    SUMMARY_BAD,  /* time_total of those that failed */
    SUMMARY_PHASES,
    SUMMARY_QUEUE = SUMMARY_PHASES,
    SUMMARY_DNS,
    SUMMARY_HANDSHAKE,
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

/* The transfers of one protocol, or of one value. */
struct summary_group {
    uint64_t transfers, failed;
    struct failure_counts failures;
    uint64_t protocols[SUMMARY_PROTOCOLS];
    struct histogram times[SUMMARY_TIMES];
};

/* May be read by everybody; only summary.c changes it. */
struct summary {
    const char *by;      /* the tag or key */
    enum field_id field; /* `by` as a field, or FIELD_NONE */
    bool by_came;        /* a transfer had a value of it */
    uint64_t transfers, failed;
    struct failure_counts failures;
    uint64_t http_codes[SUMMARY_HTTP_CODES]; /* of HTTP's transfers; 0: none, or beyond */
    double bytes_received, bytes_sent;       /* headers and bodies */
    int64_t first_ns, last_ns;               /* times of the transfers */
    uint64_t protocols[SUMMARY_PROTOCOLS];
    size_t shared_count; /* of the tags that all transfers have, with one value each */
    struct shared_tag {
        char *key, *value;
    } shared[TRANSFER_TAGS_MAX];  /* sorted by key */
    char *values[SUMMARY_VALUES]; /* clean; "" for transfers without one */
    size_t value_count;
    size_t latest; /* the value of the latest transfer; SUMMARY_VALUES: one of the others */
    /* By protocol as long as there is one value, then by value, and the others last. NULL
     * where there were none. */
    struct summary_group *groups[SUMMARY_VALUES + 1];
    uint16_t index[512]; /* hash -> value + 1 */
    struct steps *steps; /* the course of the run; NULL if nobody asked for it */
    size_t bytes;        /* what histograms and values take */
    bool incomplete;     /* some are missing for want of memory */
};

static inline bool summary_is_by_value(const struct summary *summary)
{
    return summary->value_count > 1;
}

/* Groups by the tag or key `by`, which must outlive it. `with_steps` also collects the course
 * of the run. NULL: out of memory. */
struct summary *summary_new(const char *by, bool with_steps);
void summary_free(struct summary *summary);

void summary_add(struct summary *summary, const struct transfer *transfer);

#endif
