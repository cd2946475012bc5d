/* First the five boundaries between the phases of a transfer with a response, each in a
 * function of its own; then the phases, as differences between boundaries; then the
 * little that is known without a response.
 *
 * All times are whole microseconds since the start, 0 for absent, which is also what
 * curl writes for a moment that never came. "source" is curl's own. */
#include "model/phase.h"

#include "model/curl_version.h"

#include <string.h>

/* What the rules ask about a transfer. */
struct timers {
    int64_t queue, namelookup, connect, appconnect, pretransfer, posttransfer, starttransfer, total;
    bool made, mixed, quic, upload;
    const char *version;
};

/* 0 <= queue_end <= name_known <= ready <= sent <= first_byte <= total */
struct boundaries {
    int64_t queue_end, name_known, ready, sent, first_byte;
};

enum { UNKNOWN = -1 };

/* Below 1e9 seconds six decimals make 15 digits, which a double keeps exactly. */
static int64_t microseconds(const struct transfer *transfer, enum field_id field)
{
    const double seconds = transfer_get(transfer, field, 0);
    return seconds > 0 && seconds < 1e9 ? (int64_t)(seconds * 1e6 + 0.5) : 0;
}

static struct timers read_timers(const struct transfer *transfer)
{
    return (struct timers){
        .queue = microseconds(transfer, F_TIME_QUEUE),
        .namelookup = microseconds(transfer, F_TIME_NAMELOOKUP),
        .connect = microseconds(transfer, F_TIME_CONNECT),
        .appconnect = microseconds(transfer, F_TIME_APPCONNECT),
        .pretransfer = microseconds(transfer, F_TIME_PRETRANSFER),
        .posttransfer = microseconds(transfer, F_TIME_POSTTRANSFER),
        .starttransfer = microseconds(transfer, F_TIME_STARTTRANSFER),
        .total = microseconds(transfer, F_TIME_TOTAL),
        .made = phase_made_connection(transfer),
        .mixed = phase_mixes_connections(transfer),
        .quic = phase_is_quic(transfer),
        .upload = transfer_get(transfer, F_SIZE_UPLOAD, 0) > 0,
        .version = transfer->text[F_CURL_VERSION],
    };
}

/* False for an object that has no timer but time_total, as a person's own template may. */
static bool has_timers(const struct transfer *transfer)
{
    static const enum field_id fields[] = {F_TIME_NAMELOOKUP,   F_TIME_CONNECT,
                                           F_TIME_APPCONNECT,   F_TIME_PRETRANSFER,
                                           F_TIME_POSTTRANSFER, F_TIME_STARTTRANSFER};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (transfer_has(transfer, fields[i]))
            return true;
    return false;
}

/* A boundary outside of `low` to `high` is unknown, and lies `otherwise`. */
static int64_t within(int64_t boundary, int64_t low, int64_t high, int64_t otherwise)
{
    return boundary >= low && boundary <= high ? boundary : otherwise;
}

/* Q: curl takes the transfer out of its queue. With -Z all transfers of one connection
 * wait here until it is ready. time_queue is stamped a little late (source: multi.c and
 * url.c, TIMER_POSTQUEUE): in curl 8.14 after the name was known, in 8.23 sometimes
 * after the request was sent. So it ends at `next`, the timer behind it, at the latest.
 * curl before 8.12 does not write it. */
static int64_t queue_end(const struct timers *t, int64_t next)
{
    return within(t->queue < next ? t->queue : next, 0, t->total, 0);
}

/* D: the address is known. On a reused connection nobody asks for it, though curl 7.88
 * writes a time_namelookup of up to 0.1 ms. */
static int64_t name_known(const struct timers *t, int64_t queue_end)
{
    return within(t->namelookup, queue_end, t->total, queue_end);
}

