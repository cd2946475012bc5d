/* decoded: the body of a remote write request as text, for the tests that look
 * into one. A series is a line: its labels and samples in the order in which they
 * were sent, and in 2.0 what is said about it:
 *
 *     {__name__="a",l="x"} [gauge seconds Help] 1@1000 2@1001
 *     {__name__="b",l="x"} [histogram seconds Help since 999] {3 0.75 zero:1 -16:2}@1000
 *
 * A native histogram is its count, its sum, and how many are in each bucket.
 * What is no message, or what the protocol forbids, ends the text with "!". */
#ifndef TSDB_EXPORTER_DECODED_H
#define TSDB_EXPORTER_DECODED_H

#include "base/buf.h"
#include "base/library.h"
#include "output/protobuf.h"
#include "output/sample_list.h"

#include "remote_write_v1.pb-c.h"
#include "remote_write_v2.pb-c.h"

#include <inttypes.h>
#include <snappy-c.h>
#include <stdlib.h>
#include <string.h>

static inline uint8_t *decoded_message(const char *bytes, size_t len, size_t *size)
{
    static __typeof__(snappy_uncompress) *uncompress;
    static __typeof__(snappy_uncompressed_length) *uncompressed_length;
    const struct library_symbol symbols[] = {
        {"snappy_uncompress", &uncompress},
        {"snappy_uncompressed_length", &uncompressed_length},
    };
    struct error err;
    if (library_load("libsnappy.so.1", symbols, 2, &err) < 0 || protobuf_load(&err) < 0 ||
        uncompressed_length(bytes, len, size) != SNAPPY_OK)
        return NULL;
    uint8_t *const message = malloc(*size + 1);
    if (message && uncompress(bytes, len, (char *)message, size) == SNAPPY_OK)
        return message;
    free(message);
    return NULL;
}

static inline void decoded_label(struct buf *out, const char *name, const char *value,
                                 const char **last)
{
    if (*last && strcmp(*last, name) >= 0)
        buf_append_text(out, "!not in order!");
    if (!*name || !*value)
        buf_append_text(out, "!empty!");
    buf_printf(out, "%s%s=\"%s\"", *last ? "," : "{", name, value);
    *last = name;
}

static inline void decoded_number(struct buf *out, const double *value)
{
    uint64_t bits;
    memcpy(&bits, value, sizeof bits);
    if (bits == STALE_MARKER_BITS)
        buf_append_text(out, "stale");
    else
        buf_printf(out, "%.17g", *value);
}

static inline void decoded_time(struct buf *out, int64_t time_ms, int64_t start_ms,
                                int64_t since_ms, int64_t *last)
{
    if (*last >= time_ms)
        buf_append_text(out, "!not in order!");
    if (start_ms != (since_ms < time_ms ? since_ms : 0))
        buf_append_text(out, "!started at another time!");
    buf_printf(out, "@%" PRId64, time_ms);
    *last = time_ms;
}

static inline void decoded_histogram(struct buf *out, const Prometheus__Histogram *histogram)
{
    size_t delta = 0;
    uint64_t sum = histogram->zero_count_int, count = 0;
    int32_t index = 0;
    if (histogram->count_case != PROMETHEUS__HISTOGRAM__COUNT_COUNT_INT ||
        histogram->zero_count_case != PROMETHEUS__HISTOGRAM__ZERO_COUNT_ZERO_COUNT_INT ||
        histogram->schema != 3 || histogram->zero_threshold < 0x1p-128 ||
        histogram->zero_threshold > 0x1p-128)
        buf_append_text(out, "!another kind of histogram!");
    buf_printf(out, " {%" PRIu64 " ", histogram->count_int);
    decoded_number(out, &histogram->sum);
    if (histogram->zero_count_int)
        buf_printf(out, " zero:%" PRIu64, histogram->zero_count_int);
    for (size_t s = 0; s < histogram->n_positive_spans; s++) {
        index += histogram->positive_spans[s]->offset;
        if (s && histogram->positive_spans[s]->offset <= 0)
            buf_append_text(out, "!runs that touch!");
        for (uint32_t i = 0; i < histogram->positive_spans[s]->length; i++, index++) {
            if (delta == histogram->n_positive_deltas) {
                buf_append_text(out, "!a bucket without a count!");
                return;
            }
            count += (uint64_t)histogram->positive_deltas[delta++];
            sum += count;
            if (count)
                buf_printf(out, " %" PRId32 ":%" PRIu64, index, count);
        }
    }
    if (delta != histogram->n_positive_deltas || sum != histogram->count_int)
        buf_append_text(out, "!counts that do not add up!");
    buf_append_text(out, "}");
}

