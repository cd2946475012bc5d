/* comparison_print: the parts of a summary side by side. */
#ifndef TSDB_EXPORTER_REPORT_COMPARISON_PRINT_H
#define TSDB_EXPORTER_REPORT_COMPARISON_PRINT_H

#include "report/screen.h"
#include "report/summary_figures.h"

/* Appends the comparison; nothing if there are no parts. */
void comparison_print(const struct summary_figures *figures, const struct screen *screen,
                      struct buf *out);

#endif
