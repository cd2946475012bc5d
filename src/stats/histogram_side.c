/* Why: durations cluster, so counters come in chunks that are only there when
 * something falls into them, and begin as single bytes, which all become wider
 * when one would overflow: a thousand transfers of a usual spread take 1 KiB. */
#include "stats/histogram_side.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 32, CHUNK_BITS = 5 };

static uint64_t cell_get(const struct histogram_side *side, size_t cell)
{
    switch (side->width) {
    case 1:
        return ((const uint8_t *)side->cells)[cell];
    case 2:
        return ((const uint16_t *)side->cells)[cell];
    case 4:
        return ((const uint32_t *)side->cells)[cell];
    default:
        return ((const uint64_t *)side->cells)[cell];
    }
}

static void cell_set(struct histogram_side *side, size_t cell, uint64_t count)
{
    switch (side->width) {
    case 1:
        ((uint8_t *)side->cells)[cell] = (uint8_t)count;
        break;
    case 2:
        ((uint16_t *)side->cells)[cell] = (uint16_t)count;
        break;
    case 4:
        ((uint32_t *)side->cells)[cell] = (uint32_t)count;
        break;
    default:
        ((uint64_t *)side->cells)[cell] = count;
        break;
    }
}

static struct histogram_need need_chunk(const struct histogram_side *side, int32_t chunk)
{
    struct histogram_need need = {0, side->slot_count, side->chunks_room, side->width};
    if (side->slot_count == 0)
        need.slot_count = 1;
    else if (chunk < side->first)
        need.slot_count += need.before = (uint32_t)(side->first - chunk);
    else if ((uint32_t)(chunk - side->first) >= side->slot_count)
        need.slot_count = (uint32_t)(chunk - side->first) + 1;
    if (side->chunks == side->chunks_room)
        need.chunks_room = (uint16_t)(side->chunks + 1 + side->chunks / 8);
    return need;
}

static int make_cells(struct histogram_side *side, struct histogram_need need)
{
    if (need.chunks_room == side->chunks_room && need.width == side->width)
        return 0;
    struct histogram_side made = *side;
    made.chunks_room = need.chunks_room;
    made.width = need.width;
    made.cells = malloc((size_t)made.chunks_room * CHUNK * made.width);
    if (!made.cells)
        return -1;
    const size_t count = (size_t)side->chunks * CHUNK;
    if (made.width == side->width && count)
        memcpy(made.cells, side->cells, count * made.width);
    for (size_t i = 0; made.width != side->width && i < count; i++)
        cell_set(&made, i, cell_get(side, i));
    free(side->cells);
    *side = made;
    return 0;
}

static int make_slots(struct histogram_side *side, struct histogram_need need)
{
    if (need.slot_count == side->slot_count)
        return 0;
    uint16_t *const slots = realloc(side->slots, need.slot_count * sizeof *slots);
    if (!slots)
        return -1;
    const uint32_t after = need.slot_count - need.before - side->slot_count;
    memmove(slots + need.before, slots, side->slot_count * sizeof *slots);
    memset(slots, 0, need.before * sizeof *slots);
    memset(slots + need.before + side->slot_count, 0, after * sizeof *slots);
    side->first -= (int32_t)need.before;
    side->slots = slots;
    side->slot_count = need.slot_count;
    return 0;
}

static void begin_chunk(struct histogram_side *side, int32_t chunk)
{
    const size_t bytes = (size_t)CHUNK * side->width;
    memset((char *)side->cells + side->chunks * bytes, 0, bytes);
    side->slots[chunk - side->first] = ++side->chunks;
}

void histogram_side_init(struct histogram_side *side)
{
    *side = (struct histogram_side){.width = 1};
}

size_t histogram_side_bytes(const struct histogram_side *side)
{
    return side->slot_count * sizeof *side->slots + (size_t)side->chunks_room * CHUNK * side->width;
}

void histogram_side_release(struct histogram_side *side)
{
    free(side->slots);
    free(side->cells);
    histogram_side_init(side);
}

bool histogram_side_put(struct histogram_side *side, int32_t index, uint64_t count,
                        struct histogram_need *need)
{
    static const uint64_t most[] = {
        [1] = UINT8_MAX, [2] = UINT16_MAX, [4] = UINT32_MAX, [8] = UINT64_MAX};
    const int32_t chunk = index >> CHUNK_BITS;
    const uint32_t slot = (uint32_t)(chunk - side->first);
    if (slot >= side->slot_count || !side->slots[slot]) {
        *need = need_chunk(side, chunk);
        return false;
    }
    const size_t cell = (size_t)(side->slots[slot] - 1) * CHUNK + (size_t)(index & (CHUNK - 1));
    const uint64_t sum = cell_get(side, cell) + count;
    if (sum > most[side->width]) {
        *need = (struct histogram_need){0, side->slot_count, side->chunks_room,
                                        (uint8_t)(2 * side->width)};
        return false;
    }
    cell_set(side, cell, sum);
    return true;
}

int histogram_side_grow(struct histogram_side *side, int32_t index, struct histogram_need need)
{
    const bool wider = need.width != side->width;
    const int32_t chunk = index >> CHUNK_BITS;
    if (make_cells(side, need) < 0)
        return -1;
    if (wider)
        return 0;
    if (side->slot_count == 0)
        side->first = chunk;
    if (make_slots(side, need) < 0)
        return -1;
    begin_chunk(side, chunk);
    return 0;
}

int64_t histogram_side_begin(const struct histogram_side *side, int step)
{
    const int64_t first = (int64_t)side->first * CHUNK;
    return step > 0 ? first - 1 : first + (int64_t)side->slot_count * CHUNK;
}

bool histogram_side_next(const struct histogram_side *side, int64_t *at, int step, uint64_t *count)
{
    const int64_t first = (int64_t)side->first * CHUNK;
    const int64_t end = first + (int64_t)side->slot_count * CHUNK;
    for (*at += step; *at >= first && *at < end; *at += step) {
        const uint16_t slot = side->slots[(*at - first) / CHUNK];
        if (!slot) { /* to the last bucket of this chunk, as seen from where we go */
            *at = step > 0 ? *at | (CHUNK - 1) : *at & ~(int64_t)(CHUNK - 1);
            continue;
        }
        *count = cell_get(side, (size_t)(slot - 1) * CHUNK + (size_t)(*at & (CHUNK - 1)));
        if (*count)
            return true;
    }
    return false;
}

int histogram_side_coarsen(struct histogram_side *side)
{
    struct histogram_side coarse = {.width = side->width};
    struct histogram_need need;
    uint64_t count;
    for (int64_t at = histogram_side_begin(side, 1); histogram_side_next(side, &at, 1, &count);) {
        const int32_t index = histogram_index_below((int32_t)at, 1);
        while (!histogram_side_put(&coarse, index, count, &need))
            if (histogram_side_grow(&coarse, index, need) < 0) {
                histogram_side_release(&coarse);
                histogram_side_release(side);
                return -1;
            }
    }
    histogram_side_release(side);
    *side = coarse;
    return 0;
}
