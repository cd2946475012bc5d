/* comparison_print: the parts of a report side by side. */
#ifndef TSDB_EXPORTER_REPORT_COMPARISON_PRINT_H
#define TSDB_EXPORTER_REPORT_COMPARISON_PRINT_H

#include "report/screen.h"
#include "report/summary_figures.h"

/* Nothing for a report without parts. */
void comparison_print(const struct summary_figures *figures, const struct screen *screen,
                      struct buf *out);

/* Appends the text in lines of the screen's width, broken between words. */
void print_wrapped(const struct screen *screen, struct buf *out, const char *text);

#endif
