/* totals: what all transfers so far come to, as series for Prometheus: counters, gauges and
 * histograms for each set of labels.
 *
 *     transfer -> totals_add          folds it in
 *     totals_sample                   every few seconds: fixes the time of the next sample
 *     totals_samples.h                the samples of that time, of all series
 *     totals_write.h, totals_read.h   the same across processes
 *
 * A sample's time is that of the newest transfer so far, in ms, and at least 1 ms after the
 * sample before. A transfer with an older time counts from the next sample on. A series that
 * is new begins with a 0 one millisecond before its first sample.
 *
 * Nothing depends on the clock or on the order of memory: the same transfers, folded into
 * the same totals in the same order, make the same samples to the byte. */
#ifndef TSDB_EXPORTER_OUTPUT_TOTALS_H
#define TSDB_EXPORTER_OUTPUT_TOTALS_H

#include "layout/layout.h"
#include "output/totals_options.h"

#include <stdbool.h>

struct totals;

/* Options and layout must outlive them. NULL: no memory. */
struct totals *totals_new(const struct totals_options *options, const struct layout *layout);
void totals_free(struct totals *totals);

/* Folds the transfer in. 0, or -1: no memory; nothing of it is counted then. */
int totals_add(struct totals *totals, const struct transfer *transfer);

/* Fixes the time of the next sample, for all series. */
void totals_sample(struct totals *totals);
/* The next samples are stale markers, `after_ms` behind the last ones; the next
 * totals_sample ends that. */
void totals_stale(struct totals *totals, int64_t after_ms);

/* The number of sets that the samples are listed by; see totals_samples.h. */
size_t totals_set_count(const struct totals *totals);

/* Sets of labels, with those named "other": of the series that have the most labels. */
size_t totals_sets(const struct totals *totals);
/* Transfers that went to "other". */
uint64_t totals_others(const struct totals *totals);
/* The newest transfer's, and the last sample's time: Unix time in ms, or 0. */
int64_t totals_newest_ms(const struct totals *totals);
int64_t totals_last_ms(const struct totals *totals);

#endif
