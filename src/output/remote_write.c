/* Why: the only file that knows the protobuf of remote write. A request is a repetition of
 * series, and protobuf messages that stand one behind the other are one message with all
 * that they repeat. So each series is packed as a request of its own, behind the one before,
 * and never more than one is in protobuf-c's form. */
#include "output/remote_write.h"

#include "base/hash.h"
#include "output/protobuf.h"
#include "output/remote_write_samples.h"
#include "output/snappy.h"

#include "remote_write_v1.pb-c.h"
#include "remote_write_v2.pb-c.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The series of a request. */
struct groups {
    struct series_group *of; /* owned */
    size_t count;
};

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

/* Sorts the samples by series into `sorted`; makes a group for each series that has any.
 * `ends` has room for series->count. */
static void group(const struct series_list *series, const struct sample *samples, size_t count,
                  struct sample *sorted, size_t *ends, struct groups *groups)
{
    memset(ends, 0, series->count * sizeof *ends);
    for (size_t i = 0; i < count; i++)
        ends[samples[i].series]++;
    size_t begin = 0;
    const char *definition = series->definitions;
    for (size_t s = 0; s < series->count; s++, definition = series_next_definition(definition)) {
        if (ends[s])
            groups->of[groups->count++] = (struct series_group){
                .definition = definition, .samples = sorted + begin, .count = ends[s]};
        const size_t own = ends[s];
        ends[s] = begin;
        begin += own;
    }
    for (size_t i = 0; i < count; i++)
        sorted[ends[samples[i].series]++] = samples[i];
}

/* protobuf-c has no const; it does not write to what it packs. */
static char *unconst(const char *text)
{
    return (char *)(uintptr_t)text;
}

/* Appends one message. */
static void append(struct buf *out, const ProtobufCMessage *message)
{
    char *const room = buf_reserve(out, protobuf_c_message_get_packed_size(message));
    if (room)
        out->len += protobuf_c_message_pack(message, (uint8_t *)room);
}

static void append_v1(struct buf *out, const struct series_group *group,
                      const struct series_labels *labels, struct packed_samples *room)
{
    Prometheus__V1__WriteRequest request = PROMETHEUS__V1__WRITE_REQUEST__INIT;
    Prometheus__V1__TimeSeries series = PROMETHEUS__V1__TIME_SERIES__INIT, *only = &series;
    Prometheus__V1__Label pairs[SERIES_LABELS_MAX], *pointers[SERIES_LABELS_MAX];
    for (size_t i = 0; i < labels->count; i++) {
        prometheus__v1__label__init(&pairs[i]);
        pairs[i].name = unconst(labels->names[i]);
        pairs[i].value = unconst(labels->values[i]);
        pointers[i] = &pairs[i];
    }
    series.n_labels = labels->count;
    series.labels = pointers;
    series.n_samples = group->samples ? group->count : 0;
    series.n_histograms = group->samples ? 0 : group->count;
    void *const samples = packed_samples_fill(room, group, 0);
    series.samples = samples;
    series.histograms = samples;
    request.n_timeseries = 1;
    request.timeseries = &only;
    append(out, &request.base);
}

static int pack_v1(const struct groups *groups, struct packed_samples *room, struct buf *message)
{
    struct series_labels labels;
    for (size_t i = 0; i < groups->count; i++) {
        series_labels_init(&labels, groups->of[i].definition);
        append_v1(message, &groups->of[i], &labels, room);
    }
    return 0;
}

/* The strings of a 2.0 request, each once, in the order of their numbers. */
struct symbols {
    struct buf *message; /* gets them */
    struct symbol {
        const char *text; /* NULL: free */
        uint32_t number;
    } * slots;          /* open addressing */
    size_t count, room; /* room is a power of two, or 0 */
    bool failed;
};

static struct symbol *slot(const struct symbols *symbols, const char *text)
{
    size_t i = (size_t)hash_bytes(HASH_BEGIN, text, strlen(text)) & (symbols->room - 1);
    while (symbols->slots[i].text && strcmp(symbols->slots[i].text, text) != 0)
        i = (i + 1) & (symbols->room - 1);
    return &symbols->slots[i];
}

