/* Why: a remote write request that breaks a rule is refused whole, or half of it
 * is dropped without a word. What comes out here is unpacked again and held
 * against what went in: every value in its own series, at a time of its own,
 * none twice, and none missing that was not said to be merged.
 *
 * Input: strings with '\0' between them. The first byte of each says what it is:
 *   L  a label, "KEY=VALUE"     C  no labels from now on    M  the metric's name
 *   S  a transfer; behind it the milliseconds since the one before, as a number
 *   B  a new batch              2  remote write 2.0         P  prefix p.
 * Each transfer has the number of its own as its value. */
#include "fuzz.h"

#include "../unit/decoded.h"

#include "layout/layouts.h"
#include "output/outputs.h"
#include "output/sample_times.h"

#include <ctype.h>

enum { TRANSFERS_MAX = 6000, LABELS_MAX = 8, NAME_MAX_LEN = 128, BEGIN = 1000000 };

/* What went in: the series that it belongs to, as text, and its own time. */
static struct went_in {
    char *series;
    int64_t own_ms, time_ms; /* time_ms: where it came out, 0 for nowhere yet */
    bool in_batch;
} transfers[TRANSFERS_MAX];
static size_t count;
static bool old_in_batch; /* far behind others, it may push them on in a request */

static struct label {
    char *key, *value;
} labels[LABELS_MAX];
static size_t label_count;

static struct output output;
static struct batch *batch;
static const char *metric;
static uint64_t batches;
static int version; /* of remote write */

static char *copy(const char *text)
{
    char *const new = strdup(text);
    REQUIRE(new != NULL);
    return new;
}

/* Written apart from src on purpose. */
static char *valid(const char *name, const char *more)
{
    char *const new = copy(name);
    for (char *p = new; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_' && !strchr(more, *p))
            *p = '_';
    return new;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct label *)a)->key, ((const struct label *)b)->key);
}

/* "name{a=b,c=d}" with valid names, as it should come out. */
static char *series_text(void)
{
    struct label out[LABELS_MAX + 1];
    struct buf text;
    size_t n = 0;
    for (size_t i = 0; i < label_count; i++) {
        char *const key = valid(labels[i].key, "");
        size_t at = 0;
        while (at < n && strcmp(out[at].key, key) != 0)
            at++;
        if (at < n)
            free(key); /* the first of two stands */
        else
            out[n++] = (struct label){key, labels[i].value};
    }
    qsort(out, n, sizeof *out, by_key);
    char *const name = valid(metric, ":");
    buf_init(&text, 1 << 20);
    buf_printf(&text, "%s%s{", *output.layout->prefix ? "p_" : "", name);
    for (size_t i = 0; i < n; i++) {
        buf_printf(&text, "%s=%s,", out[i].key, out[i].value);
        free(out[i].key);
    }
    free(name);
    char *const result = copy(buf_text(&text));
    buf_release(&text);
    return result;
}

static void begin_series(struct buf *text, struct buf *name, const char **last)
{
    buf_clear(text);
    buf_clear(name);
    *last = "";
}

static void take_label(struct buf *text, struct buf *name, const char **last, const char *key,
                       const char *value)
{
    REQUIRE(strcmp(*last, key) < 0 && *value);
    *last = key;
    if (strcmp(key, "__name__") == 0)
        buf_printf(name, "%s{", value);
    else
        buf_printf(text, "%s=%s,", key, value);
}

static void take_sample(struct buf *name, struct buf *text, int64_t *last_ms, double value,
                        int64_t time_ms, bool first_look)
{
    REQUIRE(value >= 0 && value < (double)count);
    struct went_in *const t = &transfers[(size_t)value];
    REQUIRE(time_ms > *last_ms);
    *last_ms = time_ms;
    REQUIRE(t->in_batch);
    REQUIRE(strlen(t->series) == name->len + text->len);
    REQUIRE(strncmp(t->series, buf_text(name), name->len) == 0);
    REQUIRE(strcmp(t->series + name->len, buf_text(text)) == 0);
    REQUIRE(time_ms >= t->own_ms);
    if (first_look)
        REQUIRE(t->time_ms == 0);
    else
        REQUIRE(t->time_ms == time_ms || old_in_batch);
    t->time_ms = time_ms;
}

