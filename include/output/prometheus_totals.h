/* prometheus_totals: Prometheus, told totals instead of each transfer. */
#ifndef TSDB_EXPORTER_OUTPUT_PROMETHEUS_TOTALS_H
#define TSDB_EXPORTER_OUTPUT_PROMETHEUS_TOTALS_H

#include "output/output.h"

extern const struct output_type output_prometheus_totals;

/* 0, or -1 and which of the options is wrong, and why. */
int prometheus_totals_check(const struct output_totals_options *options, struct error *err);

#endif