/* True if curl's time of the handshake over QUIC can be believed. That of OpenSSL's own
 * QUIC (curl 8.6 to 8.18) is the beginning of the call that ended the handshake, which
 * may have been all of it (source: vquic/curl_osslq.c, cf_osslq_connect). With 0-RTT
 * time_connect is 0, and time_appconnect comes after the request. */
static bool is_quic_time_right(const struct timers *t)
{
    return curl_version_names(t->version, "ngtcp2") && t->connect > 0 && t->connect < t->appconnect;
}

/* H: the connection is ready for the request: after TLS, without TLS after TCP. Where
 * that moment is not known it is time_pretransfer, when the request's head was written
 * (source: multi.c, mstate_enter_did); that is at most some tenths of a millisecond
 * later. It is not known when it lies outside of D to time_pretransfer (TLS early
 * data), and with -L over several connections, where only the hops with TLS are in
 * time_appconnect. A QUIC library that is not known is not believed. */
static int64_t ready(const struct timers *t, int64_t name_known)
{
    const int64_t done = t->appconnect > 0 ? t->appconnect : t->connect;
    const bool right = !t->mixed && done > name_known && done <= t->pretransfer &&
                       (!t->quic || is_quic_time_right(t));
    return within(right ? done : t->pretransfer, name_known, t->total, name_known);
}

/* E: the request is sent. Without a body that is time_pretransfer; time_posttransfer is
 * the same moment, but curl 8.14 notes it late, often after the answer. With a body it
 * is time_posttransfer, when the kernel had the last byte (source: request.c,
 * req_set_upload_done), which curl before 8.10 does not write. Unknown if the answer
 * is older: with -Z over HTTP/3 another stream may read it before this one is noted as
 * sent. */
static int64_t sent(const struct timers *t)
{
    const int64_t noted = t->upload ? t->posttransfer : t->pretransfer;
    return noted == 0 || t->starttransfer <= t->pretransfer ? UNKNOWN : noted;
}

/* F: the first byte of the answer. Unknown for an upload if it is not the answer's:
 * curl before 8.3 stamps time_starttransfer when the body begins to be sent (source:
 * transfer.c, readwrite_upload), and every curl at "100 Continue", which comes before
 * the body was sent (source: sendf.c, cw_download_write). */
static int64_t first_byte(const struct timers *t, int64_t ready, int64_t sent)
{
    const bool is_early = t->starttransfer < sent;
    if (t->starttransfer == 0 ||
        (t->upload && (is_early || curl_version_release(t->version) < CURL_RELEASE(8, 3))))
        return t->total;
    return within(t->starttransfer, ready, t->total, t->total);
}

static struct boundaries find_boundaries(const struct timers *t)
{
    struct boundaries b;
    const int64_t noted_as_sent = sent(t);
    b.queue_end = queue_end(t, t->made ? t->namelookup : t->pretransfer);
    b.name_known = t->made ? name_known(t, b.queue_end) : b.queue_end;
    b.ready = t->made ? ready(t, b.name_known) : b.name_known;
    b.first_byte = first_byte(t, b.ready, noted_as_sent);
    b.sent = within(noted_as_sent, b.ready, b.first_byte, b.ready);
    return b;
}

/* Sets the phase between two boundaries. One without length is left out. */
static void set_phase(struct transfer *transfer, enum field_id phase, int64_t from, int64_t to)
{
    if (to > from)
        transfer_set(transfer, phase, (double)(to - from) / 1e6);
}

/* The handshake's two parts, where they can be told apart. */
static void derive_connection(struct transfer *transfer, const struct timers *t,
                              const struct boundaries *b)
{
    /* of a tunnel through a proxy, the second part would contain the CONNECT */
    const bool tunnel = transfer_get(transfer, F_HTTP_CONNECT, 0) != 0;
    const bool tcp_is_known = t->connect >= b->name_known && t->connect <= b->ready;
    if (!t->made || t->mixed)
        return;
    if (!t->quic && tcp_is_known)
        set_phase(transfer, F_PHASE_CONNECT, b->name_known, t->connect);
    if (t->quic && !tunnel)
        set_phase(transfer, F_PHASE_TLS, b->name_known, b->ready);
    else if (t->appconnect > 0 && tcp_is_known && !tunnel)
        set_phase(transfer, F_PHASE_TLS, t->connect, b->ready);
}

