/* decoded: the body of a remote write request as text, for the tests that look
 * into one. A series is a line: its labels and samples in the order in which they
 * were sent, and in 2.0 what is said about it:
 *
 *     {__name__="a",l="x"} [gauge seconds Help] 1@1000 2@1001
 *
 * What is no message, or what the protocol forbids, ends the text with "!". */
#ifndef TSDB_EXPORTER_DECODED_H
#define TSDB_EXPORTER_DECODED_H

#include "base/buf.h"
#include "base/library.h"
#include "output/protobuf.h"

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

static inline void decoded_sample(struct buf *out, double value, int64_t time_ms, int64_t *last)
{
    if (*last >= time_ms)
        buf_append_text(out, "!not in order!");
    buf_printf(out, " %.17g@%" PRId64, value, time_ms);
    *last = time_ms;
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
        int64_t last_ms = INT64_MIN;
        for (size_t i = 0; i < series->n_labels; i++)
            decoded_label(out, series->labels[i]->name, series->labels[i]->value, &name);
        buf_append_text(out, "}");
        for (size_t i = 0; i < series->n_samples; i++)
            decoded_sample(out, series->samples[i]->value, series->samples[i]->timestamp, &last_ms);
        buf_append_text(out, "\n");
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
    const char *name = NULL;
    int64_t last_ms = INT64_MIN;
    for (size_t i = 0; i + 1 < series->n_labels_refs; i += 2)
        decoded_label(out, decoded_symbol(request, series->labels_refs[i]),
                      decoded_symbol(request, series->labels_refs[i + 1]), &name);
    buf_append_text(out, "}");
    if (!series->metadata || series->n_labels_refs % 2)
        buf_append_text(out, "!incomplete!");
    else
        buf_printf(out, " [%s %s %s]",
                   series->metadata->type ==
                           PROMETHEUS__V2__METADATA__METRIC_TYPE__METRIC_TYPE_GAUGE
                       ? "gauge"
                       : "!no gauge!",
                   decoded_symbol(request, series->metadata->unit_ref),
                   decoded_symbol(request, series->metadata->help_ref));
    for (size_t i = 0; i < series->n_samples; i++)
        decoded_sample(out, series->samples[i]->value, series->samples[i]->timestamp, &last_ms);
    buf_append_text(out, "\n");
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
