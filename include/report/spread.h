/* spread: how the times of some transfers are spread. */
#ifndef TSDB_EXPORTER_REPORT_SPREAD_H
#define TSDB_EXPORTER_REPORT_SPREAD_H

#include "report/figures.h"

/* Sets `*spread` to curve and buckets of the transfers that did not fail, or of all if all
 * failed, or to NULL if there are no times. To be freed. -1: out of memory. */
int spread_new(struct figures_spread **spread, const struct histogram *good,
               const struct histogram *all);

/* The bins are of equal width if the values are not too far apart, else they end at 1, 2,
 * 5, 10, .... What is above the 99th percentile shares one bin, so that a few very slow
 * transfers do not press all others into one. */
void spread_make_bins(struct summary_figures *figures, const struct histogram *histogram);

#endif
