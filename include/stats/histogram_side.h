/* histogram_side: the counters of a histogram's buckets on one side of 0.
 *
 * A bucket is known by its index, as in Prometheus's native histograms. There are
 * only chunks of counters into which something fell. */
#ifndef TSDB_EXPORTER_STATS_HISTOGRAM_SIDE_H
#define TSDB_EXPORTER_STATS_HISTOGRAM_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct histogram_side {
    uint16_t *slots;     /* for each chunk of 32 from `first` on: its place in cells + 1, or 0 */
    void *cells;         /* chunks of counters */
    int32_t first;       /* bucket / 32 */
    uint32_t slot_count; /* in slots */
    uint16_t chunks, chunks_room;
    uint8_t width; /* of a counter, in bytes: 1, 2, 4 or 8 */
};

/* What has to grow before a value fits. */
struct histogram_need {
    uint32_t before, slot_count; /* slots to add in front, and in all */
    uint16_t chunks_room;
    uint8_t width;
};

/* The bucket `down` schemas below in which bucket `index` lies. */
static inline int32_t histogram_index_below(int32_t index, int down)
{
    return ((index - 1) >> down) + 1;
}

void histogram_side_init(struct histogram_side *side);
/* It is empty then. */
void histogram_side_release(struct histogram_side *side);
size_t histogram_side_bytes(const struct histogram_side *side);

/* Adds to a bucket, if there is room. If not, what it needs is in `*need`, and
 * the answer is false. */
bool histogram_side_put(struct histogram_side *side, int32_t index, uint64_t count,
                        struct histogram_need *need);
/* Makes one step of the room that histogram_side_put said it needs: put again. -1:
 * no memory. */
int histogram_side_grow(struct histogram_side *side, int32_t index, struct histogram_need need);
/* Goes one schema down. -1: no memory, and what it held is gone. */
int histogram_side_coarsen(struct histogram_side *side);

/* Walks over the buckets that hold something: `*at` is set to the next one in the
 * direction of `step`, 1 or -1. Begin with histogram_side_begin. */
int64_t histogram_side_begin(const struct histogram_side *side, int step);
bool histogram_side_next(const struct histogram_side *side, int64_t *at, int step, uint64_t *count);

#endif
