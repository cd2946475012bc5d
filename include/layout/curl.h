/* curl: the layouts that call everything as curl does.
 *
 *   metric  a series a field, as exporter.py wrote it: time_total value=0.0639
 *   wide    one series, "curl", with a field for each: curl time_total=0.0639 */
#ifndef TSDB_EXPORTER_LAYOUT_CURL_H
#define TSDB_EXPORTER_LAYOUT_CURL_H

#include "layout/layout.h"

extern const struct tag_source layout_metric_tags[], layout_wide_tags[];
size_t layout_metric_points(const struct layout *layout, const struct transfer *transfer,
                            struct point *points);
size_t layout_wide_points(const struct layout *layout, const struct transfer *transfer,
                          struct point *points);

#endif
