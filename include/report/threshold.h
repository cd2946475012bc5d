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
    bool metric_came;        /* in any transfer, also in those that the filters leave out */
    bool key_came[THRESHOLD_FILTERS_MAX];
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

/* True if it cannot hold any more, whatever transfers come: a maximum or a count is above its
 * bound, a minimum below, or a share is not what it had to be from the first to the last
 * (0 or 1). Averages, percentiles and all other shares can still recover. */
bool threshold_is_lost(const struct threshold *threshold, int64_t now_ns);

/* The value with its unit, or why there is none. May fill `out` (SCREEN_ROOM bytes). */
const char *threshold_result_text(const struct threshold *threshold,
                                  const struct threshold_result *result,
                                  const struct screen *screen, char *out);

/* Appends a title, and a line for each threshold. Returns how many do not hold. */
size_t thresholds_print(const struct threshold *thresholds, size_t count, int64_t now_ns,
                        const struct screen *screen, struct buf *out);

#endif