/* The samples of a series, which began at `since_ms` if the version tells it. */
static inline void decoded_samples(struct buf *out, Prometheus__Sample **samples, size_t count,
                                   Prometheus__Histogram **histograms, size_t histogram_count,
                                   int64_t since_ms)
{
    int64_t last_ms = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        buf_append_text(out, " ");
        decoded_number(out, &samples[i]->value);
        decoded_time(out, samples[i]->timestamp, samples[i]->start_timestamp, since_ms, &last_ms);
    }
    for (size_t i = 0; i < histogram_count; i++) {
        decoded_histogram(out, histograms[i]);
        decoded_time(out, histograms[i]->timestamp, histograms[i]->start_timestamp, since_ms,
                     &last_ms);
    }
    if ((count == 0) == (histogram_count == 0))
        buf_append_text(out, "!neither samples nor histograms alone!");
    buf_append_text(out, "\n");
}

static inline void decoded_v1(struct buf *out, const uint8_t *message, size_t size)
{
    Prometheus__V1__WriteRequest *const request =
        prometheus__v1__write_request__unpack(NULL, size, message);
    if (!request || request->base.n_unknown_fields)
        buf_append_text(out, "!no message!");
    for (size_t s = 0; request && s < request->n_timeseries; s++) {
        const Prometheus__V1__TimeSeries *const series = request->timeseries[s];
        const char *name = NULL;
        for (size_t i = 0; i < series->n_labels; i++)
            decoded_label(out, series->labels[i]->name, series->labels[i]->value, &name);
        buf_append_text(out, "}");
        decoded_samples(out, series->samples, series->n_samples, series->histograms,
                        series->n_histograms, 0);
    }
    if (request)
        prometheus__v1__write_request__free_unpacked(request, NULL);
}

static inline const char *decoded_symbol(const Prometheus__V2__Request *request, uint32_t ref)
{
    return ref < request->n_symbols ? request->symbols[ref] : "!no symbol!";
}

static inline void decoded_v2_series(struct buf *out, const Prometheus__V2__Request *request,
                                     const Prometheus__V2__TimeSeries *series)
{
    static const char *const types[] = {"!no type!", "counter", "gauge", "histogram"};
    const char *name = NULL;
    for (size_t i = 0; i + 1 < series->n_labels_refs; i += 2)
        decoded_label(out, decoded_symbol(request, series->labels_refs[i]),
                      decoded_symbol(request, series->labels_refs[i + 1]), &name);
    buf_append_text(out, "}");
    if (!series->metadata || series->n_labels_refs % 2)
        buf_append_text(out, "!incomplete!");
    else
        buf_printf(out, " [%s %s %s", types[(size_t)series->metadata->type % 4],
                   decoded_symbol(request, series->metadata->unit_ref),
                   decoded_symbol(request, series->metadata->help_ref));
    if (series->created_timestamp)
        buf_printf(out, " since %" PRId64, series->created_timestamp);
    buf_append_text(out, "]");
    decoded_samples(out, series->samples, series->n_samples, series->histograms,
                    series->n_histograms, series->created_timestamp);
}

static inline void decoded_v2(struct buf *out, const uint8_t *message, size_t size)
{
    Prometheus__V2__Request *const request = prometheus__v2__request__unpack(NULL, size, message);
    if (!request || request->base.n_unknown_fields)
        buf_append_text(out, "!no message!");
    if (request && (request->n_symbols == 0 || *request->symbols[0]))
        buf_append_text(out, "!the first symbol is not empty!");
    for (size_t i = 1; request && i < request->n_symbols; i++)
        if (!*request->symbols[i])
            buf_append_text(out, "!two empty symbols!");
    for (size_t s = 0; request && s < request->n_timeseries; s++)
        decoded_v2_series(out, request, request->timeseries[s]);
    if (request)
        prometheus__v2__request__free_unpacked(request, NULL);
}

/* Replaces `out` with the text. */
static inline const char *decoded(struct buf *out, int version, const char *bytes, size_t len)
{
    size_t size;
    uint8_t *const message = decoded_message(bytes, len, &size);
    buf_clear(out);
    if (!message)
        buf_append_text(out, "!not snappy!");
    else if (version == 1)
        decoded_v1(out, message, size);
    else
        decoded_v2(out, message, size);
    free(message);
    return buf_text(out);
}

#endif
