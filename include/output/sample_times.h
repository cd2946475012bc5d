/* sample_times: which series have been written to, and until when.
 *
 * Prometheus keeps one sample a series and millisecond, and wants them in order.
 * Transfers of one series in the same millisecond move to the next free one, up to
 * SERIES_AHEAD_MS ahead of their own time; past that the newest value takes the place of
 * the one before. Memory is bounded: of more than SERIES_MAX series the longest unused is
 * forgotten. */
#ifndef TSDB_EXPORTER_OUTPUT_SAMPLE_TIMES_H
#define TSDB_EXPORTER_OUTPUT_SAMPLE_TIMES_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A burst of 5,000 transfers keeps all its samples, and the last is far from the
 * 10 minutes ahead that Prometheus 3 allows. */
#define SERIES_AHEAD_MS 5000
#define SERIES_MAX 32768

/* Instead of a sample's number: there is none that may be replaced. */
#define SERIES_NO_SAMPLE UINT32_MAX

/* What is remembered of a series. */
struct series_clock {
    int64_t last_ms; /* time given to the last sample */
    int64_t own_ms;  /* the latest time that a sample had by itself */
};

struct series_times {
    uint64_t hash; /* of name and labels; 0: free */
    struct series_clock now;
    struct series_clock before; /* the same at the beginning of `batch` */
    uint64_t batch;             /* the last one with a sample of it; 0: none yet */
    uint32_t number;            /* of the series in that batch */
    uint32_t sample;            /* its newest sample in that batch, or SERIES_NO_SAMPLE */
};

struct sample_times {
    struct series_times *entries; /* open addressing; owned */
    size_t count, room;           /* room is a power of two, or 0 */
};

void sample_times_release(struct sample_times *map);

/* The entry of `hash`, made if it is new (its times and batch are then 0). NULL: no
 * memory. It stays valid until the next call. */
struct series_times *sample_times_find(struct sample_times *map, uint64_t hash);

/* The series gets its first sample of a batch, in which it has this number. */
void sample_times_begin(struct series_times *series, uint64_t batch, uint32_t number);

/* True for a sample so far behind the newest that it keeps its own time: whether that
 * is too old is for the receiver to say. */
bool sample_times_is_old(const struct series_clock *clock, int64_t own_ms);
/* The sample has been given `time_ms`. */
void sample_times_use(struct series_clock *clock, int64_t own_ms, int64_t time_ms);

/* `to` becomes a copy of `map` as it was before `batch`, the newest. 0 or -1. */
int sample_times_before(struct sample_times *to, const struct sample_times *map, uint64_t batch);

/* As text, a line a series: HASH LAST_MS OWN_MS. Look at out->failed. */
void sample_times_write(const struct sample_times *map, struct buf *out);
/* Adds what such a text tells, up to the first line that is broken, without what is later
 * than `most_ms`. 0, or -1: no memory. */
int sample_times_read(struct sample_times *map, const char *text, int64_t most_ms);

#endif
