/* series: which series have been written to, and until when.
 *
 * Prometheus keeps one sample a series and millisecond, and wants them in order.
 * Transfers of one series in the same millisecond move to the next free one, up to
 * SERIES_AHEAD_MS ahead of their own time; past that a gauge keeps the newest value.
 * Memory is bounded: of more than SERIES_MAX series the longest unused is forgotten. */
#ifndef TSDB_EXPORTER_OUTPUT_SAMPLE_TIMES_H
#define TSDB_EXPORTER_OUTPUT_SAMPLE_TIMES_H

#include <stddef.h>
#include <stdint.h>

/* A burst of 5,000 transfers keeps all its samples, and the last is far from the
 * 10 minutes ahead that Prometheus 3 allows. */
#define SERIES_AHEAD_MS 5000
#define SERIES_MAX 32768

/* Instead of a sample's number: there is none that may be replaced. */
#define SERIES_NO_SAMPLE UINT32_MAX

struct series_times {
    uint64_t hash;   /* of name and labels; 0: free */
    int64_t last_ms; /* time given to the last sample */
    int64_t own_ms;  /* the latest time that a sample had by itself */
    uint64_t batch;  /* the batch that the following two belong to */
    uint32_t number; /* of the series in that batch */
    uint32_t sample; /* its newest sample in that batch, or SERIES_NO_SAMPLE */
};

struct sample_times {
    struct series_times *entries; /* open addressing; owned */
    size_t count, room;           /* room is a power of two, or 0 */
};

void sample_times_release(struct sample_times *map);

/* The entry of `hash`, made if it is new (last_ms and batch are then 0). NULL: no
 * memory. It stays valid until the next call. */
struct series_times *sample_times_find(struct sample_times *map, uint64_t hash);

#endif