static void grow(struct symbols *symbols)
{
    struct symbols larger = *symbols;
    larger.room = symbols->room ? 2 * symbols->room : 128;
    larger.slots = calloc(larger.room, sizeof *larger.slots);
    if (!larger.slots) {
        symbols->failed = true;
        return;
    }
    for (size_t i = 0; i < symbols->room; i++)
        if (symbols->slots[i].text)
            *slot(&larger, symbols->slots[i].text) = symbols->slots[i];
    free(symbols->slots);
    *symbols = larger;
}

/* The number of a text, which must stay where it is. */
static uint32_t symbol(struct symbols *symbols, const char *text)
{
    if (2 * symbols->count >= symbols->room)
        grow(symbols);
    if (symbols->failed)
        return 0;
    struct symbol *const found = slot(symbols, text);
    if (!found->text) {
        Prometheus__V2__Request request = PROMETHEUS__V2__REQUEST__INIT;
        char *only = unconst(text);
        *found = (struct symbol){text, (uint32_t)symbols->count++};
        request.n_symbols = 1;
        request.symbols = &only;
        append(symbols->message, &request.base);
    }
    return found->number;
}

static void append_v2(struct buf *out, const struct series_group *group,
                      const struct series_labels *labels, struct symbols *symbols,
                      struct packed_samples *room)
{
    static const Prometheus__V2__Metadata__MetricType types[] = {
        [SERIES_GAUGE] = PROMETHEUS__V2__METADATA__METRIC_TYPE__METRIC_TYPE_GAUGE,
        [SERIES_COUNTER] = PROMETHEUS__V2__METADATA__METRIC_TYPE__METRIC_TYPE_COUNTER,
        [SERIES_HISTOGRAM] = PROMETHEUS__V2__METADATA__METRIC_TYPE__METRIC_TYPE_HISTOGRAM,
    };
    Prometheus__V2__Request request = PROMETHEUS__V2__REQUEST__INIT;
    Prometheus__V2__TimeSeries series = PROMETHEUS__V2__TIME_SERIES__INIT, *only = &series;
    Prometheus__V2__Metadata metadata = PROMETHEUS__V2__METADATA__INIT;
    uint32_t references[2 * SERIES_LABELS_MAX];
    for (size_t i = 0; i < labels->count; i++) {
        references[2 * i] = symbol(symbols, labels->names[i]);
        references[2 * i + 1] = symbol(symbols, labels->values[i]);
    }
    metadata.type = types[group->kind.type];
    metadata.unit_ref = symbol(symbols, labels->unit);
    metadata.help_ref = symbol(symbols, labels->help);
    series.n_labels_refs = 2 * labels->count;
    series.labels_refs = references;
    series.metadata = &metadata;
    series.created_timestamp = group->kind.created_ms;
    series.n_samples = group->samples ? group->count : 0;
    series.n_histograms = group->samples ? 0 : group->count;
    void *const samples = packed_samples_fill(room, group, group->kind.created_ms);
    series.samples = samples;
    series.histograms = samples;
    request.n_timeseries = 1;
    request.timeseries = &only;
    append(out, &request.base);
}

/* The symbols stand before the series, as receivers are used to. */
static int pack_v2(const struct groups *groups, struct packed_samples *room, struct buf *message)
{
    struct symbols symbols = {.message = message};
    struct series_labels labels;
    struct buf series;
    buf_init(&series, message->max);
    symbol(&symbols, ""); /* number 0, as the specification wants it */
    for (size_t i = 0; i < groups->count && !symbols.failed; i++) {
        series_labels_init(&labels, groups->of[i].definition);
        append_v2(&series, &groups->of[i], &labels, &symbols, room);
    }
    buf_append(message, series.data, series.len);
    const bool failed = symbols.failed || series.failed;
    buf_release(&series);
    free(symbols.slots);
    return failed ? -1 : 0;
}

