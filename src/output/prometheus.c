/* Why: all that is peculiar to Prometheus and the databases that take its remote
 * write: names, one sample a series and millisecond, and answers that do not mean
 * what they say. */
#include "output/output.h"

#include "base/hash.h"
#include "base/text.h"
#include "output/remote_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const headers_v1[] = {"Content-Type: application/x-protobuf",
                                         "Content-Encoding: snappy",
                                         "X-Prometheus-Remote-Write-Version: 0.1.0"};
static const char *const headers_v2[] = {
    "Content-Type: application/x-protobuf;proto=io.prometheus.write.v2.Request",
    "Content-Encoding: snappy", "X-Prometheus-Remote-Write-Version: 2.0.0"};
enum { OWN_HEADERS = 3 };

static int prometheus_open(struct output *output, const char *target,
                           const struct output_options *options, struct error *err)
{
    struct url parts;
    const struct layout_type *const layout = output->layout->type;
    if (layout->lines_only)
        return error_set(err, "the layout %s is for influxdb= and file=; use metric or wide here",
                         layout->name);
    if (output_split_url(target, output_prometheus.form, &parts, err) < 0)
        return -1;
    const bool bare = parts.path.len <= 1 && parts.query.len == 0;
    const char *const path = bare ? "/api/v1/write" : "";
    struct buf text;
    buf_init(&text, 8192);
    buf_printf(&text, "%.*s%s", bare ? (int)(parts.path.at - target) : (int)strlen(target), target,
               path);
    output->url = text.failed ? NULL : strdup(buf_text(&text));
    buf_clear(&text);
    buf_printf(&text, "prometheus %.*s://%.*s%s", (int)parts.scheme.len, parts.scheme.at,
               (int)(parts.path.at + (bare ? 0 : parts.path.len) - parts.host.at), parts.host.at,
               path);
    output->name = text.failed ? NULL : strdup(buf_text(&text));
    buf_release(&text);
    if (!output->url || !output->name)
        return error_set(err, "out of memory, or the URL is too long");
    output->remote_write = options->remote_write;
    for (size_t i = 0; i < OWN_HEADERS; i++)
        output->headers[i] = (output->remote_write == 2 ? headers_v2 : headers_v1)[i];
    return 0;
}

static void prometheus_adapt(struct output *output)
{
    output->remote_write = 1;
    for (size_t i = 0; output->headers[i]; i++)
        for (size_t own = 0; own < OWN_HEADERS; own++)
            if (output->headers[i] == headers_v2[own])
                output->headers[i] = headers_v1[own];
}

static void prometheus_close(struct output *output)
{
    sample_times_release(&output->series);
}

/* Names hold letters, digits and '_' (metrics ':' too), and begin with no digit. */
static void append_name(struct buf *out, const char *name, bool metric)
{
    const bool begins = out->len == 0 || out->data[out->len - 1] == '\0';
    if (begins && *name >= '0' && *name <= '9')
        buf_append(out, "_", 1);
    for (; *name; name++) {
        const char c = *name;
        const bool valid = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '_' || (metric && c == ':');
        buf_append(out, valid ? name : "_", 1);
    }
}

struct label {
    size_t name, value; /* offsets of the strings */
};

/* Writes the transfer's labels as a definition wants them: sorted by their valid
 * names, none twice, and the empty string behind. */
static void append_labels(struct buf *out, const struct transfer *transfer)
{
    struct buf names;
    struct label labels[TRANSFER_TAGS_MAX];
    size_t count = 0;
    buf_init(&names, TRANSFER_TAGS_MAX * 256);
    for (size_t i = 0; i < transfer->tag_count; i++) {
        const size_t name = names.len;
        append_name(&names, transfer->tags[i].key, false);
        buf_append(&names, "", 1);
        if (names.failed)
            break;
        size_t at = count;
        while (at > 0 && strcmp(names.data + labels[at - 1].name, names.data + name) > 0)
            at--;
        if (at > 0 && strcmp(names.data + labels[at - 1].name, names.data + name) == 0)
            continue; /* url.host and url_host would be one */
        memmove(&labels[at + 1], &labels[at], (count - at) * sizeof *labels);
        labels[at] = (struct label){name, i};
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        const char *const value = transfer->tags[labels[i].value].value;
        buf_append(out, names.data + labels[i].name, strlen(names.data + labels[i].name) + 1);
        buf_append(out, value, strlen(value) + 1);
    }
    buf_append(out, "", 1);
    out->failed |= names.failed;
    buf_release(&names);
}

/* time_total as metric names it, curl_time_total as wide does. */
static void append_metric_name(struct buf *out, const char *prefix, const struct point *point)
{
    append_name(out, prefix, true);
    append_name(out, point->series, true);
    if (strcmp(point->field, "value") == 0)
        return;
    buf_append(out, "_", 1);
    append_name(out, point->field, true);
}

static void define(struct batch *batch, const struct buf *name, const struct point *point,
                   const struct buf *labels)
{
    const bool wide = strcmp(point->field, "value") != 0;
    const enum field_id field = field_find(wide ? point->field : point->series, 0);
    const char *const unit = field == FIELD_NONE ? "" : field_table[field].unit;
    const char *const help = field == FIELD_NONE ? "" : field_table[field].help;
    buf_append(&batch->names, name->data, name->len);
    buf_append(&batch->names, "", 1);
    buf_append(&batch->names, unit, strlen(unit) + 1);
    buf_append(&batch->names, help, strlen(help) + 1);
    buf_append(&batch->names, labels->data, labels->len);
    batch->name_count++;
}

/* Gives the sample the first free millisecond of its series and appends it. True
 * if it took the place of the newest one instead. One that is far older than the
 * newest keeps its time: whether that is too old is for the receiver to say. */
