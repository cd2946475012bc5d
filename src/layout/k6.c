/* Why: who has k6's dashboards open wants to see curl's transfers, above all those
 * over HTTP/3, which k6 cannot make, beside k6's own. So measurements, tags and
 * units are those of k6's output to InfluxDB 1 (k6: metrics/builtin.go,
 * lib/netext/httpext/tracer.go and transport.go, output/influxdb; its
 * documentation, "Built-in metrics" and "Error codes").
 *
 * What curl does not know is left out: vus, checks, iterations, tls_version. Where
 * k6 writes a 0 that is true (a connection that was reused or plain took no time to
 * make) it is written, so that averages can be compared with k6's; where k6 writes
 * one that is not (a request without a response had no duration) it is left out. */
#include "layout/k6.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>

static double get(const struct transfer *t, enum field_id field)
{
    return transfer_get(t, field, 0);
}

/* k6 knows no response that came in part: status 0 and an error. */
static bool is_broken(const struct transfer *t)
{
    return get(t, F_EXITCODE) != 0 && get(t, F_HTTP_CODE) < 400;
}

/* curl's exit codes as k6's codes and words. */
static const struct failure {
    int exitcode;
    const char *code, *words;
} failures[] = {
    {5, "1100", "lookup: proxy not found"},
    {6, "1101", "lookup: no such host"},
    {7, "1210", "dial: could not connect"},
    {16, "1600", "http2: framing error"},
    {28, "1050", "request timeout"},
    {35, "1300", "tls: handshake failed"},
    {52, "1200", "empty reply"},
    {55, "1200", "write: failed"},
    {56, "1200", "read: failed"},
    {60, "1300", "x509: certificate not trusted"},
    {61, "1701", "unknown content encoding"},
    {92, "1600", "http2: stream error"},
    {95, "1000", "http3: error"},
    {96, "1010", "quic: could not connect"},
};

static const struct failure *find_failure(const struct transfer *t)
{
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if (get(t, F_EXITCODE) == failures[i].exitcode)
            return &failures[i];
    return NULL;
}

static const char *make_error(const struct transfer *t, char *room)
{
    const struct failure *const failure = find_failure(t);
    if (!is_broken(t) || failure)
        return failure && is_broken(t) ? failure->words : NULL;
    snprintf(room, NUMBER_ROOM, "curl exit code %.10g", get(t, F_EXITCODE));
    return room;
}

static const char *make_error_code(const struct transfer *t, char *room)
{
    const struct failure *const failure = find_failure(t);
    if (is_broken(t))
        return failure ? failure->code : "1000";
    if (get(t, F_HTTP_CODE) < 400)
        return NULL;
    text_number(room, 1000 + get(t, F_HTTP_CODE));
    return room;
}

static const char *make_expected_response(const struct transfer *t, char *room)
{
    (void)room;
    return get(t, F_FAILED) != 0 ? "false" : "true";
}

/* As Go writes it: HTTP/2.0. */
static const char *make_proto(const struct transfer *t, char *room)
{
    if (get(t, F_HTTP_VERSION) <= 0)
        return NULL;
    snprintf(room, NUMBER_ROOM, "HTTP/%.1f", get(t, F_HTTP_VERSION));
    return room;
}

static const char *make_scenario(const struct transfer *t, char *room)
{
    (void)t, (void)room;
    return "default";
}

static const char *make_status(const struct transfer *t, char *room)
{
    text_number(room, is_broken(t) ? 0 : get(t, F_HTTP_CODE));
    return room;
}

/* k6's name is the URL, of which there may be any number, and each a series:
 * here it is the host, unless --tag-field name=url or --label name=... says more. */
