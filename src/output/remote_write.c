/* Why: the only file that knows protobuf. A request is a repetition of series, and
 * protobuf messages that stand one behind the other are one message with all that they
 * repeat. So each series is packed as a request of its own, behind the one before, and
 * never more than one is in protobuf-c's form. */
#include "output/remote_write.h"

#include "base/hash.h"
#include "model/transfer.h"
#include "output/protobuf.h"
#include "output/snappy.h"

#include "remote_write_v1.pb-c.h"
#include "remote_write_v2.pb-c.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LABELS_MAX = TRANSFER_TAGS_MAX + 1 }; /* the name is one */

/* The samples of one series. */
struct group {
    const char *definition;
    struct sample *samples;
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
        sort_by_time(groups[g].samples, groups[g].count);
    return found;
}

/* The labels of a series with its name among them, in order. */
struct labels {
    const char *names[LABELS_MAX], *values[LABELS_MAX];
    size_t count;
};

static void add_label(struct labels *labels, const char *name, const char *value)
{
    labels->names[labels->count] = name;
    labels->values[labels->count++] = value;
}

static void collect_labels(struct labels *labels, const char *definition)
{
    static const char name_label[] = "__name__";
    bool named = false;
    labels->count = 0;
    for (const char *at = first_label(definition); *at && labels->count + !named < LABELS_MAX;
         at = next_string(next_string(at))) {
        if (!named && strcmp(at, name_label) > 0) {
            add_label(labels, name_label, definition);
            named = true;
        }
        add_label(labels, at, next_string(at));
    }
    if (!named)
        add_label(labels, name_label, definition);
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

/* Room for the samples of the longest series, in protobuf-c's form. */
struct v1_room {
    Prometheus__V1__Sample *samples, **pointers;
};

static void append_v1(struct buf *out, const struct group *group, const struct labels *labels,
                      const struct v1_room *room)
{
    Prometheus__V1__WriteRequest request = PROMETHEUS__V1__WRITE_REQUEST__INIT;
    Prometheus__V1__TimeSeries series = PROMETHEUS__V1__TIME_SERIES__INIT, *only = &series;
    Prometheus__V1__Label pairs[LABELS_MAX], *pointers[LABELS_MAX];
    for (size_t i = 0; i < labels->count; i++) {
        prometheus__v1__label__init(&pairs[i]);
        pairs[i].name = unconst(labels->names[i]);
        pairs[i].value = unconst(labels->values[i]);
        pointers[i] = &pairs[i];
    }
    for (size_t i = 0; i < group->count; i++) {
        prometheus__v1__sample__init(&room->samples[i]);
        room->samples[i].timestamp = group->samples[i].time_ms;
        room->samples[i].value = group->samples[i].value;
        room->pointers[i] = &room->samples[i];
    }
    series.n_labels = labels->count;
    series.labels = pointers;
    series.n_samples = group->count;
    series.samples = room->pointers;
    request.n_timeseries = 1;
    request.timeseries = &only;
    append(out, &request.base);
}

static int pack_v1(const struct group *groups, size_t count, size_t samples, struct buf *message)
{
    const struct v1_room room = {malloc(samples * sizeof *room.samples),
                                 malloc(samples * sizeof *room.pointers)};
    struct labels labels;
    const bool enough = room.samples && room.pointers;
    for (size_t i = 0; i < count && enough; i++) {
        collect_labels(&labels, groups[i].definition);
        append_v1(message, &groups[i], &labels, &room);
    }
    free(room.samples);
    free(room.pointers);
    return enough ? 0 : -1;
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

struct v2_room {
    Prometheus__V2__Sample *samples, **pointers;
};

static void append_v2(struct buf *out, const struct group *group, const struct labels *labels,
                      struct symbols *symbols, const struct v2_room *room)
{
    Prometheus__V2__Request request = PROMETHEUS__V2__REQUEST__INIT;
    Prometheus__V2__TimeSeries series = PROMETHEUS__V2__TIME_SERIES__INIT, *only = &series;
    Prometheus__V2__Metadata metadata = PROMETHEUS__V2__METADATA__INIT;
    uint32_t references[2 * LABELS_MAX];
    for (size_t i = 0; i < labels->count; i++) {
        references[2 * i] = symbol(symbols, labels->names[i]);
        references[2 * i + 1] = symbol(symbols, labels->values[i]);
    }
    const char *const unit = next_string(group->definition);
    metadata.type = PROMETHEUS__V2__METADATA__METRIC_TYPE__METRIC_TYPE_GAUGE;
    metadata.unit_ref = symbol(symbols, unit);
    metadata.help_ref = symbol(symbols, next_string(unit));
    for (size_t i = 0; i < group->count; i++) {
        prometheus__v2__sample__init(&room->samples[i]);
        room->samples[i].timestamp = group->samples[i].time_ms;
        room->samples[i].value = group->samples[i].value;
        room->pointers[i] = &room->samples[i];
    }
    series.n_labels_refs = 2 * labels->count;
    series.labels_refs = references;
    series.metadata = &metadata;
    series.n_samples = group->count;
    series.samples = room->pointers;
    request.n_timeseries = 1;
    request.timeseries = &only;
    append(out, &request.base);
}

/* The symbols stand before the series, as receivers are used to. */
static int pack_v2(const struct group *groups, size_t count, size_t samples, struct buf *message)
{
    const struct v2_room room = {malloc(samples * sizeof *room.samples),
                                 malloc(samples * sizeof *room.pointers)};
    struct symbols symbols = {.message = message};
    struct labels labels;
    struct buf series;
    const bool enough = room.samples && room.pointers;
    buf_init(&series, message->max);
    symbol(&symbols, ""); /* number 0, as the specification wants it */
    for (size_t i = 0; i < count && enough && !symbols.failed; i++) {
        collect_labels(&labels, groups[i].definition);
        append_v2(&series, &groups[i], &labels, &symbols, &room);
    }
    buf_append(message, series.data, series.len);
    const bool failed = !enough || symbols.failed || series.failed;
    buf_release(&series);
    free(symbols.slots);
    free(room.samples);
    free(room.pointers);
    return failed ? -1 : 0;
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
        const int packed = (version == 2 ? pack_v2 : pack_v1)(groups, found, count, &message);
        if (packed == 0 && !message.failed)
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