static bool place(struct batch *batch, struct series_times *series, struct sample sample)
{
    const int64_t own_ms = sample.time_ms;
    const bool is_old = own_ms < series->own_ms - SERIES_AHEAD_MS;
    if (!is_old && own_ms <= series->last_ms)
        sample.time_ms = series->last_ms + 1;
    if (sample.time_ms - own_ms > SERIES_AHEAD_MS && series->sample != SERIES_NO_SAMPLE) {
        if (own_ms >= series->own_ms)
            ((struct sample *)(void *)batch->data.data)[series->sample].value = sample.value;
        return true;
    }
    if (!is_old) {
        series->own_ms = own_ms > series->own_ms ? own_ms : series->own_ms;
        series->last_ms = sample.time_ms;
        series->sample = (uint32_t)(batch->data.len / sizeof sample);
    }
    buf_append(&batch->data, &sample, sizeof sample);
    return false;
}

static size_t prometheus_add(struct output *output, struct batch *batch,
                             const struct transfer *transfer, const struct point *points,
                             size_t count, bool *folded)
{
    struct buf labels, name;
    const size_t before = batch->data.len;
    buf_init(&labels, 4 * TRANSFER_TAGS_MAX * TEXT_ROOM);
    buf_init(&name, 1024);
    append_labels(&labels, transfer);
    const uint64_t labels_hash = hash_bytes(HASH_BEGIN, labels.data, labels.len);
    *folded = false;
    for (size_t i = 0; i < count && !labels.failed; i++) {
        if (points[i].text)
            continue;
        buf_clear(&name);
        append_metric_name(&name, output->layout->prefix, &points[i]);
        struct series_times *const series =
            sample_times_find(&output->series, hash_bytes(labels_hash, name.data, name.len));
        if (!series || name.failed) {
            batch->data.failed = true;
            break;
        }
        if (series->batch != batch->id) {
            series->number = (uint32_t)batch->name_count;
            series->sample = SERIES_NO_SAMPLE;
            define(batch, &name, &points[i], &labels);
        }
        const struct sample sample = {.time_ms = transfer->time_ns / 1000000,
                                      .value = points[i].number,
                                      .series = series->number};
        *folded |= place(batch, series, sample);
        series->batch = batch->id;
    }
    batch->data.failed |= labels.failed;
    buf_release(&labels);
    buf_release(&name);
    return (batch->data.len - before) / sizeof(struct sample);
}

static const struct sample *samples_of(const struct batch *batch)
{
    return (const struct sample *)(const void *)batch->data.data;
}

static int prometheus_encode(const struct output *output, const struct batch *batch, size_t first,
                             size_t end, struct buf *room, struct bytes *bytes, struct error *err)
{
    const struct series_list series = {batch->names.data, batch->name_count};
    if (remote_write_encode(output->remote_write, &series, samples_of(batch) + first, end - first,
                            room, err) < 0)
        return -1;
    *bytes = (struct bytes){room->data, room->len};
    return 0;
}

/* Measured (Prometheus 2.42, 3.5; VictoriaMetrics 1.79, 1.145) and the 2.0
 * specification: a receiver that knows 2.0 says how many samples it has written;
 * one that does not answers 204 and stores nothing. */
static enum verdict judge_v2(const struct http_answer *answer, size_t points)
{
    size_t len;
    const char *const written =
        http_answer_header(answer, "X-Prometheus-Remote-Write-Samples-Written", &len);
    const int status = answer->status;
    if (status == 415 || (!written && (status / 100 == 2 || status == 400)))
        return VERDICT_ENCODE_ANEW;
    if (status / 100 != 2 && status != 400)
        return output_judge_status(status);
    return strtoull(written, NULL, 10) >= points ? VERDICT_STORED : VERDICT_PARTIAL;
}

static enum verdict prometheus_judge(const struct output *output, const struct http_answer *answer,
                                     const struct attempt *attempt)
{
    /* in the words of Prometheus, Mimir and Thanos */
    static const char *const known[] = {"out of order", "duplicate sample", "out-of-order",
                                        "duplicate"};
    if (output->remote_write == 2)
        return judge_v2(answer, attempt->points);
    if (answer->status != 400)
        return output_judge_status(answer->status);
    for (size_t i = 0; attempt->unsure && i < sizeof known / sizeof *known; i++)
        if (strstr(answer->body, known[i]))
            return VERDICT_PARTIAL; /* perhaps by itself, the time before */
    return VERDICT_TRY_SMALLER;
}

static void prometheus_describe(const struct batch *batch, size_t point, struct buf *text)
{
    const struct series_list series = {batch->names.data, batch->name_count};
    const struct sample *const sample = samples_of(batch) + point;
    const char *at = remote_write_definition(&series, sample->series);
    char number[NUMBER_ROOM];
    buf_printf(text, "%s{", at);
    for (int i = 0; i < 3; i++)
        at += strlen(at) + 1;
    for (const char *comma = ""; *at; comma = ",") {
        const char *const value = at + strlen(at) + 1;
        buf_printf(text, "%s%s=\"%s\"", comma, at, value);
        at = value + strlen(value) + 1;
    }
    text_number(number, sample->value);
    buf_printf(text, "} %s @ %" PRId64, number, sample->time_ms);
}

const struct output_type output_prometheus = {
    .name = "prometheus",
    .form = "http://localhost:9090/api/v1/write",
    .open = prometheus_open,
    .add = prometheus_add,
    .encode = prometheus_encode,
    .judge = prometheus_judge,
    .adapt = prometheus_adapt,
    .describe = prometheus_describe,
    .close = prometheus_close,
};
