/* summary_print: a summary as text for people. */
#ifndef TSDB_EXPORTER_REPORT_SUMMARY_PRINT_H
#define TSDB_EXPORTER_REPORT_SUMMARY_PRINT_H

#include "report/screen.h"
#include "report/summary_figures.h"

void summary_print(const struct summary_figures *figures, const struct screen *screen,
                   struct buf *out);

#endif
