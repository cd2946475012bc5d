/* line: InfluxDB line protocol.
 *
 *   time_total,label=curl-quic value=0.0639 1795423774748555000
 *
 * Rules (measured on InfluxDB 1.6.7 and VictoriaMetrics 1.79 and 1.145, and
 * InfluxData's reference): in names and tags ',' '=' and ' ' take a backslash;
 * in strings '"' and '\' do; numbers are floats always, since the first write
 * decides a field's type for good; the time is nanoseconds. One line is one
 * point, always: no value can hold a newline. */
#ifndef TSDB_EXPORTER_LAYOUT_LINE_H
#define TSDB_EXPORTER_LAYOUT_LINE_H

#include "base/buf.h"
#include "layout/layout.h"

/* Appends the points of one transfer, those of one series in one line. Returns
 * the number of lines; look at out->failed. */
size_t line_append(struct buf *out, const char *prefix, const struct transfer *transfer,
                   const struct point *points, size_t count);

#endif
