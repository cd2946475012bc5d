/* Why: what protobuf-c packs consists of pointers to pointers, and a native histogram is a
 * tree of them. Both versions of remote write have the same samples, so this is done once.
 *
 * A stale marker is a number whose bits count. So numbers are copied byte by byte here: some
 * processors change these bits when they handle them as a number. */
#include "output/remote_write_samples.h"

#include "remote_write_samples.pb-c.h"

#include <stdlib.h>
#include <string.h>

/* Of the buckets that are sent; see remote_write.h. Nothing lies between 0 and the threshold,
 * which is that of Prometheus's own libraries. */
enum { SCHEMA = 3 };
#define ZERO_THRESHOLD 0x1p-128

/* So many empty buckets cost less than the end of a run. */
enum { GAP_MAX = 2 };

struct packed_histogram {
    Prometheus__Histogram message;
    Prometheus__BucketSpan spans[REMOTE_WRITE_BUCKETS_MAX], *pointers[REMOTE_WRITE_BUCKETS_MAX];
    int64_t deltas[REMOTE_WRITE_BUCKETS_MAX];
};

struct packed_samples {
    Prometheus__Sample *samples, **sample_pointers;
    struct packed_histogram *histograms;
    Prometheus__Histogram **histogram_pointers;
};

struct packed_samples *packed_samples_new(size_t samples, size_t histograms)
{
    struct packed_samples *const packed = calloc(1, sizeof *packed);
    if (!packed)
        return NULL;
    packed->samples = malloc((samples + 1) * sizeof *packed->samples);
    packed->sample_pointers = malloc((samples + 1) * sizeof *packed->sample_pointers);
    packed->histograms = malloc((histograms + 1) * sizeof *packed->histograms);
    packed->histogram_pointers = malloc((histograms + 1) * sizeof *packed->histogram_pointers);
    if (packed->samples && packed->sample_pointers && packed->histograms &&
        packed->histogram_pointers)
        return packed;
    packed_samples_free(packed);
    return NULL;
}

void packed_samples_free(struct packed_samples *packed)
{
    if (!packed)
        return;
    free(packed->samples);
    free(packed->sample_pointers);
    free(packed->histograms);
    free(packed->histogram_pointers);
    free(packed);
}

static int64_t start_of(int64_t created_ms, int64_t time_ms)
{
    return created_ms < time_ms ? created_ms : 0; /* not that of the 0 which it begins with */
}

/* Appends a bucket to the message, `gap` behind the one before. Each count is sent as its
 * difference to the count before. Buckets that lie side by side make a run, a span, which
 * knows its distance from the run before; the first one its index. */
static void add_bucket(struct packed_histogram *packed, int32_t gap, uint64_t count,
                       uint64_t *before)
{
    Prometheus__Histogram *const message = &packed->message;
    if (!message->n_positive_spans || gap > GAP_MAX) {
        Prometheus__BucketSpan *const span = &packed->spans[message->n_positive_spans];
        prometheus__bucket_span__init(span);
        span->offset = gap;
        packed->pointers[message->n_positive_spans++] = span;
        gap = 0;
    }
    packed->spans[message->n_positive_spans - 1].length += (uint32_t)gap + 1;
    for (; gap > 0; gap--, *before = 0)
        packed->deltas[message->n_positive_deltas++] = -(int64_t)*before;
    packed->deltas[message->n_positive_deltas++] = (int64_t)(count - *before);
    *before = count;
}

static void fill_histogram(struct packed_histogram *packed, const struct histogram_sample *sample,
                           const uint64_t *counts, int64_t created_ms)
{
    Prometheus__Histogram *const message = &packed->message;
    prometheus__histogram__init(message);
    message->count_case = PROMETHEUS__HISTOGRAM__COUNT_COUNT_INT;
    message->count_int = sample->count;
    message->zero_count_case = PROMETHEUS__HISTOGRAM__ZERO_COUNT_ZERO_COUNT_INT;
    message->zero_count_int = sample->zeros;
    memcpy(&message->sum, &sample->sum, sizeof(double));
    message->schema = SCHEMA;
    message->zero_threshold = ZERO_THRESHOLD;
    message->timestamp = sample->time_ms;
    message->start_timestamp = start_of(created_ms, sample->time_ms);
    message->positive_spans = packed->pointers;
    message->positive_deltas = packed->deltas;
    uint64_t before = 0;
    int32_t end = 0;
    for (uint32_t i = 0; i < sample->length && i < REMOTE_WRITE_BUCKETS_MAX; i++)
        if (counts[i]) {
            const int32_t index = sample->first + (int32_t)i;
            add_bucket(packed, index - end, counts[i], &before);
            end = index + 1;
        }
}

void *packed_samples_fill(struct packed_samples *packed, const struct series_group *group,
                          int64_t created_ms)
{
    for (size_t i = 0; i < group->count && group->samples; i++) {
        Prometheus__Sample *const sample = packed->sample_pointers[i] = &packed->samples[i];
        prometheus__sample__init(sample);
        sample->timestamp = group->samples[i].time_ms;
        sample->start_timestamp = start_of(created_ms, sample->timestamp);
        memcpy(&sample->value, &group->samples[i].value, sizeof(double));
    }
    for (size_t i = 0; i < group->count && group->histograms; i++) {
        const struct histogram_sample *const sample = &group->histograms[i];
        packed->histogram_pointers[i] = &packed->histograms[i].message;
        fill_histogram(&packed->histograms[i], sample,
                       sample->length ? group->buckets + sample->buckets : NULL, created_ms);
    }
    return group->samples ? (void *)packed->sample_pointers : (void *)packed->histogram_pointers;
}
