/* A row for each fault. Some cannot have one, as one object does not show them: with
 * --http3 and QUIC blocked, time_connect of the TCP that was tried next contains the time
 * that QUIC was given. That is told by the summary, which sees several (comparison_key). */
#include "model/curl_faults.h"

#include "model/curl_version.h"
#include "model/phase.h"

static bool made_quic(const struct transfer *t)
{
    return phase_is_quic(t) && phase_made_connection(t);
}

/* The library is known by elimination: it is named like the OpenSSL that does TLS. */
static bool made_openssl_quic(const struct transfer *t)
{
    const char *const version = t->text[F_CURL_VERSION];
    return made_quic(t) && !curl_version_names(version, "ngtcp2") &&
           !curl_version_names(version, "quiche") && !curl_version_names(version, "msh3");
}

static bool uploaded(const struct transfer *t)
{
    return phase_has_response(t) && transfer_get(t, F_SIZE_UPLOAD, 0) > 0;
}

static bool reused(const struct transfer *t)
{
    return phase_has_response(t) && !phase_made_connection(t);
}

static bool reused_http2(const struct transfer *t)
{
    const double version = transfer_get(t, F_HTTP_VERSION, 0);
    return reused(t) && version > 1.5 && version < 2.5;
}

/* From the first release with the fault to the first one without it. */
static const struct {
    int since, before;
    bool (*concerns)(const struct transfer *transfer);
    const char *sentence;
} faults[] = {
    {CURL_RELEASE(8, 22), CURL_RELEASE(8, 23), made_quic,
     "notes time_connect over HTTP/3 when the first packet is sent, not when it is answered; "
     "phase_handshake is right"},
    {CURL_RELEASE(8, 6), CURL_RELEASE(8, 19), made_openssl_quic,
     "with OpenSSL's QUIC notes time_appconnect too early, by up to the whole handshake; "
     "phase_handshake goes to time_pretransfer instead"},
    {0, CURL_RELEASE(8, 3), uploaded,
     "notes time_starttransfer of an upload when its body begins to be sent; phase_wait is "
     "everything from the connection to the end"},
    {CURL_RELEASE(8, 3), CURL_RELEASE(8, 10), uploaded,
     "does not note when an upload was sent; phase_wait contains sending it"},
    {0, CURL_RELEASE(8, 8), reused_http2,
     "does not note the time in its queue; with -Z, phase_transfer contains the wait for the "
     "connection"},
    {CURL_RELEASE(8, 8), CURL_RELEASE(8, 12), reused,
     "does not note the time in its queue; with -Z, phase_send contains the wait for the "
     "connection"},
};

const char *curl_faults_untold(const struct transfer *transfer, uint32_t *told)
{
    const int release = curl_version_release(transfer->text[F_CURL_VERSION]);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const uint32_t mark = UINT32_C(1) << i;
        if ((*told & mark) || release < faults[i].since || release >= faults[i].before ||
            !faults[i].concerns(transfer))
            continue;
        *told |= mark;
        return faults[i].sentence;
    }
    return NULL;
}
