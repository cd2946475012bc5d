/* Why: one sample a transfer costs as much as there are transfers, and Prometheus merges
 * those of one millisecond. Counters that never go back cost the same at any rate, and lose
 * nothing when a request does. */
#include "output/totals.h"

#include "output/series.h"
#include "output/totals_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Up to here each integer is a double. */
#define EXACT_MAX 0x1p53
/* A duration that is none of curl's; see model/phase.h. */
#define SECONDS_MAX 1e9

/* Where an observation goes. */
struct place {
    size_t set, series;
};

/* Makes the observation fit to be counted, or returns false: what it says cannot be. A
 * histogram gets whole microseconds, as curl writes them. */
static bool is_usable(struct observation *observation)
{
    const double value = observation->value;
    switch (observation->instrument->kind) {
    case INSTRUMENT_COUNTER:
        return value >= 0 && value <= EXACT_MAX;
    case INSTRUMENT_HISTOGRAM:
        observation->value = fabs(round(value * 1e6) / 1e6);
        return value >= 0 && value < SECONDS_MAX;
    case INSTRUMENT_RATE:
    case INSTRUMENT_GAUGE:
        break;
    }
    return isfinite(value);
}

static size_t observe(const struct totals *totals, const struct transfer *transfer,
                      struct observation *observations)
{
    const size_t count = layout_observe(totals->layout, transfer, observations);
    size_t usable = 0;
    for (size_t i = 0; i < count; i++)
        if (is_usable(&observations[i]))
            observations[usable++] = observations[i];
    return usable;
}

/* The set of these labels, made if there may be one more; SIZE_MAX else. */
static size_t find_or_add(struct totals *totals, size_t group, const struct totals_labels *labels,
                          size_t sets_max)
{
    struct buf *const text = &totals->labels;
    buf_clear(text);
    totals_labels_append(labels, text);
    if (text->failed)
        return SIZE_MAX;
    const size_t set = totals_sets_find(&totals->sets, group, text->data, text->len);
    return set == SIZE_MAX && totals->sets.group_sets[group] < sets_max
               ? totals_sets_add(&totals->sets, group, text->data, text->len)
               : set;
}

/* The set of the group that the transfer belongs to; that of "other", if there are too many.
 * As `instance` can be a tag with any number of values too, there is an end to those.
 * SIZE_MAX: no memory. */
static size_t set_of(struct totals *totals, size_t group, bool *other)
{
    const struct totals_options *const options = totals->options;
    struct totals_labels labels;
    totals_labels_init(&labels, totals->tags.data, totals->sets.without[group],
                       totals->sets.instruments, options->instance);
    size_t set = find_or_add(totals, group, &labels, options->sets_max);
    if (set != SIZE_MAX || totals->sets.group_sets[group] < options->sets_max)
        return set;
    *other = true;
    totals_labels_make_other(&labels, true);
    set = find_or_add(totals, group, &labels, 2 * options->sets_max);
    if (set != SIZE_MAX || totals->sets.group_sets[group] < 2 * options->sets_max)
        return set;
    totals_labels_make_other(&labels, false);
    return find_or_add(totals, group, &labels, SIZE_MAX);
}

/* Finds the place of each observation, and makes all the room that is needed. After that
 * nothing can fail, so that a transfer is counted as a whole or not at all. */
static int find_places(struct totals *totals, const struct observation *observations, size_t count,
                       struct place *places, bool *other)
{
    size_t sets[TOTALS_GROUPS_MAX];
    memset(sets, 0xff, sizeof sets);
    for (size_t i = 0; i < count; i++) {
        const struct instrument *const instrument = observations[i].instrument;
        const size_t group = totals_sets_group(&totals->sets, instrument);
        if (sets[group] == SIZE_MAX && (sets[group] = set_of(totals, group, other)) == SIZE_MAX)
            return -1;
        places[i].set = sets[group];
        places[i].series =
            totals_sets_series(&totals->sets, places[i].set, instrument, observations[i].label);
        if (places[i].series == SIZE_MAX)
            return -1;
        if (totals_keeps_native(totals, instrument) &&
            totals_histogram_reserve(
                totals->sets.sets[places[i].set].series[places[i].series].histogram,
                observations[i].value) < 0)
            return -1;
    }
    return 0;
}

