/* Why: the only file that knows protobuf. The messages are built by the generated
 * code as trees of pointers; all of a tree's memory is one block, because there
 * are three allocations a sample otherwise. */
#include "output/remote_write.h"

#include "output/protobuf.h"
#include "output/snappy.h"

#include "remote_write_v1.pb-c.h"
#include "remote_write_v2.pb-c.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Memory for one message. */
struct block {
    char *at;
    size_t used, size;
};

static void *take(struct block *block, size_t count)
{
    const size_t align = alignof(max_align_t);
    void *const at = block->at + block->used;
    block->used += (count + align - 1) / align * align;
    return at;
}

/* The samples of one series. */
struct group {
    const char *definition;
    const struct sample *samples;
    size_t count;
};

static const char *next_string(const char *string)
{
    return string + strlen(string) + 1;
}

static const char *first_label(const char *definition)
{
    return next_string(next_string(next_string(definition)));
}

static size_t count_labels(const char *definition)
{
    size_t count = 0;
    for (const char *at = first_label(definition); *at; at = next_string(next_string(at)))
        count++;
    return count;
}

static const char *next_definition(const char *definition)
{
    const char *at = first_label(definition);
    while (*at)
        at = next_string(next_string(at));
    return at + 1;
}

/* Nearly always in order already. */
static void sort_by_time(struct sample *samples, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct sample sample = samples[i];
        size_t at = i;
        for (; at > 0 && samples[at - 1].time_ms > sample.time_ms; at--)
            samples[at] = samples[at - 1];
        samples[at] = sample;
    }
    for (size_t i = 1; i < count; i++)
        if (samples[i].time_ms <= samples[i - 1].time_ms)
            samples[i].time_ms = samples[i - 1].time_ms + 1;
}

/* Sorts the samples by series into `sorted`; writes a group for each series that
 * has any and returns how many do. `ends` has room for series->count. */
static size_t group(const struct series_list *series, const struct sample *samples, size_t count,
                    struct sample *sorted, size_t *ends, struct group *groups)
{
    memset(ends, 0, series->count * sizeof *ends);
    for (size_t i = 0; i < count; i++)
        ends[samples[i].series]++;
    size_t begin = 0, found = 0;
    const char *definition = series->definitions;
    for (size_t s = 0; s < series->count; s++, definition = next_definition(definition)) {
        if (ends[s])
            groups[found++] = (struct group){definition, sorted + begin, ends[s]};
        const size_t own = ends[s];
        ends[s] = begin;
        begin += own;
    }
    for (size_t i = 0; i < count; i++)
        sorted[ends[samples[i].series]++] = samples[i];
    for (size_t g = 0; g < found; g++)
        sort_by_time(sorted + (groups[g].samples - sorted), groups[g].count);
    return found;
}

/* The labels of a series with its name among them, in order. */
static size_t labels_in_order(const char *definition, const char **names, const char **values)
{
    static const char name_label[] = "__name__";
    size_t n = 0;
    bool named = false;
    for (const char *at = first_label(definition);; at = next_string(next_string(at))) {
        if (!named && (!*at || strcmp(at, name_label) > 0)) {
            names[n] = name_label;
            values[n++] = definition;
            named = true;
        }
        if (!*at)
            return n;
        names[n] = at;
        values[n++] = next_string(at);
    }
}

/* protobuf-c has no const; it does not write to what it packs. */
static char *unconst(const char *text)
{
    return (char *)(uintptr_t)text;
}

static Prometheus__V1__TimeSeries *series_v1(const struct group *group, const char **names,
                                             const char **values, struct block *block)
{
    Prometheus__V1__TimeSeries *const series = take(block, sizeof *series);
    prometheus__v1__time_series__init(series);
    series->n_labels = labels_in_order(group->definition, names, values);
    series->labels = take(block, series->n_labels * sizeof *series->labels);
    for (size_t i = 0; i < series->n_labels; i++) {
        series->labels[i] = take(block, sizeof **series->labels);
        prometheus__v1__label__init(series->labels[i]);
        series->labels[i]->name = unconst(names[i]);
        series->labels[i]->value = unconst(values[i]);
    }
    series->n_samples = group->count;
    series->samples = take(block, group->count * sizeof *series->samples);
    for (size_t i = 0; i < group->count; i++) {
        series->samples[i] = take(block, sizeof **series->samples);
        prometheus__v1__sample__init(series->samples[i]);
        series->samples[i]->timestamp = group->samples[i].time_ms;
        series->samples[i]->value = group->samples[i].value;
    }
    return series;
}

static void pack_v1(const struct group *groups, size_t count, const char **names,
                    const char **values, struct block *block, struct buf *out)
{
    Prometheus__V1__WriteRequest request = PROMETHEUS__V1__WRITE_REQUEST__INIT;
    request.n_timeseries = count;
    request.timeseries = take(block, count * sizeof *request.timeseries);
    for (size_t i = 0; i < count; i++)
        request.timeseries[i] = series_v1(&groups[i], names, values, block);
    const size_t size = prometheus__v1__write_request__get_packed_size(&request);
    char *const room = buf_reserve(out, size);
    if (room)
        out->len += prometheus__v1__write_request__pack(&request, (uint8_t *)room);
}

/* The strings of a 2.0 request, each once. */
struct symbols {
    char **texts;
    uint32_t count;
    uint32_t *slots; /* open addressing: number of the text + 1, 0 for free */
    size_t room;     /* a power of two, at least twice as many as there can be */
};

static uint32_t symbol(struct symbols *symbols, const char *text)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (const char *p = text; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    size_t slot = hash & (symbols->room - 1);
    for (; symbols->slots[slot]; slot = (slot + 1) & (symbols->room - 1))
        if (strcmp(symbols->texts[symbols->slots[slot] - 1], text) == 0)
            return symbols->slots[slot] - 1;
    symbols->texts[symbols->count] = unconst(text);
    symbols->slots[slot] = ++symbols->count;
    return symbols->count - 1;
}

