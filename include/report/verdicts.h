/* verdicts: is a part slower than the first one? */
#ifndef TSDB_EXPORTER_REPORT_VERDICTS_H
#define TSDB_EXPORTER_REPORT_VERDICTS_H

#include "report/figures.h"

/* Compares each row of `part` with that of the first part. `mine` and `first` are their
 * FIGURES_ROWS histograms; the stats of both parts are there. */
void verdicts_compare(struct summary_figures *figures, struct figures_part *part,
                      const struct histogram *mine, const struct histogram *first);

/* To be called when all are compared. Among many differences some are large by chance alone, so
 * each p is multiplied by the number of comparisons (Bonferroni). */
void verdicts_judge(struct summary_figures *figures);

#endif
