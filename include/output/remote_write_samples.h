/* remote_write_samples: the samples of one series in protobuf-c's form. */
#ifndef TSDB_EXPORTER_OUTPUT_REMOTE_WRITE_SAMPLES_H
#define TSDB_EXPORTER_OUTPUT_REMOTE_WRITE_SAMPLES_H

#include "output/remote_write_series.h"

/* A native histogram has no more buckets than this. */
#define REMOTE_WRITE_BUCKETS_MAX 512

struct packed_samples;

/* Room for a series with so many samples, or so many histograms. NULL: no memory. */
struct packed_samples *packed_samples_new(size_t samples, size_t histograms);
void packed_samples_free(struct packed_samples *packed);

/* Fills in those of a group, with `created_ms` as their start unless that is 0. Returns the
 * array of pointers that the series' message is to hold: Prometheus__Sample ** if the group
 * has samples, else Prometheus__Histogram **. They are overwritten by the next call. */
void *packed_samples_fill(struct packed_samples *packed, const struct series_group *group,
                          int64_t created_ms);

#endif