const struct tag_source layout_k6_tags[] = {
    {"error", FIELD_NONE, make_error},
    {"error_code", FIELD_NONE, make_error_code},
    {"expected_response", FIELD_NONE, make_expected_response},
    {"method", F_METHOD, NULL},
    {"name", F_HOST, NULL},
    {"proto", FIELD_NONE, make_proto},
    {"scenario", FIELD_NONE, make_scenario},
    {"status", FIELD_NONE, make_status},
    {0},
};

/* Where the points go. With --text each has the URL beside it, which k6 too keeps
 * as a field. */
struct points {
    struct point *at;
    size_t count;
    const char *url; /* or NULL */
};

static void add(struct points *points, const char *metric, double value)
{
    points->at[points->count++] =
        (struct point){.series = metric, .field = "value", .number = value};
    if (points->url)
        points->at[points->count++] =
            (struct point){.series = metric, .field = "url", .text = points->url};
}

/* curl has six digits; rounding takes out what binary arithmetic adds. */
static void add_ms(struct points *points, const char *metric, double seconds)
{
    if (isfinite(seconds * 1e6)) /* what is not is no curl's */
        add(points, metric, round(seconds * 1e6) / 1e3);
}

/* A phase of making the connection. 0 where there was a response without it; but a
 * phase that is only unknown (phase.h: redirects) is left out. */
static void add_connection(struct points *points, const struct transfer *t, const char *metric,
                           enum field_id phase, enum field_id until)
{
    const bool without = transfer_get(t, F_NUM_CONNECTS, 1) == 0 || transfer_get(t, until, 1) == 0;
    if (transfer_has(t, phase))
        add_ms(points, metric, get(t, phase));
    else if (get(t, F_HTTP_CODE) > 0 && without)
        add(points, metric, 0);
}

static void add_exchange(struct points *points, const struct transfer *t, const char *metric,
                         enum field_id phase)
{
    if (transfer_has(t, phase))
        add_ms(points, metric, get(t, phase));
}

/* Headers and bodies; k6 counts TLS and framing as well. */
static void add_bytes(struct points *points, const struct transfer *t)
{
    if (transfer_has(t, F_SIZE_DOWNLOAD))
        add(points, "data_received", get(t, F_SIZE_HEADER) + get(t, F_SIZE_DOWNLOAD));
    if (transfer_has(t, F_SIZE_REQUEST))
        add(points, "data_sent", transfer_bytes_sent(t));
}

size_t layout_k6_points(const struct layout *layout, const struct transfer *t, struct point *points)
{
    struct points to = {.at = points};
    if (layout->text && !transfer_has_tag(t, "url"))
        to.url = t->text[F_URL];
    add_bytes(&to, t);
    /* in k6, too, all until the request can be sent: name lookup, connecting and TLS */
    if (get(t, F_HTTP_CODE) > 0 && transfer_has(t, F_TIME_PRETRANSFER))
        add_ms(&to, "http_req_blocked", get(t, F_TIME_PRETRANSFER));
    add_connection(&to, t, "http_req_connecting", F_PHASE_CONNECT, F_TIME_CONNECT);
    if (transfer_has(t, F_PHASE_WAIT) && transfer_has(t, F_PHASE_TRANSFER))
        add_ms(&to, "http_req_duration",
               get(t, F_PHASE_SEND) + get(t, F_PHASE_WAIT) + get(t, F_PHASE_TRANSFER));
    add(&to, "http_req_failed", get(t, F_FAILED));
    /* of older k6s, and still asked for by their dashboards */
    add_connection(&to, t, "http_req_looking_up", F_PHASE_DNS, F_TIME_NAMELOOKUP);
    add_exchange(&to, t, "http_req_receiving", F_PHASE_TRANSFER);
    add_exchange(&to, t, "http_req_sending", F_PHASE_SEND);
    add_connection(&to, t, "http_req_tls_handshaking", F_PHASE_TLS, F_TIME_APPCONNECT);
    add_exchange(&to, t, "http_req_waiting", F_PHASE_WAIT);
    add(&to, "http_reqs", 1);
    return to.count;
}
