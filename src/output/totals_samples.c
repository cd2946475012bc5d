/* Why: what a histogram or a share is in the totals, and what a database wants to have of
 * it, are different things: a classic histogram is a score of series. */
#include "output/totals_samples.h"

#include "base/text.h"
#include "output/series.h"
#include "output/totals_state.h"

#include <stdio.h>
#include <string.h>

/* What the series of a set are appended to: the common part of both lists. */
struct target {
    const struct totals *totals;
    const struct totals_set *set;
    struct buf *definitions, *kinds;
    size_t *count;
};

/* How a series is called: prefix, name and suffix; and its label `le`, or NULL. */
struct naming {
    const char *name, *suffix, *le;
};

static void append_string(struct buf *out, const char *text)
{
    buf_append(out, text, strlen(text) + 1);
}

/* The labels of the set, those of the series among them where they belong. */
static void append_labels(struct buf *out, const char *labels, struct totals_label *own,
                          size_t count)
{
    if (count == 2 && strcmp(own[0].name, own[1].name) > 0) {
        const struct totals_label first = own[1];
        own[1] = own[0];
        own[0] = first;
    }
    for (size_t i = 0; *labels || i < count;) {
        const bool is_own = i < count && (!*labels || strcmp(own[i].name, labels) < 0);
        const char *const name = is_own ? own[i].name : labels;
        const char *const value = is_own ? own[i].value : labels + strlen(labels) + 1;
        append_string(out, name);
        append_string(out, value);
        if (is_own)
            i++;
        else
            labels = value + strlen(value) + 1;
    }
    append_string(out, "");
}

/* Appends what a series is. Its number among those of the list. */
static uint32_t append_series(const struct target *to, const struct totals_series *series,
                              const struct naming *naming, enum series_type type)
{
    const struct instrument *const instrument = series->instrument;
    const struct series_kind kind = {type, type == SERIES_GAUGE ? 0 : series->since_ms};
    struct totals_label own[2];
    size_t count = 0;
    if (instrument->label)
        own[count++] = (struct totals_label){instrument->label, series->label};
    if (naming->le)
        own[count++] = (struct totals_label){"le", naming->le};
    series_append_metric(to->definitions, to->totals->layout->prefix, naming->name);
    append_string(to->definitions, naming->suffix);
    append_string(to->definitions, instrument->unit ? instrument->unit : "");
    append_string(to->definitions, instrument->help);
    append_labels(to->definitions, to->set->labels, own, count);
    buf_append(to->kinds, &kind, sizeof kind);
    return (uint32_t)(*to->count)++;
}

/* A new series begins with a 0: without it the first value would be no increase. */
static bool is_new(const struct totals *totals, const struct totals_series *series)
{
    return series->since_ms == totals->last_ms - 1;
}

/* Byte by byte, since some processors change the bits of a marker that is handed on as a
 * number. */
static void set_stale(double *value)
{
    const uint64_t bits = STALE_MARKER_BITS;
    memcpy(value, &bits, sizeof bits);
}

/* Appends a series with its samples. */
static void append_number(const struct target *to, struct buf *samples,
                          const struct totals_series *series, const struct naming *naming,
                          enum series_type type, double value)
{
    const struct totals *const totals = to->totals;
    struct sample sample = {.series = append_series(to, series, naming, type)};
    if (type != SERIES_GAUGE && is_new(totals, series)) {
        sample.time_ms = series->since_ms;
        buf_append(samples, &sample, sizeof sample);
    }
    sample.time_ms = totals->last_ms;
    sample.value = value;
    if (totals->stale)
        set_stale(&sample.value);
    buf_append(samples, &sample, sizeof sample);
}

static double trend_value(const struct totals_trend *trend,
                          const struct totals_histogram *histogram, uint64_t count)
{
    switch (trend->kind) {
    case TREND_QUANTILE:
        return totals_histogram_quantile(histogram, count, trend->share);
    case TREND_MIN:
        return histogram->min;
    case TREND_MAX:
        return histogram->max;
    case TREND_AVG:
        return count ? histogram->sum / (double)count : 0;
    case TREND_COUNT:
        break;
    }
    return (double)count;
}

