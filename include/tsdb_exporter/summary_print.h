/* summary_print: a report as text for people. */
#ifndef TSDB_EXPORTER_SUMMARY_PRINT_H
#define TSDB_EXPORTER_SUMMARY_PRINT_H

#include "tsdb_exporter/screen.h"
#include "tsdb_exporter/summary_report.h"

void summary_print(const struct report *report, const struct screen *screen, struct buf *out);

#endif
