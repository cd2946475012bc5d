/* Why: all that is peculiar to Prometheus and the databases that take its remote
 * write when each transfer is a sample: names, and one sample a series and
 * millisecond. */
#include "output/prometheus.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "output/prometheus_totals.h"
#include "output/receiver.h"
#include "output/remote_write.h"
#include "output/sample_times.h"
#include "output/series.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* An output's state. */
struct prometheus {
    struct receiver receiver;
    struct sample_times times; /* what series have been given so far */
};

static int prometheus_open(struct output *output, const char *target,
                           const struct output_options *options, struct error *err)
{
    struct prometheus *const prometheus = calloc(1, sizeof *prometheus);
    output->state = prometheus;
    return prometheus ? receiver_open(output, &prometheus->receiver, target, options, err)
                      : error_set(err, "out of memory");
}

static const char *prometheus_adapt(struct output *output, const struct http_answer *answer)
{
    struct prometheus *const prometheus = output->state;
    (void)answer;
    receiver_use_version_1(output, &prometheus->receiver);
    return NULL;
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
    if (remote_write_encode(prometheus->receiver.version, &series, samples_of(batch) + first,
                            end - first, room, err) < 0)
        return -1;
    *bytes = (struct bytes){room->data, room->len};
    return 0;
}

static enum verdict prometheus_judge(const struct output *output, const struct http_answer *answer,
                                     const struct attempt *attempt)
{
    const struct prometheus *const prometheus = output->state;
    const enum verdict verdict =
        receiver_judge(&prometheus->receiver, answer, RECEIVER_SAMPLES_WRITTEN, attempt->points);
    /* what is in the way may be this very sample, from the time before */
    return verdict == VERDICT_TRY_SMALLER && prometheus->receiver.version == 1 &&
                   attempt->in_doubt && receiver_is_out_of_order(answer)
               ? VERDICT_PARTIAL
               : verdict;
}

static const char *prometheus_explain(const struct output *output, const struct http_answer *answer,
                                      const struct attempt *attempt, struct buf *why)
{
    const struct prometheus *const prometheus = output->state;
    return receiver_explain(&prometheus->receiver, answer, attempt->points, why);
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

static int prometheus_restore(struct output *output, const char *text, struct error *err)
{
    (void)err;
    struct prometheus *const prometheus = output->state;
    sample_times_release(&prometheus->times);
    return sample_times_read(&prometheus->times, text,
                             (clock_wall_ns() + TRANSFER_AHEAD_NS) / 1000000 + SERIES_AHEAD_MS);
}

static void prometheus_describe(const struct batch *batch, size_t point, struct buf *text)
{
    const struct series_list series = {batch->names.data, batch->name_count};
    const struct sample *const sample = samples_of(batch) + point;
    char number[NUMBER_ROOM];
    receiver_describe(text, remote_write_definition(&series, sample->series));
    text_number(number, sample->value);
    buf_printf(text, " %s @ %" PRId64, number, sample->time_ms);
}

const struct output_type output_prometheus = {
    .name = "prometheus",
    .form = RECEIVER_FORM,
    .totals = &output_prometheus_totals,
    .open = prometheus_open,
    .close = prometheus_close,
    .add = prometheus_add,
    .encode = prometheus_encode,
    .describe = prometheus_describe,
    .judge = prometheus_judge,
    .point_words = receiver_point_words,
    .explain = prometheus_explain,
    .adapt = prometheus_adapt,
    .save = prometheus_save,
    .restore = prometheus_restore,
};