static void append_trends(const struct target *to, struct buf *samples,
                          const struct totals_series *series)
{
    const struct totals_options *const options = to->totals->options;
    const uint64_t count = totals_histogram_count(series->histogram, options->bounds.count);
    for (size_t i = 0; i < options->trends.count; i++) {
        const struct totals_trend *const trend = &options->trends.of[i];
        const struct naming naming = {series->instrument->trend, trend->suffix, NULL};
        append_number(to, samples, series, &naming, SERIES_GAUGE,
                      trend_value(trend, series->histogram, count));
    }
}

static void append_classic(const struct target *to, struct buf *samples,
                           const struct totals_series *series)
{
    const struct totals_bounds *const bounds = &to->totals->options->bounds;
    const char *const name = series->instrument->name;
    uint64_t count = 0;
    char le[NUMBER_ROOM];
    for (size_t i = 0; i <= bounds->count; i++) {
        if (i < bounds->count)
            text_number(le, bounds->le[i]);
        else
            memcpy(le, "+Inf", sizeof "+Inf");
        count += series->histogram->classic[i];
        append_number(to, samples, series, &(struct naming){name, "_bucket", le}, SERIES_HISTOGRAM,
                      (double)count);
    }
    append_number(to, samples, series, &(struct naming){name, "_count", NULL}, SERIES_HISTOGRAM,
                  (double)count);
    append_number(to, samples, series, &(struct naming){name, "_sum", NULL}, SERIES_HISTOGRAM,
                  series->histogram->sum);
}

static void append_native(const struct target *to, struct histogram_list *list,
                          const struct totals_series *series)
{
    const struct totals *const totals = to->totals;
    const struct totals_histogram *const histogram = series->histogram;
    const struct naming naming = {series->instrument->name, "", NULL};
    struct histogram_sample sample = {.series =
                                          append_series(to, series, &naming, SERIES_HISTOGRAM)};
    if (is_new(totals, series)) {
        sample.time_ms = series->since_ms;
        buf_append(&list->samples, &sample, sizeof sample);
    }
    sample.time_ms = totals->last_ms;
    if (totals->stale) {
        set_stale(&sample.sum);
    } else {
        sample.count = totals_histogram_count(histogram, totals->options->bounds.count);
        sample.zeros = histogram->zeros;
        sample.sum = histogram->sum;
        sample.first = histogram->first;
        sample.length = histogram->length;
        sample.buckets = (uint32_t)(list->buckets.len / sizeof *histogram->buckets);
        if (histogram->length)
            buf_append(&list->buckets, histogram->buckets,
                       histogram->length * sizeof *histogram->buckets);
    }
    buf_append(&list->samples, &sample, sizeof sample);
}

static struct target target_of(const struct totals *totals, size_t set, struct sample_list *list)
{
    return (struct target){totals, &totals->sets.sets[set], &list->definitions, &list->kinds,
                           &list->series};
}

void totals_numbers(const struct totals *totals, size_t set, struct sample_list *list)
{
    const struct target to = target_of(totals, set, list);
    for (size_t i = 0; i < to.set->count; i++) {
        const struct totals_series *const series = &to.set->series[i];
        const struct naming naming = {series->instrument->name, "", NULL};
        if (!series->since_ms)
            continue;
        switch (series->instrument->kind) {
        case INSTRUMENT_COUNTER:
            append_number(&to, &list->samples, series, &naming, SERIES_COUNTER, series->number);
            break;
        case INSTRUMENT_GAUGE:
            append_number(&to, &list->samples, series, &naming, SERIES_GAUGE, series->number);
            break;
        case INSTRUMENT_RATE:
            append_number(&to, &list->samples, series, &naming, SERIES_GAUGE,
                          series->all > 0 ? series->number / series->all : 0);
            break;
        case INSTRUMENT_HISTOGRAM:
            if (series->instrument->trend)
                append_trends(&to, &list->samples, series);
            break;
        }
    }
}

void totals_classic(const struct totals *totals, size_t set, struct sample_list *list)
{
    const struct target to = target_of(totals, set, list);
    for (size_t i = 0; i < to.set->count; i++)
        if (to.set->series[i].since_ms && to.set->series[i].histogram)
            append_classic(&to, &list->samples, &to.set->series[i]);
}

void totals_native(const struct totals *totals, size_t set, struct histogram_list *list)
{
    const struct target to = {totals, &totals->sets.sets[set], &list->definitions, &list->kinds,
                              &list->series};
    for (size_t i = 0; i < to.set->count; i++)
        if (to.set->series[i].since_ms && to.set->series[i].histogram)
            append_native(&to, list, &to.set->series[i]);
}
