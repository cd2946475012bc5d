/* Why: a number that came back wrong would be wrong for ever. So a text that is damaged
 * anywhere is not believed at all, and one that is whole is still looked at as if somebody
 * else had written it. */
#include "output/totals_read.h"

#include "base/hash.h"
#include "output/series.h"
#include "output/totals_state.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Up to here each count is exact as a number. */
#define COUNT_MAX (UINT64_C(1) << 53)

/* A text that is being read. As soon as something is not as it was written, `broken` is set,
 * and what is read after that means nothing. */
struct reader {
    struct totals *totals;
    const char *at;
    int64_t most_ms;
    size_t bounds;     /* how many the text's histograms have */
    bool other_bounds; /* than the totals have: histograms begin anew */
    bool broken, no_memory, too_late;
    struct buf strings; /* of the line: each with its '\0' */
};

/* Goes on behind `text`, or breaks. */
static void skip(struct reader *reader, const char *text)
{
    const size_t len = strlen(text);
    if (strncmp(reader->at, text, len) == 0)
        reader->at += len;
    else
        reader->broken = true;
}

/* " N", where a number must follow. */
static uint64_t read_count(struct reader *reader)
{
    char *end;
    skip(reader, " ");
    if (*reader->at < '0' || *reader->at > '9')
        reader->broken = true;
    if (reader->broken)
        return 0;
    const unsigned long long value = strtoull(reader->at, &end, 10);
    reader->at = end;
    reader->broken |= value > COUNT_MAX;
    return value;
}

static int64_t read_time(struct reader *reader)
{
    const uint64_t value = read_count(reader);
    if (reader->broken)
        return 0;
    reader->too_late |= (int64_t)value > reader->most_ms;
    return (int64_t)value;
}

/* " X", a number that is at least `min`. */
static double read_number(struct reader *reader, double min)
{
    char *end;
    skip(reader, " ");
    if (*reader->at != '-' && (*reader->at < '0' || *reader->at > '9'))
        reader->broken = true;
    if (reader->broken)
        return 0;
    const double value = strtod(reader->at, &end);
    reader->broken |= end == reader->at || !isfinite(value) || value < min;
    reader->at = end;
    return value;
}

/* Exactly `count` counts. Returns what they come to. */
static uint64_t read_counts(struct reader *reader, uint64_t *counts, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count && !reader->broken;) {
        if (strncmp(reader->at, " -", 2) != 0) {
            counts[i] = read_count(reader);
            sum += counts[i++];
            reader->broken |= sum > COUNT_MAX;
            continue;
        }
        char *end;
        const unsigned long empty = strtoul(reader->at + 2, &end, 10);
        reader->broken |= empty == 0 || empty > count - i;
        reader->at = end;
        i += empty;
    }
    return sum;
}

/* The native part. The array is as it was, so that it grows as if it had never been stored.
 * Returns what the counts come to. */
static uint64_t read_native(struct reader *reader, struct totals_histogram *histogram)
{
    histogram->zeros = read_count(reader);
    const double first = read_number(reader, TOTALS_BUCKET_MIN);
    const uint64_t length = read_count(reader);
    reader->broken |= first != floor(first) || first + (double)length > TOTALS_BUCKET_END;
    if (reader->broken || length == 0)
        return histogram->zeros;
    const int32_t low = (int32_t)first;
    if (totals_histogram_cover(histogram, low, low + (int32_t)length - 1) < 0)
        reader->no_memory = reader->broken = true;
    else if (histogram->first != low || histogram->length != length)
        reader->broken = true;
    return reader->broken
               ? 0
               : histogram->zeros + read_counts(reader, histogram->buckets, histogram->length);
}

/* Fills the series' histogram; leaves it empty, and makes the series new, if the text's is
 * none that this one could go on from. */
static void read_histogram(struct reader *reader, struct totals_series *series)
{
    struct totals_histogram *const h = totals_histogram_new(reader->bounds);
    if (!h) {
        reader->no_memory = reader->broken = true;
        return;
    }
    h->sum = read_number(reader, 0);
    h->min = read_number(reader, 0);
    h->max = read_number(reader, h->min);
    const uint64_t count = read_counts(reader, h->classic, reader->bounds + 1);
    const bool native = strncmp(reader->at, " ;", 2) == 0;
    reader->at += native ? 2 : 0;
    reader->broken |= native && read_native(reader, h) != count;
    const bool wanted = totals_keeps_native(reader->totals, series->instrument);
    const bool usable = !reader->other_bounds && (native || !wanted);
    if (usable && !wanted) {
        free(h->buckets);
        h->buckets = NULL;
        h->length = 0;
    }
    totals_histogram_free(usable ? series->histogram : h);
    if (usable)
        series->histogram = h;
    else
        series->since_ms = 0;
}

/* The texts behind tabs up to the end of the line, into `strings`. Returns how many. */
static size_t read_strings(struct reader *reader)
{
    size_t count = 0;
    buf_clear(&reader->strings);
    for (; *reader->at == '\t' && !reader->broken; count++) {
        const size_t len = strcspn(++reader->at, "\t\n");
        buf_append(&reader->strings, reader->at, len);
        buf_append(&reader->strings, "", 1);
        reader->broken |= reader->strings.failed;
        reader->at += len;
    }
    skip(reader, "\n");
    return count;
}

/* The instrument whose name stands there, or NULL. */
static const struct instrument *read_instrument(struct reader *reader)
{
    const size_t len = strcspn(reader->at, " \t\n");
    for (const struct instrument *i = reader->totals->sets.instruments; i->name; i++)
        if (strlen(i->name) == len && memcmp(i->name, reader->at, len) == 0) {
            reader->at += len;
            return i;
        }
    reader->broken = true;
    return NULL;
}

