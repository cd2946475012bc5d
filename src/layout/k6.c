/* k6's names, tags and units, so that k6's dashboards show curl's transfers beside k6's
 * own: above all those over HTTP/3, which k6 cannot make. They are those of k6's output
 * to InfluxDB 1 (k6: metrics/builtin.go, lib/netext/httpext/tracer.go and transport.go,
 * output/influxdb; its documentation, "Built-in metrics" and "Error codes").
 *
 * What curl does not know is left out: vus, checks, iterations, tls_version. k6 writes
 * a 0 for each phase that did not happen. Here the 0 is written where it is true, since
 * k6's averages contain it: making a reused connection took no time. It is left out
 * where it is false: a request without a response had no duration. */
#include "layout/k6.h"

#include "base/text.h"
#include "model/phase.h"

#include <math.h>
#include <stdio.h>

static double get(const struct transfer *t, enum field_id field)
{
    return transfer_get(t, field, 0);
}

/* A response that came in part is for k6 none: status 0 and an error. */
static bool is_broken(const struct transfer *t)
{
    return get(t, F_EXITCODE) != 0 && transfer_http_status(t) < 400;
}

/* curl's exit codes, and k6's codes and words for the same failures. */
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
    if (transfer_http_status(t) < 400)
        return NULL;
    text_number(room, 1000 + transfer_http_status(t));
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
    text_number(room, is_broken(t) ? 0 : transfer_http_status(t));
    return room;
}

/* k6's name is the URL. There may be any number of URLs, and each would make a series
 * of its own, so here it is the host; --tag-field name=url or --label name=... change
 * that. */
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

/* Where the points go. With --text each point gets the URL as a second field, as k6's
 * own points do. */
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

/* curl writes six decimals; rounding removes what binary arithmetic has added. */
static void add_ms(struct points *points, const char *metric, double seconds)
{
    if (isfinite(seconds * 1e6)) /* a number that is not is none of curl's */
        add(points, metric, round(seconds * 1e6) / 1e3);
}

/* A phase of making the connection, or a 0 that is true: there was a response and the
 * phase did not happen. One that is only unknown is left out. */
static void add_connection(struct points *points, const struct transfer *t, const char *metric,
                           enum field_id phase, bool happened)
{
    if (transfer_has(t, phase))
        add_ms(points, metric, get(t, phase));
    else if (phase_has_response(t) && !(phase_made_connection(t) && happened))
        add(points, metric, 0);
}

static void add_phase(struct points *points, const struct transfer *t, const char *metric,
                      enum field_id phase)
{
    if (transfer_has(t, phase))
        add_ms(points, metric, get(t, phase));
}

/* k6 also counts TLS and framing, which curl does not tell. */
static void add_bytes(struct points *points, const struct transfer *t)
{
    if (transfer_has(t, F_SIZE_DOWNLOAD))
        add(points, "data_received", transfer_bytes_received(t));
    if (transfer_has(t, F_SIZE_REQUEST))
        add(points, "data_sent", transfer_bytes_sent(t));
}

size_t layout_k6_points(const struct layout *layout, const struct transfer *t, struct point *points)
{
    struct points to = {.at = points};
    /* k6's duration is sending, waiting and receiving, and blocked all that comes before:
     * until the connection is ready, with the time in curl's queue */
    const double duration = get(t, F_PHASE_SEND) + get(t, F_PHASE_WAIT) + get(t, F_PHASE_TRANSFER);
    const double blocked = get(t, F_PHASE_QUEUE) + get(t, F_PHASE_DNS) + get(t, F_PHASE_HANDSHAKE);
    /* a duration of 0 is one if the total was divided into phases at all */
    const bool timed = phase_has_response(t) && duration + blocked > 0;
    if (layout->text && !transfer_has_tag(t, "url"))
        to.url = t->text[F_URL];
    add_bytes(&to, t);
    if (timed)
        add_ms(&to, "http_req_blocked", get(t, F_TIME_TOTAL) - duration);
    /* k6's is TCP's, and over QUIC there is none */
    add_connection(&to, t, "http_req_connecting", F_PHASE_CONNECT, !phase_is_quic(t));
    if (timed)
        add_ms(&to, "http_req_duration", duration);
    if (transfer_has(t, F_FAILED))
        add(&to, "http_req_failed", get(t, F_FAILED));
    /* written by older k6s, and still asked for by their dashboards */
    add_connection(&to, t, "http_req_looking_up", F_PHASE_DNS, false);
    add_phase(&to, t, "http_req_receiving", F_PHASE_TRANSFER);
    add_phase(&to, t, "http_req_sending", F_PHASE_SEND);
    add_connection(&to, t, "http_req_tls_handshaking", F_PHASE_TLS,
                   phase_is_quic(t) || transfer_get(t, F_TIME_APPCONNECT, 1) > 0);
    add_phase(&to, t, "http_req_waiting", F_PHASE_WAIT);
    add(&to, "http_reqs", 1);
    return to.count;
}
