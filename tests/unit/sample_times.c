/* sample_times: what is remembered of each, and how much at most. */
#include "output/sample_times.h"

#include "base/hash.h"

#include "tap.h"

/* A new entry with times, as an output leaves it. */
static struct series_times *put(struct sample_times *map, uint64_t hash, int64_t time_ms)
{
    struct series_times *const series = sample_times_find(map, hash);
    series->now = (struct series_clock){time_ms, time_ms};
    return series;
}

static uint64_t hash_of(size_t number)
{
    return hash_bytes(HASH_BEGIN, (const char *)&number, sizeof number);
}

/* How many of these are known; to ask for one that is not makes it known. */
static size_t known(struct sample_times *map, size_t first, size_t end)
{
    size_t count = 0;
    for (size_t i = first; i < end; i++)
        count += sample_times_find(map, hash_of(i))->now.last_ms != 0;
    return count;
}

static void remembers(void)
{
    struct sample_times map = {0};
    const struct series_times *const fresh = sample_times_find(&map, 5);
    OK(fresh && fresh->now.last_ms == 0 && fresh->batch == 0, "a new one begins with nothing");
    put(&map, 5, 1000);
    put(&map, 5 + 128, 2000); /* the same place of a table of 128 */
    put(&map, 0, 3000);
    IS(sample_times_find(&map, 5)->now.last_ms, 1000, "it is found again");
    IS(sample_times_find(&map, 133)->now.last_ms, 2000, "beside one that wants its place");
    IS(sample_times_find(&map, 0)->now.last_ms, 3000, "and the hash 0 is one like any other");
    IS(map.count, 3, "there are three");
    for (size_t i = 0; i < 10000; i++)
        put(&map, hash_of(i), 4000);
    IS(map.count, 10003, "ten thousand more");
    IS(sample_times_find(&map, 5)->now.last_ms, 1000, "and the first is still known");
    sample_times_release(&map);
    OK(!map.entries && !map.count && !map.room, "released: empty");
}

/* Ten times more than there is room for; a hundred a batch, in one millisecond
 * all of them, so that times do not tell which is older. */
static void forgets_the_oldest(void)
{
    struct sample_times map = {0};
    size_t most = 0;
    enum { ALL = 10 * SERIES_MAX };
    for (size_t i = 0; i < ALL; i++) {
        put(&map, hash_of(i), 1700000000000)->batch = 1 + i / 100;
        most = map.count > most ? map.count : most;
    }
    OK(most <= SERIES_MAX + 1, "never more than SERIES_MAX");
    OK(map.room * sizeof *map.entries < 8 * 1024 * 1024, "in less than 8 MiB");
    IS(known(&map, ALL - 100, ALL), 100, "the newest are known");
    IS(known(&map, 0, 100), 0, "the oldest are not");
    sample_times_release(&map);
}

/* Those of the batch that is being filled must stay, or a request would have a
 * series twice. */
static void keeps_those_of_the_batch(void)
{
    enum { LARGEST = 22000 }; /* samples in a batch */
    struct sample_times map = {0};
    for (size_t i = 0; i < SERIES_MAX; i++)
        put(&map, hash_of(i), 1700000000000 + (int64_t)i)->batch = 1;
    for (size_t i = SERIES_MAX; i < SERIES_MAX + LARGEST; i++)
        put(&map, hash_of(i), 1600000000000)->batch = 2;
    IS(known(&map, SERIES_MAX, SERIES_MAX + LARGEST), LARGEST,
       "all of the newest batch are known, whatever their times");
    OK(map.count <= SERIES_MAX, "and not too many");
    sample_times_release(&map);
}

int main(void)
{
    remembers();
    forgets_the_oldest();
    keeps_those_of_the_batch();
    OK(hash_bytes(HASH_BEGIN, "", 0) == UINT64_C(0xcbf29ce484222325) &&
           hash_bytes(HASH_BEGIN, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c) &&
           hash_bytes(HASH_BEGIN, "foobar", 6) == UINT64_C(0x85944171f73967e8),
       "FNV-1a as its authors give it");
    OK(hash_bytes(hash_bytes(HASH_BEGIN, "foo", 3), "bar", 3) == UINT64_C(0x85944171f73967e8),
       "also in two parts");
    return tap_done();
}