/* Behind "set ": adds the set and returns its number. */
static size_t read_set(struct reader *reader)
{
    struct totals *const totals = reader->totals;
    const struct instrument *const instrument = read_instrument(reader);
    struct totals_labels labels = {0};
    size_t count = read_strings(reader);
    reader->broken |= count % 2 != 0;
    if (reader->broken)
        return 0;
    for (const char *name = reader->strings.data; count; count -= 2) {
        const char *const value = name + strlen(name) + 1;
        reader->broken |= !*name || !*value || totals_labels_add(&labels, name, value) < 0;
        name = value + strlen(value) + 1;
    }
    totals_labels_add_instance(&labels, totals->options->instance);
    buf_clear(&totals->labels);
    totals_labels_append(&labels, &totals->labels);
    const char *const text = totals->labels.data;
    const size_t len = totals->labels.len, group = totals_sets_group(&totals->sets, instrument);
    if (reader->broken || totals->labels.failed ||
        totals_sets_find(&totals->sets, group, text, len) != SIZE_MAX) {
        reader->broken = true;
        return 0;
    }
    const size_t set = totals_sets_add(&totals->sets, group, text, len);
    reader->no_memory |= set == SIZE_MAX;
    reader->broken |= reader->no_memory;
    return set;
}

/* A series of that set. Its label stands behind the numbers, so it is looked for first. */
static void read_series(struct reader *reader, size_t set)
{
    struct totals_sets *const sets = &reader->totals->sets;
    const struct instrument *const instrument = read_instrument(reader);
    const char *const numbers = reader->at;
    reader->at += strcspn(reader->at, "\t\n");
    const char *const end = reader->at;
    const size_t strings = read_strings(reader), before = sets->sets[set].count;
    const char *const behind = reader->at;
    if (reader->broken || strings != (instrument->label != NULL) ||
        (strings && !*reader->strings.data) ||
        totals_sets_group(sets, instrument) != sets->sets[set].group) {
        reader->broken = true;
        return;
    }
    const size_t number = totals_sets_series(sets, set, instrument, reader->strings.data);
    reader->no_memory |= number == SIZE_MAX;
    if (number != before) { /* no memory, or it is there twice */
        reader->broken = true;
        return;
    }
    struct totals_series *const series = &sets->sets[set].series[number];
    reader->at = numbers;
    series->since_ms = read_time(reader);
    reader->broken |= series->since_ms > reader->totals->last_ms;
    if (instrument->kind == INSTRUMENT_HISTOGRAM)
        read_histogram(reader, series);
    else
        series->number = read_number(reader, instrument->kind == INSTRUMENT_GAUGE ? -HUGE_VAL : 0);
    if (instrument->kind == INSTRUMENT_RATE)
        series->all = read_number(reader, series->number);
    reader->broken |= reader->at != end;
    reader->at = behind;
}

/* The first line. */
static void read_head(struct reader *reader)
{
    struct totals *const totals = reader->totals;
    const struct totals_bounds *const bounds = &totals->options->bounds;
    skip(reader, "totals 1 ");
    if (reader->broken)
        return;
    skip(reader, totals->layout->type->name);
    totals->since_ms = read_time(reader);
    totals->newest_ms = read_time(reader);
    totals->last_ms = read_time(reader);
    totals->stale = read_count(reader) != 0;
    totals->others = read_count(reader);
    (void)read_count(reader); /* of sets, for who reads no further */
    for (; *reader->at == ' ' && !reader->broken; reader->bounds++) {
        const double bound = read_number(reader, 0);
        reader->other_bounds |= reader->bounds >= bounds->count ||
                                bound > bounds->le[reader->bounds] ||
                                bound < bounds->le[reader->bounds];
    }
    reader->other_bounds |= reader->bounds != bounds->count;
    reader->broken |= reader->bounds > TOTALS_BOUNDS_MAX;
    skip(reader, "\n");
}

/* Where the checksum of a text begins that is as it was written; else NULL. */
static const char *find_end(const char *text)
{
    char sum[16];
    const size_t len = strlen(text), sum_len = sizeof "sum 01234567\n" - 1;
    if (len < sum_len)
        return NULL;
    snprintf(sum, sizeof sum, "sum %08" PRIx32 "\n", hash_checksum(text, len - sum_len));
    const char *const end = text + len - sum_len;
    return strcmp(end, sum) == 0 ? end : NULL;
}

static void begin_anew(struct totals *totals)
{
    totals_sets_release(&totals->sets);
    totals_sets_init(&totals->sets, totals->layout->type->instruments,
                     totals->options->bounds.count);
    totals->since_ms = totals->newest_ms = totals->last_ms = 0;
    totals->stale = false;
    totals->others = 0;
}

int totals_read(struct totals *totals, const char *text, int64_t most_ms, struct error *err)
{
    const char *const end = find_end(text);
    struct reader reader = {.totals = totals, .at = text, .most_ms = most_ms};
    begin_anew(totals);
    if (!end)
        return error_set(err, "the stored totals are damaged");
    buf_init(&reader.strings, SERIES_LABELS_BYTES_MAX);
    read_head(&reader);
    size_t set = SIZE_MAX;
    while (!reader.broken && reader.at != end) {
        if (strncmp(reader.at, "set ", 4) == 0) {
            reader.at += 4;
            set = read_set(&reader);
        } else if (set != SIZE_MAX) {
            read_series(&reader, set);
        } else {
            reader.broken = true;
        }
    }
    buf_release(&reader.strings);
    if (!reader.broken && !reader.too_late)
        return 0;
    begin_anew(totals);
    return error_set(err, "%s",
                     reader.no_memory  ? "out of memory"
                     : reader.too_late ? "the stored totals are of a time that is still to come"
                                       : "the stored totals are of another layout or version");
}