static size_t unpack_v1(const uint8_t *message, size_t size, bool first_look, struct buf *text,
                        struct buf *name)
{
    size_t samples = 0;
    Prometheus__V1__WriteRequest *const r =
        prometheus__v1__write_request__unpack(NULL, size, message);
    REQUIRE(r != NULL);
    for (size_t s = 0; s < r->n_timeseries; s++) {
        const Prometheus__V1__TimeSeries *const series = r->timeseries[s];
        const char *last;
        int64_t last_ms = INT64_MIN;
        begin_series(text, name, &last);
        for (size_t i = 0; i < series->n_labels; i++)
            take_label(text, name, &last, series->labels[i]->name, series->labels[i]->value);
        for (size_t i = 0; i < series->n_samples; i++, samples++)
            take_sample(name, text, &last_ms, series->samples[i]->value,
                        series->samples[i]->timestamp, first_look);
    }
    prometheus__v1__write_request__free_unpacked(r, NULL);
    return samples;
}

static size_t unpack_v2(const uint8_t *message, size_t size, bool first_look, struct buf *text,
                        struct buf *name)
{
    size_t samples = 0;
    Prometheus__V2__Request *const r = prometheus__v2__request__unpack(NULL, size, message);
    REQUIRE(r != NULL && r->n_symbols > 0 && !*r->symbols[0]);
    for (size_t s = 0; s < r->n_timeseries; s++) {
        const Prometheus__V2__TimeSeries *const series = r->timeseries[s];
        const char *last;
        int64_t last_ms = INT64_MIN;
        begin_series(text, name, &last);
        REQUIRE(series->n_labels_refs % 2 == 0 && series->metadata);
        REQUIRE(series->metadata->unit_ref < r->n_symbols);
        REQUIRE(series->metadata->help_ref < r->n_symbols);
        for (size_t i = 0; i < series->n_labels_refs; i++)
            REQUIRE(series->labels_refs[i] < r->n_symbols);
        for (size_t i = 0; i < series->n_labels_refs; i += 2)
            take_label(text, name, &last, r->symbols[series->labels_refs[i]],
                       r->symbols[series->labels_refs[i + 1]]);
        for (size_t i = 0; i < series->n_samples; i++, samples++)
            take_sample(name, text, &last_ms, series->samples[i]->value,
                        series->samples[i]->timestamp, first_look);
    }
    prometheus__v2__request__free_unpacked(r, NULL);
    return samples;
}

static void check_range(size_t first, size_t end, bool first_look)
{
    struct buf room, text, name;
    struct bytes bytes;
    struct error err;
    size_t size;
    buf_init(&room, BATCH_BYTES_MAX);
    buf_init(&text, 1 << 20);
    buf_init(&name, 1 << 20);
    REQUIRE(output.type->encode(&output, batch, first, end, &room, &bytes, &err) == 0);
    uint8_t *const message = decoded_message(bytes.at, bytes.len, &size);
    REQUIRE(message != NULL);
    const size_t samples =
        (version == 2 ? unpack_v2 : unpack_v1)(message, size, first_look, &text, &name);
    REQUIRE(samples == end - first);
    free(message);
    buf_release(&room);
    buf_release(&text);
    buf_release(&name);
}

