/* prometheus: Prometheus, and the databases that take its remote write. */
#ifndef TSDB_EXPORTER_OUTPUT_PROMETHEUS_H
#define TSDB_EXPORTER_OUTPUT_PROMETHEUS_H

#include "output/output.h"

extern const struct output_type output_prometheus;

#endif
