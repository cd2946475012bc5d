/* Why: uniqueness of times is a promise over the whole life of a process, long
 * after the batch with the last sample is gone. Only a hash and a time are kept of
 * each series, so that a tag with many values does not eat the memory. */
#include "output/sample_times.h"

#include <inttypes.h>
#include <stdlib.h>

enum { ROOM_FIRST = 128 };

static struct series_times *slot(const struct sample_times *map, uint64_t hash)
{
    size_t i = (size_t)(hash ^ hash >> 32) & (map->room - 1);
    while (map->entries[i].hash && map->entries[i].hash != hash)
        i = (i + 1) & (map->room - 1);
    return &map->entries[i];
}

/* Copies the entries that were used in batch `oldest` or later into a table of
 * `room`. */
static int rebuild(struct sample_times *map, size_t room, uint64_t oldest)
{
    struct sample_times larger = {.entries = calloc(room, sizeof *map->entries), .room = room};
    if (!larger.entries)
        return -1;
    for (size_t i = 0; i < map->room; i++) {
        const struct series_times *const entry = &map->entries[i];
        if (!entry->hash || entry->batch < oldest)
            continue;
        *slot(&larger, entry->hash) = *entry;
        larger.count++;
    }
    free(map->entries);
    *map = larger;
    return 0;
}

static size_t used_since(const struct sample_times *map, uint64_t batch)
{
    size_t count = 0;
    for (size_t i = 0; i < map->room; i++)
        count += map->entries[i].hash && map->entries[i].batch >= batch;
    return count;
}

/* The batch since which no more than three quarters of SERIES_MAX were used; the
 * newest at most, which may be being filled. Times would not do: many series can
 * share one, and one can be far off. */
static uint64_t oldest_to_keep(const struct sample_times *map)
{
    uint64_t low = 0, high = 0;
    for (size_t i = 0; i < map->room; i++)
        if (map->entries[i].batch > high)
            high = map->entries[i].batch;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (used_since(map, middle) > SERIES_MAX / 4 * 3)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int make_room(struct sample_times *map)
{
    if (map->count < map->room / 2)
        return 0;
    if (map->count < SERIES_MAX)
        return rebuild(map, map->room ? map->room * 2 : ROOM_FIRST, 0);
    return rebuild(map, map->room, oldest_to_keep(map));
}

void sample_times_release(struct sample_times *map)
{
    free(map->entries);
    *map = (struct sample_times){0};
}

struct series_times *sample_times_find(struct sample_times *map, uint64_t hash)
{
    hash += !hash; /* 0 marks a free entry */
    if (make_room(map) < 0)
        return NULL;
    struct series_times *const entry = slot(map, hash);
    map->count += !entry->hash;
    entry->hash = hash;
    return entry;
}

void sample_times_begin(struct series_times *series, uint64_t batch, uint32_t number)
{
    series->before = series->now;
    series->batch = batch;
    series->number = number;
    series->sample = SERIES_NO_SAMPLE;
}

bool sample_times_is_old(const struct series_clock *clock, int64_t own_ms)
{
    return own_ms < clock->own_ms - SERIES_AHEAD_MS;
}

void sample_times_use(struct series_clock *clock, int64_t own_ms, int64_t time_ms)
{
    if (sample_times_is_old(clock, own_ms))
        return;
    clock->own_ms = own_ms > clock->own_ms ? own_ms : clock->own_ms;
    clock->last_ms = time_ms;
}

int sample_times_before(struct sample_times *to, const struct sample_times *map, uint64_t batch)
{
    *to = *map;
    to->entries = malloc((map->room + 1) * sizeof *to->entries);
    if (!to->entries)
        return -1;
    for (size_t i = 0; i < map->room; i++) {
        to->entries[i] = map->entries[i];
        if (to->entries[i].batch == batch)
            to->entries[i].now = to->entries[i].before;
    }
    return 0;
}

void sample_times_write(const struct sample_times *map, struct buf *out)
{
    for (size_t i = 0; i < map->room; i++)
        if (map->entries[i].hash)
            buf_printf(out, "%016" PRIx64 " %" PRId64 " %" PRId64 "\n", map->entries[i].hash,
                       map->entries[i].now.last_ms, map->entries[i].now.own_ms);
}

int sample_times_read(struct sample_times *map, const char *text, int64_t most_ms)
{
    while (*text) {
        char *end;
        const uint64_t hash = strtoull(text, &end, 16);
        const int64_t last_ms = strtoll(end, &end, 10), own_ms = strtoll(end, &end, 10);
        if (*end != '\n')
            return 0;
        text = end + 1;
        if (last_ms < 0 || last_ms > most_ms || own_ms < 0 || own_ms > most_ms)
            continue; /* a clock was wrong: what comes now would be late for ever */
        struct series_times *const series = sample_times_find(map, hash);
        if (!series)
            return -1;
        series->now = (struct series_clock){last_ms, own_ms};
    }
    return 0;
}