/* Whole and in halves; then the batch is gone. */
static void end_batch(void)
{
    if (batch->points) {
        check_range(0, batch->points, true);
        if (batch->points > 1) {
            check_range(0, batch->points / 2, false);
            check_range(batch->points / 2, batch->points, false);
        }
    }
    size_t in_batch = 0, out = 0;
    for (size_t i = 0; i < count; i++) {
        in_batch += transfers[i].in_batch;
        out += transfers[i].in_batch && transfers[i].time_ms != 0;
        transfers[i].in_batch = false;
    }
    old_in_batch = false;
    REQUIRE(in_batch == batch->transfers && out == batch->points);
    batch_free(batch);
    batch = batch_new(++batches);
    REQUIRE(batch != NULL);
}

static void add_transfer(const char *delta)
{
    static int64_t now_ms, newest_ms;
    if (count == TRANSFERS_MAX)
        return;
    const int64_t previous = count ? now_ms : BEGIN;
    now_ms = previous + strtol(delta, NULL, 10) % 20000;
    now_ms = now_ms < BEGIN ? BEGIN : now_ms;
    newest_ms = count && newest_ms > now_ms ? newest_ms : now_ms;
    transfers[count] =
        (struct went_in){.series = series_text(), .own_ms = now_ms, .in_batch = true};
    old_in_batch |= now_ms < newest_ms - SERIES_AHEAD_MS;
    struct transfer t = {.time_ns = now_ms * 1000000 + 999999, .tag_count = label_count};
    for (size_t i = 0; i < label_count; i++)
        t.tags[i] = (struct tag){labels[i].key, labels[i].value};
    const struct point point = {.series = metric, .field = "value", .number = (double)count};
    const size_t before = batch->points;
    REQUIRE(output.type->add(&output, batch, &t, &point, 1) == 0);
    const bool merged = batch->outcomes[batch->transfers - 1] == OUTCOME_MERGED;
    REQUIRE(batch->points - before == !merged);
    count++;
}

/* Sorted by key, no key twice, as a reader leaves them. */
static void add_label(const char *text)
{
    const char *const equals = strchr(text, '=');
    if (!equals || !isalpha((unsigned char)*text) || !equals[1] || label_count == LABELS_MAX ||
        equals - text > NAME_MAX_LEN)
        return;
    struct label new = {copy(text), NULL};
    new.key[equals - text] = '\0';
    new.value = copy(equals + 1);
    for (size_t i = 0; i < label_count; i++)
        if (strcmp(labels[i].key, new.key) == 0) {
            free(labels[i].value);
            free(new.key);
            labels[i].value = new.value;
            return;
        }
    labels[label_count++] = new;
    qsort(labels, label_count, sizeof *labels, by_key);
}

static void clear_labels(void)
{
    while (label_count) {
        free(labels[--label_count].key);
        free(labels[label_count].value);
    }
}

static void take_string(const char *s)
{
    switch (*s) {
    case 'L':
        add_label(s + 1);
        break;
    case 'C':
        clear_labels();
        break;
    case 'M':
        if (isalpha((unsigned char)s[1]) && strlen(s) <= NAME_MAX_LEN)
            metric = s + 1;
        break;
    case 'S':
        add_transfer(s + 1);
        break;
    case 'B':
        end_batch();
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct output_options options = {.remote_write = 1};
    struct layout layout = {.type = layout_table, .prefix = ""};
    struct error err;
    char *const strings = malloc(size + 1);
    if (!strings)
        return 0;
    if (size)
        memcpy(strings, data, size);
    strings[size] = '\0';
    for (size_t at = 0; at < size; at += strlen(strings + at) + 1) {
        if (strings[at] == '2')
            options.remote_write = 2;
        else if (strings[at] == 'P')
            layout.prefix = "p.";
    }
    version = options.remote_write;
    REQUIRE(output_open(&output, "prometheus=http://h", &options, &layout, &err) == 0);
    batch = batch_new(++batches);
    REQUIRE(batch != NULL);
    metric = "n";
    for (size_t at = 0; at < size; at += strlen(strings + at) + 1)
        take_string(strings + at);
    end_batch();
    batch_free(batch);
    output_close(&output);
    while (count)
        free(transfers[--count].series);
    clear_labels();
    free(strings);
    return 0;
}
