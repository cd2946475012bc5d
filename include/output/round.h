/* round: a sample of every series of totals, as points of a batch. */
#ifndef TSDB_EXPORTER_OUTPUT_ROUND_H
#define TSDB_EXPORTER_OUTPUT_ROUND_H

#include "output/batch.h"
#include "output/totals.h"

/* Appends the samples whose time was fixed last; the histograms as native ones, or as classic
 * ones among the numbers. 0, or -1: no memory. */
int round_append(const struct totals *totals, bool native, struct batch *batch);

#endif
