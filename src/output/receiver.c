/* Why: where remote write goes, and what its receivers' answers mean, is the same for
 * samples of each transfer and for totals. */
#include "output/receiver.h"

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

/* Measured (Prometheus 2.42, 3.5; VictoriaMetrics 1.79, 1.145) and the 2.0
 * specification: a receiver that knows 2.0 says how many samples it has written;
 * one that does not answers 204 and stores nothing. */
static enum verdict judge_v2(const struct http_answer *answer, const char *header, size_t points)
{
    size_t len;
    const char *const written = http_answer_header(answer, header, &len);
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
const char *const receiver_point_words[] = {
    OUT_OF_ORDER_WORDS, "out of bounds", "too old sample", "timestamp is too old",
    "timestamp-too-old", "too far in the future", "too-far-in-future", "outside retention",
    "label name", "label value", "label-invalid", "label-value", "label-name", "invalid label",
    "invalid metric name", "metric-name", NULL};
/* clang-format on */

int receiver_open(struct output *output, struct receiver *receiver, const char *target,
                  const struct output_options *options, struct error *err)
{
    struct url parts;
    if (output_split_url(target, RECEIVER_FORM, &parts, err) < 0)
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
    if (!output->url || !output->name)
        return error_set(err, "out of memory, or the URL is too long");
    receiver->version = options->remote_write;
    for (size_t i = 0; i < OWN_HEADERS; i++)
        output->headers[i] = (receiver->version == 2 ? headers_v2 : headers_v1)[i];
    return 0;
}

void receiver_use_version_1(struct output *output, struct receiver *receiver)
{
    receiver->version = 1;
    for (size_t i = 0; output->headers[i]; i++)
        for (size_t own = 0; own < OWN_HEADERS; own++)
            if (output->headers[i] == headers_v2[own])
                output->headers[i] = headers_v1[own];
}

bool receiver_is_out_of_order(const struct http_answer *answer)
{
    static const char *const words[] = {OUT_OF_ORDER_WORDS, NULL};
    return output_answer_has(answer, words);
}

enum verdict receiver_judge(const struct receiver *receiver, const struct http_answer *answer,
                            const char *header, size_t points)
{
    if (answer->status / 100 == 2 && output_is_page(answer))
        return VERDICT_MISDIRECTED;
    if (receiver->version == 2)
        return judge_v2(answer, header, points);
    const bool told = answer->status == 409 || answer->status == 422; /* Thanos; Mimir */
    return answer->status == 400 || (told && output_answer_has(answer, receiver_point_words))
               ? VERDICT_TRY_SMALLER
               : output_judge_status(answer->status);
}

const char *receiver_explain(const struct receiver *receiver, const struct http_answer *answer,
                             size_t points, struct buf *why)
{
    size_t len;
    const char *const written = http_answer_header(answer, RECEIVER_SAMPLES_WRITTEN, &len);
    if (receiver->version == 2 && written)
        buf_printf(why, "; %.*s of %zu samples stored", (int)strspn(written, "0123456789"), written,
                   points);
    return receiver_is_out_of_order(answer)
               ? "if several processes write this series, let them share a --spool, or give each "
                 "a label of its own"
               : NULL;
}

void receiver_describe(struct buf *text, const char *definition)
{
    const char *at = definition;
    buf_printf(text, "%s{", at);
    for (int i = 0; i < 3; i++)
        at += strlen(at) + 1;
    for (const char *comma = ""; *at; comma = ",") {
        const char *const value = at + strlen(at) + 1;
        buf_printf(text, "%s%s=\"%s\"", comma, at, value);
        at = value + strlen(value) + 1;
    }
    buf_append(text, "}", 1);
}
