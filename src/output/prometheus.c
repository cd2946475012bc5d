/* Why: all that is peculiar to Prometheus and the databases that take its remote
 * write: names, one sample a series and millisecond, and answers that do not mean
 * what they say. */
#include "output/prometheus.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "output/remote_write.h"
#include "output/sample_times.h"
#include "output/series.h"

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

/* An output's state. */
struct prometheus {
    int version;               /* of remote write, 1 or 2 */
    struct sample_times times; /* what series have been given so far */
};

/* True if a step of the path, from slash to slash, is one that remote write goes to:
 * /api/v1/write, /api/v1/push (Mimir), /api/v1/receive (Thanos), .../remote_write (AWS),
 * /prometheus/v1 (Coralogix). What stands behind it may be a tenant. */
static bool names_receiver(struct url_part path)
{
    static const char *const ends[] = {"write", "push", "receive", "/prometheus/v1"};
    for (size_t len = path.len; len > 0; len--) {
        if (len < path.len && path.at[len] != '/')
            continue;
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
            if (output_path_ends((struct url_part){path.at, len}, ends[i]))
                return true;
    }
    return false;
}

/* What the path lacks. Nothing is asked of the server: a path that names no receiver is a
 * prefix (a proxy's, or that of --web.external-url). */
static const char *rest_of(struct url_part path)
{
    if (names_receiver(path) || output_path_is_tenant(path, "/prometheus"))
        return "";
    if (output_path_is_tenant(path, ""))
        return "/prometheus/api/v1/write";
    return output_path_ends(path, "/api/v1") ? "/write" : "/api/v1/write";
}

static int prometheus_open(struct output *output, const char *target,
                           const struct output_options *options, struct error *err)
{
    struct url parts;
    const struct layout_type *const layout = output->layout->type;
    if (layout->observe)
        return error_set(err, "the layout %s is for influxdb= and file=; use metric or wide here",
                         layout->name);
    if (output_split_url(target, output_prometheus.form, &parts, err) < 0)
        return -1;
    const char *const path_end = parts.path.at + parts.path.len, *const rest = rest_of(parts.path);
    struct buf text;
    buf_init(&text, 8192);
    buf_printf(&text, "%.*s%s%s%.*s", (int)(path_end - target), target, rest,
               parts.query.len ? "?" : "", (int)parts.query.len, parts.query.at);
    output->url = text.failed ? NULL : strdup(buf_text(&text));
    buf_clear(&text);
    buf_printf(&text, "prometheus %.*s://%.*s%s", (int)parts.scheme.len, parts.scheme.at,
               (int)(path_end - parts.host.at), parts.host.at, rest);
    output->name = text.failed ? NULL : strdup(buf_text(&text));
    buf_release(&text);
    struct prometheus *const prometheus = calloc(1, sizeof *prometheus);
    output->state = prometheus;
    if (!output->url || !output->name || !prometheus)
        return error_set(err, "out of memory, or the URL is too long");
    prometheus->version = options->remote_write;
    for (size_t i = 0; i < OWN_HEADERS; i++)
        output->headers[i] = (prometheus->version == 2 ? headers_v2 : headers_v1)[i];
    return 0;
}

static void prometheus_adapt(struct output *output)
{
    struct prometheus *const prometheus = output->state;
    prometheus->version = 1;
    for (size_t i = 0; output->headers[i]; i++)
        for (size_t own = 0; own < OWN_HEADERS; own++)
            if (output->headers[i] == headers_v2[own])
                output->headers[i] = headers_v1[own];
}

static void prometheus_close(struct output *output)
{
    struct prometheus *const prometheus = output->state;
    if (prometheus)
        sample_times_release(&prometheus->times);
    free(prometheus);
}

/* Gives the sample the first free millisecond of its series and appends it. True
 * if it took the place of the newest one instead. */
