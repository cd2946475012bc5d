/* Why: each transfer looks up its series, so that must not take longer with a thousand of
 * sets than with one; and nothing may depend on where in memory something stands. */
#include "output/totals_sets.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash_of(size_t group, const char *labels, size_t len)
{
    const char number = (char)group;
    return hash_bytes(hash_bytes(HASH_BEGIN, &number, 1), labels, len);
}

/* The slot of that set, or the free one where it belongs. */
static uint32_t *find_slot(const struct totals_sets *sets, uint64_t hash, size_t group,
                           const char *labels, size_t len)
{
    size_t i = (size_t)(hash ^ hash >> 32) & (sets->slot_count - 1);
    for (;; i = (i + 1) & (sets->slot_count - 1)) {
        if (!sets->slots[i])
            return &sets->slots[i];
        const struct totals_set *const set = &sets->sets[sets->slots[i] - 1];
        if (set->hash == hash && set->group == group && set->labels_len == len &&
            memcmp(set->labels, labels, len) == 0)
            return &sets->slots[i];
    }
}

/* Makes room for one more. */
static int grow(struct totals_sets *sets)
{
    if (sets->count == sets->room) {
        const size_t room = sets->room ? 2 * sets->room : 16;
        struct totals_set *const larger = realloc(sets->sets, room * sizeof *larger);
        if (!larger)
            return -1;
        sets->sets = larger;
        sets->room = room;
    }
    if (2 * (sets->count + 1) <= sets->slot_count)
        return 0;
    const size_t slot_count = sets->slot_count ? 2 * sets->slot_count : 64;
    uint32_t *const slots = calloc(slot_count, sizeof *slots);
    if (!slots)
        return -1;
    free(sets->slots);
    sets->slots = slots;
    sets->slot_count = slot_count;
    for (size_t i = 0; i < sets->count; i++) {
        const struct totals_set *const set = &sets->sets[i];
        *find_slot(sets, set->hash, set->group, set->labels, set->labels_len) = (uint32_t)i + 1;
    }
    return 0;
}

/* Fills a series; nothing is owned if it fails. */
static int series_init(struct totals_series *series, const struct instrument *instrument,
                       const char *label, size_t bounds)
{
    *series = (struct totals_series){.instrument = instrument};
    if (instrument->label && !(series->label = strdup(label)))
        return -1;
    if (instrument->kind != INSTRUMENT_HISTOGRAM ||
        (series->histogram = totals_histogram_new(bounds)))
        return 0;
    free(series->label);
    return -1;
}

void totals_sets_init(struct totals_sets *sets, const struct instrument *instruments, size_t bounds)
{
    *sets = (struct totals_sets){.instruments = instruments, .bounds = bounds};
    for (const struct instrument *i = instruments; i->name; i++)
        if (totals_sets_group(sets, i) == sets->groups)
            sets->without[sets->groups++] = i->without;
}

void totals_sets_release(struct totals_sets *sets)
{
    for (size_t i = 0; i < sets->count; i++) {
        for (size_t s = 0; s < sets->sets[i].count; s++) {
            free(sets->sets[i].series[s].label);
            totals_histogram_free(sets->sets[i].series[s].histogram);
        }
        free(sets->sets[i].series);
        free(sets->sets[i].labels);
    }
    free(sets->sets);
    free(sets->slots);
}

size_t totals_sets_group(const struct totals_sets *sets, const struct instrument *instrument)
{
    size_t group = 0;
    while (group < sets->groups && sets->without[group] != instrument->without)
        group++;
    return group;
}

size_t totals_sets_find(const struct totals_sets *sets, size_t group, const char *labels,
                        size_t len)
{
    if (!sets->slot_count)
        return SIZE_MAX;
    const uint32_t found = *find_slot(sets, hash_of(group, labels, len), group, labels, len);
    return found ? found - 1 : SIZE_MAX;
}

size_t totals_sets_add(struct totals_sets *sets, size_t group, const char *labels, size_t len)
{
    char *const copy = grow(sets) < 0 ? NULL : malloc(len);
    if (!copy)
        return SIZE_MAX;
    memcpy(copy, labels, len);
    const uint64_t hash = hash_of(group, labels, len);
    sets->sets[sets->count] =
        (struct totals_set){.labels = copy, .labels_len = len, .hash = hash, .group = group};
    *find_slot(sets, hash, group, labels, len) = (uint32_t)sets->count + 1;
    sets->group_sets[group]++;
    return sets->count++;
}

size_t totals_sets_series(struct totals_sets *sets, size_t number,
                          const struct instrument *instrument, const char *label)
{
    struct totals_set *const set = &sets->sets[number];
    for (size_t i = 0; i < set->count; i++)
        if (set->series[i].instrument == instrument &&
            (!instrument->label || strcmp(set->series[i].label, label) == 0))
            return i;
    struct totals_series *const larger =
        realloc(set->series, (set->count + 1) * sizeof *set->series);
    if (!larger)
        return SIZE_MAX;
    set->series = larger;
    return series_init(&larger[set->count], instrument, label, sets->bounds) < 0 ? SIZE_MAX
                                                                                 : set->count++;
}
