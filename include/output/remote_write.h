/* remote_write: samples -> the body of a Prometheus remote write request.
 *
 * Version 1 is prometheus.WriteRequest (remote write 1.0), version 2 is
 * io.prometheus.write.v2.Request (2.0), both in snappy's block format. */
#ifndef TSDB_EXPORTER_OUTPUT_REMOTE_WRITE_H
#define TSDB_EXPORTER_OUTPUT_REMOTE_WRITE_H

#include "base/buf.h"
#include "base/error.h"
#include "output/sample_list.h"

/* Replaces `out` with the body. The samples are grouped by series and sorted by
 * time; two of one series never share a millisecond. 0, or -1: no memory, or a
 * library (protobuf-c, snappy) cannot be loaded. */
int remote_write_encode(int version, const struct series_list *series, const struct sample *samples,
                        size_t count, struct buf *out, struct error *err);

/* The same for the samples first <= i < end of a list, which are in order already. */
int remote_write_encode_list(int version, const struct sample_list *list, size_t first, size_t end,
                             struct buf *out, struct error *err);
/* The same for native histograms. */
int remote_write_encode_histograms(int version, const struct histogram_list *list, size_t first,
                                   size_t end, struct buf *out, struct error *err);

/* The definition with this number. */
const char *remote_write_definition(const struct series_list *series, uint32_t number);

#endif
