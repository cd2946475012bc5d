/* remote_write: samples -> the body of a Prometheus remote write request.
 *
 * Version 1 is prometheus.WriteRequest (remote write 1.0), version 2 is
 * io.prometheus.write.v2.Request (2.0), both in snappy's block format. */
#ifndef TSDB_EXPORTER_OUTPUT_REMOTE_WRITE_H
#define TSDB_EXPORTER_OUTPUT_REMOTE_WRITE_H

#include "base/buf.h"
#include "base/error.h"

#include <stdint.h>

struct sample {
    int64_t time_ms;
    double value;
    uint32_t series;   /* number of its definition, from 0 */
    uint32_t moved_ms; /* how far time_ms is ahead of its own time; not encoded */
};

/* What samples share. A definition is a run of strings, each with its '\0': the
 * metric's name, its unit and its help ("" for none), label names and values in
 * turn (at most TRANSFER_TAGS_MAX pairs), sorted by name, and an empty string.
 * `definitions` holds `count` of them. */
struct series_list {
    const char *definitions;
    size_t count;
};

/* Replaces `out` with the body. The samples are grouped by series and sorted by
 * time; two of one series never share a millisecond. 0, or -1: no memory, or a
 * library (protobuf-c, snappy) cannot be loaded. */
int remote_write_encode(int version, const struct series_list *series, const struct sample *samples,
                        size_t count, struct buf *out, struct error *err);

/* The definition with this number. */
const char *remote_write_definition(const struct series_list *series, uint32_t number);

#endif
