/* k6's series as its output to Prometheus remote write names them (k6:
 * output/prometheusrw, "native histograms" and "trend stats"; measured with 2.2.0). What
 * is counted of a transfer is what layout/k6.c writes for InfluxDB, so that both agree.
 *
 * One thing differs. k6's failed rate has expected_response, status and error_code among
 * its labels, so that it is 0 in one series, 1 in the other, and their average, which is
 * what its dashboard shows, means nothing. Without these labels the same panel is right. */
#include "layout/k6_totals.h"

#include "layout/k6.h"

#include <string.h>

/* error and url can be any number, so no series has them. What k6 counts of the connection
 * rather than of a request has none of the request's labels. */
static const char *const never[] = {"error", "url", NULL};
static const char *const of_requests[] = {
    "error", "error_code", "expected_response", "method", "name", "proto", "status", "url", NULL};
static const char *const of_results[] = {"error",  "error_code", "expected_response",
                                         "status", "url",        NULL};

#define TREND(metric, words)                                                                       \
    {                                                                                              \
        .name = "k6_http_req_" metric "_seconds", .kind = INSTRUMENT_HISTOGRAM, .unit = "seconds", \
        .help = words, .without = never, .trend = "k6_http_req_" metric                            \
    }

const struct instrument layout_k6_instruments[] = {
    {.name = "k6_data_received_total",
     .kind = INSTRUMENT_COUNTER,
     .unit = "bytes",
     .help = "Header and body bytes received",
     .without = of_requests},
    {.name = "k6_data_sent_total",
     .kind = INSTRUMENT_COUNTER,
     .unit = "bytes",
     .help = "Header and body bytes sent",
     .without = of_requests},
    TREND("blocked", "Time until the connection was ready"),
    TREND("connecting", "Time to connect over TCP"),
    TREND("duration", "Time for sending, waiting and receiving"),
    {.name = "k6_http_req_failed_rate",
     .kind = INSTRUMENT_RATE,
     .help = "Share of the requests that failed",
     .without = of_results},
    TREND("receiving", "Time to receive the response"),
    TREND("sending", "Time to send the request"),
    TREND("tls_handshaking", "Time for the TLS handshake"),
    TREND("waiting", "Time from request sent to first byte of the response"),
    {.name = "k6_http_reqs_total",
     .kind = INSTRUMENT_COUNTER,
     .help = "Requests",
     .without = never},
    {0},
};

/* The instrument of a metric: http_req_waiting is that of k6_http_req_waiting_seconds. NULL:
 * there is none. */
static const struct instrument *instrument_of(const char *metric)
{
    static const char *const endings[] = {"_total", "_seconds", "_rate"};
    const size_t len = strlen(metric), prefix = strlen("k6_");
    for (const struct instrument *i = layout_k6_instruments; i->name; i++)
        for (size_t e = 0; e < sizeof endings / sizeof *endings; e++)
            if (strncmp(i->name + prefix, metric, len) == 0 &&
                strcmp(i->name + prefix + len, endings[e]) == 0)
                return i;
    return NULL;
}

size_t layout_k6_observe(const struct transfer *transfer, struct observation *observations)
{
    static const struct layout without_text;
    struct point points[OBSERVATIONS_MAX];
    const size_t count = layout_k6_points(&without_text, transfer, points);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const struct instrument *const instrument = instrument_of(points[i].series);
        if (!instrument)
            continue;
        const bool is_ms = instrument->kind == INSTRUMENT_HISTOGRAM;
        observations[n++] = (struct observation){
            instrument, is_ms ? points[i].number / 1e3 : points[i].number, NULL};
    }
    return n;
}