static bool place(struct batch *batch, struct series_times *series, struct sample sample)
{
    const int64_t own_ms = sample.time_ms;
    const bool is_old = sample_times_is_old(&series->now, own_ms);
    if (!is_old && own_ms <= series->now.last_ms)
        sample.time_ms = series->now.last_ms + 1;
    if (sample.time_ms - own_ms > SERIES_AHEAD_MS && series->sample != SERIES_NO_SAMPLE) {
        if (own_ms >= series->now.own_ms)
            ((struct sample *)(void *)batch->data.data)[series->sample].value = sample.value;
        return true;
    }
    sample.moved_ms = (uint32_t)(sample.time_ms - own_ms);
    if (!is_old)
        series->sample = (uint32_t)(batch->data.len / sizeof sample);
    sample_times_use(&series->now, own_ms, sample.time_ms);
    buf_append(&batch->data, &sample, sizeof sample);
    return false;
}

/* A transfer on its way into a batch. */
struct adding {
    struct batch *batch;
    const struct transfer *transfer;
    const char *prefix;
    struct buf labels, name; /* of its series; and of the point's metric */
    uint64_t labels_hash;
    bool merged;
};

/* Adds the point as a sample of its series. -1: no memory. */
static int add_sample(struct adding *adding, struct sample_times *times, const struct point *point)
{
    struct batch *const batch = adding->batch;
    struct buf *const name = &adding->name;
    buf_clear(name);
    series_append_name(name, adding->prefix, point);
    struct series_times *const series =
        name->failed
            ? NULL
            : sample_times_find(times, hash_bytes(adding->labels_hash, name->data, name->len));
    if (!series)
        return -1;
    if (series->batch != batch->id) {
        sample_times_begin(series, batch->id, (uint32_t)batch->name_count++);
        series_append_definition(&batch->names, name, point, &adding->labels);
    }
    const struct sample sample = {.time_ms = adding->transfer->time_ns / 1000000,
                                  .value = point->number,
                                  .series = series->number};
    adding->merged |= place(batch, series, sample);
    return 0;
}

static int prometheus_add(struct output *output, struct batch *batch,
                          const struct transfer *transfer, const struct point *points, size_t count)
{
    struct prometheus *const prometheus = output->state;
    const struct batch_mark begin = batch_begin_transfer(batch);
    struct adding adding = {.batch = batch, .transfer = transfer, .prefix = output->layout->prefix};
    buf_init(&adding.labels, SERIES_LABELS_BYTES_MAX);
    buf_init(&adding.name, 1024);
    series_append_labels(&adding.labels, transfer);
    adding.labels_hash = hash_bytes(HASH_BEGIN, adding.labels.data, adding.labels.len);
    batch->data.failed |= adding.labels.failed;
    for (size_t i = 0; i < count && !batch->data.failed; i++)
        if (!points[i].text && add_sample(&adding, &prometheus->times, &points[i]) < 0)
            batch->data.failed = true;
    buf_release(&adding.labels);
    buf_release(&adding.name);
    return batch_end_transfer(batch, begin, (batch->data.len - begin.data) / sizeof(struct sample),
                              adding.merged);
}

static const struct sample *samples_of(const struct batch *batch)
{
    return (const struct sample *)(const void *)batch->data.data;
}

static int prometheus_encode(const struct output *output, const struct batch *batch, size_t first,
                             size_t end, struct buf *room, struct bytes *bytes, struct error *err)
{
    const struct prometheus *const prometheus = output->state;
    const struct series_list series = {batch->names.data, batch->name_count};
    if (remote_write_encode(prometheus->version, &series, samples_of(batch) + first, end - first,
                            room, err) < 0)
        return -1;
    *bytes = (struct bytes){room->data, room->len};
    return 0;
}

/* Measured (Prometheus 2.42, 3.5; VictoriaMetrics 1.79, 1.145) and the 2.0
 * specification: a receiver that knows 2.0 says how many samples it has written;
 * one that does not answers 204 and stores nothing. */
static const char *samples_written(const struct http_answer *answer, size_t *len)
{
    return http_answer_header(answer, "X-Prometheus-Remote-Write-Samples-Written", len);
}

static enum verdict judge_v2(const struct http_answer *answer, size_t points)
{
    size_t len;
    const char *const written = samples_written(answer, &len);
    const int status = answer->status;
    if (status == 415 || (!written && (status / 100 == 2 || status == 400)))
        return VERDICT_ENCODE_ANEW;
    if (status / 100 != 2 && status != 400)
        return output_judge_status(status);
    const unsigned long long stored = strtoull(written, NULL, 10);
    if (status == 400 && stored == 0)
        return VERDICT_TRY_SMALLER;
    return stored >= points ? VERDICT_STORED : VERDICT_PARTIAL;
}

