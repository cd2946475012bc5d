/* threshold_parse: the expression of a threshold -> what it means (see threshold.h). */
#ifndef TSDB_EXPORTER_REPORT_THRESHOLD_PARSE_H
#define TSDB_EXPORTER_REPORT_THRESHOLD_PARSE_H

#include "report/threshold.h"

/* Fills all but the counts. -1: wrong; the filters so far are owned either way. */
int threshold_parse(struct threshold *threshold, const char *expression, struct error *err);

#endif