static void derive_with_response(struct transfer *transfer, const struct timers *t)
{
    const struct boundaries b = find_boundaries(t);
    set_phase(transfer, F_PHASE_QUEUE, 0, b.queue_end);
    set_phase(transfer, F_PHASE_DNS, b.queue_end, b.name_known);
    set_phase(transfer, F_PHASE_HANDSHAKE, b.name_known, b.ready);
    derive_connection(transfer, t, &b);
    set_phase(transfer, F_PHASE_SEND, b.ready, b.sent);
    set_phase(transfer, F_PHASE_WAIT, b.sent, b.first_byte);
    set_phase(transfer, F_PHASE_TRANSFER, b.first_byte, t->total);
}

/* Without a response http_version is 0, so it is not known whether time_connect is
 * TCP's when TLS was done: it may have been QUIC. A QUIC that failed makes no
 * connection, so without TLS it was TCP. Later times are made up: curl from 8.21 on
 * sets them all to time_total (source: multi.c, mstate_enter_completed). With -L they
 * are sums in which the last hop's made-up ones are. */
static void derive_without_response(struct transfer *transfer, const struct timers *t)
{
    const char *const scheme = transfer->text[F_SCHEME];
    if (transfer_get(transfer, F_NUM_REDIRECTS, 0) > 0)
        return;
    const int64_t queued = queue_end(t, t->namelookup), named = name_known(t, queued);
    const int64_t connected = within(t->connect, named, t->total, named);
    const int64_t secured = within(t->appconnect, named, t->total, named);
    set_phase(transfer, F_PHASE_QUEUE, 0, queued);
    set_phase(transfer, F_PHASE_DNS, queued, named);
    if (!t->made)
        return;
    set_phase(transfer, F_PHASE_HANDSHAKE, named, secured);
    if (secured > named)
        return;
    set_phase(transfer, F_PHASE_CONNECT, named, connected);
    if (scheme && strcmp(scheme, "http") == 0)
        set_phase(transfer, F_PHASE_HANDSHAKE, named, connected);
}

bool phase_has_response(const struct transfer *transfer)
{
    const bool redirects_failed = transfer_get(transfer, F_NUM_REDIRECTS, 0) > 0 &&
                                  transfer_get(transfer, F_EXITCODE, 0) != 0;
    return (transfer_http_status(transfer) > 0 && !redirects_failed) ||
           transfer_get(transfer, F_FAILED, 1) < 1;
}

bool phase_made_connection(const struct transfer *transfer)
{
    return transfer_has(transfer, F_NUM_CONNECTS)
               ? transfer->number[F_NUM_CONNECTS] > 0
               : transfer_get(transfer, F_TIME_CONNECT, 0) > 0 ||
                     transfer_get(transfer, F_TIME_APPCONNECT, 0) > 0;
}

bool phase_mixes_connections(const struct transfer *transfer)
{
    return transfer_get(transfer, F_NUM_REDIRECTS, 0) > 0 &&
           transfer_get(transfer, F_NUM_CONNECTS, 0) > 1;
}

bool phase_is_quic(const struct transfer *transfer)
{
    /* 3 as it is read; a range, since binary fractions are not compared */
    const double version = transfer_get(transfer, F_HTTP_VERSION, 0);
    return version > 2.5 && version < 3.5;
}

void phase_derive(struct transfer *transfer)
{
    const struct timers timers = read_timers(transfer);
    if (timers.total == 0 || !has_timers(transfer))
        return;
    if (phase_has_response(transfer))
        derive_with_response(transfer, &timers);
    else
        derive_without_response(transfer, &timers);
}
