/* totals_samples: totals -> samples, as their time was fixed last (totals_sample).
 *
 * They are made for one set of labels after the other, 0 <= set < totals_set_count, so that
 * nobody needs room for all at once. Nothing is changed by it: the same can be had again. */
#ifndef TSDB_EXPORTER_OUTPUT_TOTALS_SAMPLES_H
#define TSDB_EXPORTER_OUTPUT_TOTALS_SAMPLES_H

#include "output/sample_list.h"
#include "output/totals.h"

/* Appends the samples of the series of one set: counters, gauges and trends. Look at `failed`
 * of the list's buffers. */
void totals_numbers(const struct totals *totals, size_t set, struct sample_list *list);
/* The same for its histograms as classic ones. */
void totals_classic(const struct totals *totals, size_t set, struct sample_list *list);
/* The same for its histograms as native ones. */
void totals_native(const struct totals *totals, size_t set, struct histogram_list *list);

#endif
