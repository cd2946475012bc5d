/* Why: people who run Prometheus expect counters that can be rated and histograms that can
 * be summed, under base units and under names that do not need k6 to be understood. The
 * labels are few, since each combination of them is a dozen series. */
#include "layout/totals.h"

#include "model/failure.h"

/* Those of the layout wide without http_code: how a transfer failed is a label of the
 * counter of failures, and the histograms would be split by it for nothing. */
const struct tag_source layout_totals_tags[] = {
    {"host", F_HOST, NULL},
    {"http_version", F_HTTP_VERSION, NULL},
    {"method", F_METHOD, NULL},
    {"scheme", F_SCHEME, NULL},
    {0},
};

/* There can be any number of both. */
static const char *const never[] = {"error", "url", NULL};

enum { ALL, FAILED, RECEIVED, SENT, DURATION, PHASE, CERTIFICATE };

const struct instrument layout_totals_instruments[] = {
    [ALL] = {.name = "curl_transfers_total",
             .kind = INSTRUMENT_COUNTER,
             .help = "Transfers",
             .without = never},
    [FAILED] = {.name = "curl_transfers_failed_total",
                .kind = INSTRUMENT_COUNTER,
                .help = "Transfers that failed, by reason",
                .label = "reason",
                .without = never},
    [RECEIVED] = {.name = "curl_received_bytes_total",
                  .kind = INSTRUMENT_COUNTER,
                  .unit = "bytes",
                  .help = "Header and body bytes received",
                  .without = never},
    [SENT] = {.name = "curl_sent_bytes_total",
              .kind = INSTRUMENT_COUNTER,
              .unit = "bytes",
              .help = "Header and body bytes sent",
              .without = never},
    [DURATION] = {.name = "curl_duration_seconds",
                  .kind = INSTRUMENT_HISTOGRAM,
                  .unit = "seconds",
                  .help = "Duration of the whole transfer",
                  .without = never},
    [PHASE] = {.name = "curl_phase_duration_seconds",
               .kind = INSTRUMENT_HISTOGRAM,
               .unit = "seconds",
               .help = "Duration of each phase that happened; they add up to the whole",
               .label = "phase",
               .without = never},
    [CERTIFICATE] = {.name = "curl_certificate_expiry_seconds",
                     .kind = INSTRUMENT_GAUGE,
                     .unit = "seconds",
                     .help = "Earliest expiry in the chain of certificates, Unix time",
                     .without = never},
    {0},
};

/* Those that add up to the duration; connecting and TLS are parts of the handshake. */
static const struct {
    enum field_id field;
    const char *name;
} phases[] = {
    {F_PHASE_QUEUE, "queue"}, {F_PHASE_DNS, "dns"},   {F_PHASE_HANDSHAKE, "handshake"},
    {F_PHASE_SEND, "send"},   {F_PHASE_WAIT, "wait"}, {F_PHASE_TRANSFER, "transfer"},
};

/* In curl's words. With --fail an HTTP error is an exit code as well, which says less than
 * the class of the status. */
static const char *failure_reason(const struct transfer *t)
{
    const double status = transfer_http_status(t), code = transfer_get(t, F_EXITCODE, 0);
    if (status >= 400)
        return status < 500 ? "HTTP 4xx" : status < 600 ? "HTTP 5xx" : "HTTP status unknown";
    if (code == 0)
        return "no response";
    const char *const words = code > 0 && code < 1000 ? failure_of_curl((int)code) : "";
    return *words ? words : "other";
}

size_t layout_totals_observe(const struct transfer *transfer, struct observation *observations)
{
    const struct transfer *const t = transfer;
    const struct instrument *const of = layout_totals_instruments;
    size_t n = 0;
    observations[n++] = (struct observation){&of[ALL], 1, NULL};
    if (transfer_get(t, F_FAILED, 0) != 0)
        observations[n++] = (struct observation){&of[FAILED], 1, failure_reason(t)};
    if (transfer_has(t, F_SIZE_DOWNLOAD))
        observations[n++] = (struct observation){&of[RECEIVED], transfer_bytes_received(t), NULL};
    if (transfer_has(t, F_SIZE_REQUEST))
        observations[n++] = (struct observation){&of[SENT], transfer_bytes_sent(t), NULL};
    if (transfer_has(t, F_TIME_TOTAL))
        observations[n++] =
            (struct observation){&of[DURATION], transfer_get(t, F_TIME_TOTAL, 0), NULL};
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
        if (transfer_has(t, phases[i].field))
            observations[n++] = (struct observation){
                &of[PHASE], transfer_get(t, phases[i].field, 0), phases[i].name};
    if (transfer_has(t, F_CERT_EXPIRY))
        observations[n++] =
            (struct observation){&of[CERTIFICATE], transfer_get(t, F_CERT_EXPIRY, 0), NULL};
    return n;
}