static void count_in(const struct totals *totals, struct totals_series *series, double value)
{
    const struct totals_bounds *const bounds = &totals->options->bounds;
    switch (series->instrument->kind) {
    case INSTRUMENT_COUNTER:
        series->number += value;
        break;
    case INSTRUMENT_GAUGE:
        series->number = value + 0.0; /* never -0, which is not stored as such */
        break;
    case INSTRUMENT_RATE:
        series->number += value != 0;
        series->all++;
        break;
    case INSTRUMENT_HISTOGRAM:
        totals_histogram_add(series->histogram, value, bounds->le, bounds->count);
        break;
    }
}

struct totals *totals_new(const struct totals_options *options, const struct layout *layout)
{
    struct totals *const totals = calloc(1, sizeof *totals);
    if (!totals)
        return NULL;
    totals->options = options;
    totals->layout = layout;
    for (size_t i = 0; i < options->trends.count; i++)
        totals->quantiles |= options->trends.of[i].kind == TREND_QUANTILE;
    totals_sets_init(&totals->sets, layout->type->instruments, options->bounds.count);
    buf_init(&totals->tags, SERIES_LABELS_BYTES_MAX);
    buf_init(&totals->labels, SERIES_LABELS_BYTES_MAX);
    return totals;
}

void totals_free(struct totals *totals)
{
    if (!totals)
        return;
    totals_sets_release(&totals->sets);
    buf_release(&totals->tags);
    buf_release(&totals->labels);
    free(totals);
}

int totals_add(struct totals *totals, const struct transfer *transfer)
{
    struct observation observations[OBSERVATIONS_MAX];
    struct place places[OBSERVATIONS_MAX];
    const size_t count = observe(totals, transfer, observations);
    bool other = false;
    buf_clear(&totals->tags);
    series_append_labels(&totals->tags, transfer);
    if (totals->tags.failed || find_places(totals, observations, count, places, &other) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        count_in(totals, &totals->sets.sets[places[i].set].series[places[i].series],
                 observations[i].value);
    const int64_t time_ms = transfer->time_ns / 1000000;
    totals->since_ms = totals->since_ms ? totals->since_ms : time_ms;
    totals->newest_ms = time_ms > totals->newest_ms ? time_ms : totals->newest_ms;
    totals->others += other;
    return 0;
}

void totals_sample(struct totals *totals)
{
    if (!totals->sets.count)
        return;
    /* Two milliseconds, not one: the one between is for the 0 of a histogram that begins anew
     * (totals_read.c), which must not share its time with an older sample. */
    const int64_t soonest_ms = totals->last_ms + 2;
    totals->last_ms = totals->newest_ms > soonest_ms ? totals->newest_ms : soonest_ms;
    totals->stale = false;
    for (size_t i = 0; i < totals->sets.count; i++)
        for (size_t s = 0; s < totals->sets.sets[i].count; s++)
            if (!totals->sets.sets[i].series[s].since_ms)
                totals->sets.sets[i].series[s].since_ms = totals->last_ms - 1;
}

void totals_stale(struct totals *totals, int64_t after_ms)
{
    totals->last_ms += after_ms;
    totals->stale = true;
}

size_t totals_set_count(const struct totals *totals)
{
    return totals->sets.count;
}

size_t totals_sets(const struct totals *totals)
{
    size_t most = 0;
    for (size_t group = 0; group < totals->sets.groups; group++)
        if (totals->sets.group_sets[group] > most)
            most = totals->sets.group_sets[group];
    return most;
}

uint64_t totals_others(const struct totals *totals)
{
    return totals->others;
}

int64_t totals_newest_ms(const struct totals *totals)
{
    return totals->newest_ms;
}

int64_t totals_last_ms(const struct totals *totals)
{
    return totals->last_ms;
}
