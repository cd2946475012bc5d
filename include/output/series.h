/* series: names and labels as Prometheus takes them.
 *
 * Names hold letters, digits and '_' (those of metrics ':' too), and do not begin with a
 * digit; anything else in them becomes '_'. */
#ifndef TSDB_EXPORTER_OUTPUT_SERIES_H
#define TSDB_EXPORTER_OUTPUT_SERIES_H

#include "base/buf.h"
#include "base/text.h"
#include "layout/layout.h"

/* Bytes that the labels of a transfer take at most. */
#define SERIES_LABELS_BYTES_MAX (4 * TRANSFER_TAGS_MAX * TEXT_ROOM)

/* The metric of a point, without a '\0': time_total as the layout metric names it,
 * curl_time_total as wide does. */
void series_append_name(struct buf *out, const char *prefix, const struct point *point);

/* The same for a name that is whole. */
void series_append_metric(struct buf *out, const char *prefix, const char *name);

/* True when two keys of tags become one label. */
bool series_is_same_label(const char *a, const char *b);

/* The transfer's tags as a definition (remote_write.h) wants labels: names and values in
 * turn, each with its '\0', sorted by their valid names, none twice (the first stands),
 * and the empty string behind them. */
void series_append_labels(struct buf *out, const struct transfer *transfer);

/* The whole definition: `name`, unit and help of the point's field, `labels`. */
void series_append_definition(struct buf *out, const struct buf *name, const struct point *point,
                              const struct buf *labels);

#endif
