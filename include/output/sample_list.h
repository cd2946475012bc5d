/* sample_list: samples of series, as they are handed to remote_write. */
#ifndef TSDB_EXPORTER_OUTPUT_SAMPLE_LIST_H
#define TSDB_EXPORTER_OUTPUT_SAMPLE_LIST_H

#include "base/buf.h"

#include <stdint.h>

struct sample {
    int64_t time_ms;
    double value;
    uint32_t series;   /* number of its definition, from 0 */
    uint32_t moved_ms; /* how far time_ms is ahead of its own time; not encoded */
};

enum series_type { SERIES_GAUGE, SERIES_COUNTER, SERIES_HISTOGRAM };

/* What version 2 tells of a series besides its definition. */
struct series_kind {
    enum series_type type;
    int64_t created_ms; /* 0: nobody knows */
};

/* What samples share. A definition is a run of strings, each with its '\0': the
 * metric's name, its unit and its help ("" for none), label names and values in
 * turn (at most TRANSFER_TAGS_MAX + 3 pairs), sorted by name, and an empty string.
 * `definitions` holds `count` of them. */
struct series_list {
    const char *definitions;
    size_t count;
};

/* Samples with all that they share, those of one series side by side. */
struct sample_list {
    struct buf samples;     /* of struct sample */
    struct buf definitions; /* see struct series_list */
    struct buf kinds;       /* of struct series_kind */
    size_t series;          /* how many definitions, and kinds */
};

/* A native histogram of schema 3: bucket i holds the values above 2^((i-1)/8) and up to
 * 2^(i/8). A stale marker is one whose sum is that number. */
struct histogram_sample {
    int64_t time_ms;
    uint64_t count, zeros; /* all values; those that are exactly 0 */
    double sum;
    uint32_t series;
    uint32_t buckets; /* where its buckets stand among all: as many as `length` */
    uint32_t length;
    int32_t first; /* the index of the first */
};

/* The same as a sample_list for native histograms. */
struct histogram_list {
    struct buf samples; /* of struct histogram_sample */
    struct buf buckets; /* of uint64_t: how many values each holds */
    struct buf definitions, kinds;
    size_t series;
};

/* What Prometheus takes for the end of a series. Source: its model/value/value.go. */
#define STALE_MARKER_BITS UINT64_C(0x7ff0000000000002)

/* Each buffer takes `bytes_max` at most. */
void sample_list_init(struct sample_list *list, size_t bytes_max);
void sample_list_release(struct sample_list *list);
void histogram_list_init(struct histogram_list *list, size_t bytes_max);
void histogram_list_release(struct histogram_list *list);

#endif