static Prometheus__V2__TimeSeries *series_v2(const struct group *group, const char **names,
                                             const char **values, struct symbols *symbols,
                                             struct block *block)
{
    Prometheus__V2__TimeSeries *const series = take(block, sizeof *series);
    prometheus__v2__time_series__init(series);
    const size_t labels = labels_in_order(group->definition, names, values);
    series->n_labels_refs = 2 * labels;
    series->labels_refs = take(block, 2 * labels * sizeof *series->labels_refs);
    for (size_t i = 0; i < labels; i++) {
        series->labels_refs[2 * i] = symbol(symbols, names[i]);
        series->labels_refs[2 * i + 1] = symbol(symbols, values[i]);
    }
    const char *const unit = next_string(group->definition);
    series->metadata = take(block, sizeof *series->metadata);
    prometheus__v2__metadata__init(series->metadata);
    series->metadata->type = PROMETHEUS__V2__METADATA__METRIC_TYPE__METRIC_TYPE_GAUGE;
    series->metadata->unit_ref = symbol(symbols, unit);
    series->metadata->help_ref = symbol(symbols, next_string(unit));
    series->n_samples = group->count;
    series->samples = take(block, group->count * sizeof *series->samples);
    for (size_t i = 0; i < group->count; i++) {
        series->samples[i] = take(block, sizeof **series->samples);
        prometheus__v2__sample__init(series->samples[i]);
        series->samples[i]->timestamp = group->samples[i].time_ms;
        series->samples[i]->value = group->samples[i].value;
    }
    return series;
}

static void pack_v2(const struct group *groups, size_t count, const char **names,
                    const char **values, struct symbols *symbols, struct block *block,
                    struct buf *out)
{
    Prometheus__V2__Request request = PROMETHEUS__V2__REQUEST__INIT;
    symbol(symbols, ""); /* number 0, as the specification wants it */
    request.n_timeseries = count;
    request.timeseries = take(block, count * sizeof *request.timeseries);
    for (size_t i = 0; i < count; i++)
        request.timeseries[i] = series_v2(&groups[i], names, values, symbols, block);
    request.symbols = symbols->texts;
    request.n_symbols = symbols->count;
    const size_t size = prometheus__v2__request__get_packed_size(&request);
    char *const room = buf_reserve(out, size);
    if (room)
        out->len += prometheus__v2__request__pack(&request, (uint8_t *)room);
}

/* Room for all that take() is asked for, each rounded up. */
static size_t block_size(const struct group *groups, size_t count, size_t samples, size_t *strings)
{
    enum { ROUNDING = alignof(max_align_t), POINTER = sizeof(void *) };
    const size_t a_sample = sizeof(Prometheus__V1__Sample) + POINTER + ROUNDING;
    const size_t a_label = sizeof(Prometheus__V1__Label) + POINTER + ROUNDING;
    const size_t a_series = sizeof(Prometheus__V1__TimeSeries) +
                            sizeof(Prometheus__V2__TimeSeries) + sizeof(Prometheus__V2__Metadata) +
                            POINTER + 6 * ROUNDING;
    size_t labels = 0;
    for (size_t i = 0; i < count; i++)
        labels += 1 + count_labels(groups[i].definition);
    *strings = 2 * labels + 2 * count + 1;
    size_t room = 16;
    while (room < 2 * *strings)
        room *= 2;
    return samples * a_sample + labels * a_label + count * a_series +
           *strings * (POINTER + 2 * POINTER) + room * sizeof(uint32_t) + 16 * ROUNDING;
}

static int pack(int version, const struct group *groups, size_t count, size_t samples,
                struct buf *message)
{
    size_t strings;
    struct block block = {.size = block_size(groups, count, samples, &strings)};
    block.at = malloc(block.size);
    if (!block.at)
        return -1;
    const char **const names = take(&block, strings * sizeof *names);
    const char **const values = take(&block, strings * sizeof *values);
    if (version == 1) {
        pack_v1(groups, count, names, values, &block, message);
    } else {
        struct symbols symbols = {.room = 16};
        while (symbols.room < 2 * strings)
            symbols.room *= 2;
        symbols.texts = take(&block, strings * sizeof *symbols.texts);
        symbols.slots = take(&block, symbols.room * sizeof *symbols.slots);
        memset(symbols.slots, 0, symbols.room * sizeof *symbols.slots);
        pack_v2(groups, count, names, values, &symbols, &block, message);
    }
    free(block.at);
    return message->failed ? -1 : 0;
}

int remote_write_encode(int version, const struct series_list *series, const struct sample *samples,
                        size_t count, struct buf *out, struct error *err)
{
    if (protobuf_load(err) < 0)
        return -1;
    struct sample *const sorted = malloc(count * sizeof *sorted);
    size_t *const ends = malloc(series->count * sizeof *ends);
    struct group *const groups = malloc(series->count * sizeof *groups);
    struct buf message;
    int result = -1;
    buf_init(&message, out->max);
    error_set(err, "out of memory");
    if (sorted && ends && groups) {
        const size_t found = group(series, samples, count, sorted, ends, groups);
        if (pack(version, groups, found, count, &message) == 0)
            result = snappy_block_compress(out, message.data, message.len, err);
    }
    buf_release(&message);
    free(groups);
    free(ends);
    free(sorted);
    return result;
}

const char *remote_write_definition(const struct series_list *series, uint32_t number)
{
    const char *definition = series->definitions;
    while (number--)
        definition = next_definition(definition);
    return definition;
}
