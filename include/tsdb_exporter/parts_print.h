/* parts_print: the parts of a report side by side. */
#ifndef TSDB_EXPORTER_PARTS_PRINT_H
#define TSDB_EXPORTER_PARTS_PRINT_H

#include "tsdb_exporter/screen.h"
#include "tsdb_exporter/summary_report.h"

/* Nothing for a report without parts. */
void parts_print(const struct report *report, const struct screen *screen, struct buf *out);

/* Appends the text in lines of the screen's width, broken between words. */
void print_wrapped(const struct screen *screen, struct buf *out, const char *text);

#endif
