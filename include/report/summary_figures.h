/* summary_figures: computes the figures of a summary. */
#ifndef TSDB_EXPORTER_REPORT_SUMMARY_FIGURES_H
#define TSDB_EXPORTER_REPORT_SUMMARY_FIGURES_H

#include "report/figures.h"

/* True if the row has values in a part, so that a comparison shows it. A row of the whole may
 * have them from transfers without an answer alone, which are in no part. The row of what did not
 * fail says nothing new unless some transfers of one part failed and some did not. */
bool summary_figures_compare_row(const struct summary_figures *figures, size_t row);

/* -1: out of memory. The summary and the percentiles must outlive the figures. The summary's
 * steps become as few as are shown. */
int summary_figures_init(struct summary_figures *figures, const struct summary *summary,
                         const struct percentiles *percentiles);
void summary_figures_release(struct summary_figures *figures);

#endif