/* Words of Prometheus, Mimir, Thanos and VictoriaMetrics: that a series has a sample at that
 * time, or later ones; and all that speak of samples. */
#define OUT_OF_ORDER_WORDS                                                                         \
    "out of order", "out-of-order", "duplicate sample", "duplicate-timestamp", "duplicate timestamp"
/* clang-format off */
static const char *const point_words[] = {
    OUT_OF_ORDER_WORDS, "out of bounds", "too old sample", "timestamp is too old",
    "timestamp-too-old", "too far in the future", "too-far-in-future", "outside retention",
    "label name", "label value", "label-invalid", "label-value", "label-name", "invalid label",
    "invalid metric name", "metric-name", NULL};
/* clang-format on */

static bool is_out_of_order(const struct http_answer *answer)
{
    static const char *const words[] = {OUT_OF_ORDER_WORDS, NULL};
    return output_answer_has(answer, words);
}

static enum verdict prometheus_judge(const struct output *output, const struct http_answer *answer,
                                     const struct attempt *attempt)
{
    const struct prometheus *const prometheus = output->state;
    if (answer->status / 100 == 2 && output_is_page(answer))
        return VERDICT_MISDIRECTED;
    if (prometheus->version == 2)
        return judge_v2(answer, attempt->points);
    const bool told = answer->status == 409 || answer->status == 422; /* Thanos; Mimir */
    if (answer->status != 400 && !(told && output_answer_has(answer, point_words)))
        return output_judge_status(answer->status);
    /* what is in the way may be this very sample, from the time before */
    return attempt->in_doubt && is_out_of_order(answer) ? VERDICT_PARTIAL : VERDICT_TRY_SMALLER;
}

static const char *prometheus_explain(const struct output *output, const struct http_answer *answer,
                                      const struct attempt *attempt, struct buf *why)
{
    const struct prometheus *const prometheus = output->state;
    size_t len;
    const char *const written = samples_written(answer, &len);
    if (prometheus->version == 2 && written)
        buf_printf(why, "; %.*s of %zu samples stored", (int)strspn(written, "0123456789"), written,
                   attempt->points);
    return is_out_of_order(answer)
               ? "if several processes write this series, let them share a --spool, or give each "
                 "a label of its own"
               : NULL;
}

/* Makes the samples' series in `times`, which is as it was before the batch, as they were
 * behind the first `count` of the samples. */
static int replay(struct sample_times *times, const struct batch *batch, size_t count)
{
    struct series_times **const series = calloc(batch->name_count + 1, sizeof(void *));
    if (!series)
        return -1;
    for (size_t i = 0; i < times->room; i++)
        if (times->entries[i].hash && times->entries[i].batch == batch->id)
            series[times->entries[i].number] = &times->entries[i];
    const struct sample *const samples = samples_of(batch);
    for (size_t i = 0; i < count; i++)
        if (series[samples[i].series])
            sample_times_use(&series[samples[i].series]->now,
                             samples[i].time_ms - samples[i].moved_ms, samples[i].time_ms);
    free(series);
    return 0;
}

static int prometheus_save(const struct output *output, const struct batch *batch, size_t transfers,
                           struct buf *text)
{
    const struct prometheus *const prometheus = output->state;
    struct sample_times then;
    if (sample_times_before(&then, &prometheus->times, batch->id) < 0)
        return -1;
    const int result = replay(&then, batch, batch_first_point(batch, transfers));
    sample_times_write(&then, text);
    sample_times_release(&then);
    return text->failed ? -1 : result;
}

static int prometheus_restore(struct output *output, const char *text)
{
    struct prometheus *const prometheus = output->state;
    sample_times_release(&prometheus->times);
    return sample_times_read(&prometheus->times, text,
                             (clock_wall_ns() + TRANSFER_AHEAD_NS) / 1000000 + SERIES_AHEAD_MS);
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
    .close = prometheus_close,
    .add = prometheus_add,
    .encode = prometheus_encode,
    .describe = prometheus_describe,
    .judge = prometheus_judge,
    .point_words = point_words,
    .explain = prometheus_explain,
    .adapt = prometheus_adapt,
    .save = prometheus_save,
    .restore = prometheus_restore,
};
