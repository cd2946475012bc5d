/* batch: transfers on their way to one output, in that output's own form.
 *
 * A batch knows how many points each transfer became, so that a request can be
 * split between any two points and each transfer still be counted once, by the
 * worst that happened to any of its points. */
#ifndef TSDB_EXPORTER_OUTPUT_BATCH_H
#define TSDB_EXPORTER_OUTPUT_BATCH_H

#include "base/buf.h"

#include <stdint.h>

/* A batch is closed when its data is this long: about 9,000 lines of the metric
 * layout (InfluxData calls 5,000 to 10,000 lines a request optimal). */
#define BATCH_BYTES_GOAL (512 * 1024)
/* One transfer more may add: all points with tags of TAG_BYTES_MAX, escaped. */
#define BATCH_BYTES_MAX (BATCH_BYTES_GOAL + 16 * 1024 * 1024)

/* From best to worst; a transfer keeps the worst. */
enum outcome {
    OUTCOME_OPEN,
    OUTCOME_DELIVERED,
    OUTCOME_FOLDED,  /* a newer value stands in its place */
    OUTCOME_PARTIAL, /* not known whether all of it is stored */
    OUTCOME_REFUSED,
    OUTCOME_LOST
};
#define OUTCOMES (OUTCOME_LOST + 1)

struct batch {
    struct batch *next;
    struct buf data;   /* written and read by the output only */
    struct buf names;  /* the same, for what points of the batch share */
    size_t name_count; /* the same */
    uint64_t id;       /* no two batches of a process have the same; from 1 */
    size_t points;
    size_t transfers, room;  /* there is room for in ends and outcomes */
    int64_t since_ms;        /* monotonic time of the first transfer */
    size_t *ends;            /* ends[i]: points up to and with transfer i */
    unsigned char *outcomes; /* enum outcome of each transfer */
};

/* `id` as above. NULL: out of memory. */
struct batch *batch_new(uint64_t id);
void batch_free(struct batch *batch);

/* The memory that the batch takes, about. */
size_t batch_memory(const struct batch *batch);

/* Counts a transfer whose points have just been put behind the data; `folded`: a
 * point of it took the place of an older one. 0, or -1 without memory. */
int batch_close_transfer(struct batch *batch, size_t points, bool folded);

/* Sets what became of the points from `first` up to `end`. */
void batch_settle(struct batch *batch, size_t first, size_t end, enum outcome outcome);

#endif
