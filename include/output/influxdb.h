/* influxdb: InfluxDB 1, 2 and 3, and VictoriaMetrics when it speaks their protocol. */
#ifndef TSDB_EXPORTER_OUTPUT_INFLUXDB_H
#define TSDB_EXPORTER_OUTPUT_INFLUXDB_H

#include "output/output.h"

extern const struct output_type output_influxdb;

#endif
