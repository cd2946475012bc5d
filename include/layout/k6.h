/* k6: the layout of k6's output to InfluxDB 1: its measurements, tags and units, for
 * its dashboards. */
#ifndef TSDB_EXPORTER_LAYOUT_K6_H
#define TSDB_EXPORTER_LAYOUT_K6_H

#include "layout/layout.h"

extern const struct tag_source layout_k6_tags[];
size_t layout_k6_points(const struct layout *layout, const struct transfer *transfer,
                        struct point *points);

#endif
