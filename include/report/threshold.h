/* threshold: a promise about the transfers of a run (see threshold_parse.h), and whether
 * it is kept.
 *
 * Only transfers count. Input that was refused does not. */
#ifndef TSDB_EXPORTER_REPORT_THRESHOLD_H
#define TSDB_EXPORTER_REPORT_THRESHOLD_H

#include "model/transfer.h"
#include "report/screen.h"
#include "report/threshold_parse.h"
#include "stats/histogram.h"

struct threshold {
    struct threshold_rule rule;
    uint64_t seen, not_zero; /* transfers */
    int64_t first_ns, last_ns;
    double sum, min, max;
    double base;                /* subtracted from what is in the histogram */
    struct histogram histogram; /* only for percentiles */
};

struct threshold_result {
    bool seen;    /* there was a transfer to judge by */
    double value; /* only when seen */
    bool held;
};

/* The expression must outlive it. -1: it is wrong, and the error says where. Release it
 * either way. */
int threshold_init(struct threshold *threshold, const char *expression, struct error *err);
void threshold_release(struct threshold *threshold);

void threshold_add(struct threshold *threshold, const struct transfer *transfer);
struct threshold_result threshold_judge(const struct threshold *threshold, int64_t now_ns);

/* Appends a title, and a line for each threshold. Returns how many do not hold. */
size_t thresholds_print(const struct threshold *thresholds, size_t count, int64_t now_ns,
                        const struct screen *screen, struct buf *out);

#endif