/* Replaces `out` with the body. */
static int encode(int version, const struct groups *groups, struct buf *out, struct error *err)
{
    size_t samples = 0, histograms = 0;
    for (size_t i = 0; i < groups->count; i++) {
        size_t *const most = groups->of[i].samples ? &samples : &histograms;
        *most = groups->of[i].count > *most ? groups->of[i].count : *most;
    }
    if (protobuf_load(err) < 0)
        return -1;
    struct packed_samples *const room = packed_samples_new(samples, histograms);
    struct buf message;
    int result = -1;
    buf_init(&message, out->max);
    error_set(err, "out of memory");
    if (room && (version == 2 ? pack_v2 : pack_v1)(groups, room, &message) == 0 && !message.failed)
        result = snappy_block_compress(out, message.data, message.len, err);
    buf_release(&message);
    packed_samples_free(room);
    return result;
}

/* Samples that are in the order of their series: numbers or, where there are none,
 * histograms with the buckets of all. */
struct ordered {
    const struct sample *numbers;
    const struct histogram_sample *histograms;
    const uint64_t *buckets;
    const struct series_kind *kinds;
    const char *definitions;
    size_t series;
};

static uint32_t series_at(const struct ordered *all, size_t i)
{
    return all->numbers ? all->numbers[i].series : all->histograms[i].series;
}

/* Replaces `out` with the body for the samples first <= i < end. */
static int encode_ordered(int version, const struct ordered *all, size_t first, size_t end,
                          struct buf *out, struct error *err)
{
    const char *definition = all->definitions;
    uint32_t at = 0;
    struct groups groups = {.of = malloc((all->series + 1) * sizeof *groups.of)};
    if (!groups.of)
        return error_set(err, "out of memory");
    for (size_t i = first; i < end; i++) {
        const uint32_t series = series_at(all, i);
        if (groups.count && at == series) {
            groups.of[groups.count - 1].count++;
            continue;
        }
        for (; at < series; at++)
            definition = series_next_definition(definition);
        groups.of[groups.count++] =
            (struct series_group){.definition = definition,
                                  .kind = all->kinds[series],
                                  .samples = all->numbers ? &all->numbers[i] : NULL,
                                  .histograms = all->numbers ? NULL : &all->histograms[i],
                                  .buckets = all->buckets,
                                  .count = 1};
    }
    const int result = encode(version, &groups, out, err);
    free(groups.of);
    return result;
}

int remote_write_encode(int version, const struct series_list *series, const struct sample *samples,
                        size_t count, struct buf *out, struct error *err)
{
    struct sample *const sorted = malloc(count * sizeof *sorted);
    size_t *const ends = malloc(series->count * sizeof *ends);
    struct groups groups = {.of = malloc(series->count * sizeof *groups.of)};
    int result = -1;
    if (sorted && ends && groups.of) {
        group(series, samples, count, sorted, ends, &groups);
        size_t begin = 0;
        for (size_t i = 0; i < groups.count; begin += groups.of[i++].count)
            sort_by_time(sorted + begin, groups.of[i].count);
        result = encode(version, &groups, out, err);
    } else {
        error_set(err, "out of memory");
    }
    free(groups.of);
    free(ends);
    free(sorted);
    return result;
}

int remote_write_encode_list(int version, const struct sample_list *list, size_t first, size_t end,
                             struct buf *out, struct error *err)
{
    const struct ordered all = {.numbers = (const void *)list->samples.data,
                                .kinds = (const void *)list->kinds.data,
                                .definitions = list->definitions.data,
                                .series = list->series};
    return encode_ordered(version, &all, first, end, out, err);
}

int remote_write_encode_histograms(int version, const struct histogram_list *list, size_t first,
                                   size_t end, struct buf *out, struct error *err)
{
    const struct ordered all = {.histograms = (const void *)list->samples.data,
                                .buckets = (const void *)list->buckets.data,
                                .kinds = (const void *)list->kinds.data,
                                .definitions = list->definitions.data,
                                .series = list->series};
    return encode_ordered(version, &all, first, end, out, err);
}

const char *remote_write_definition(const struct series_list *series, uint32_t number)
{
    const char *definition = series->definitions;
    while (number--)
        definition = series_next_definition(definition);
    return definition;
}
