/* Why: nobody wants "seconds from the start until TLS was done"; people compare
 * phases. Blind subtraction is wrong for reused connections, failures and
 * redirects, so the rules stand here, once, for everything behind. */
#include "model/phase.h"

#include "base/dates.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static double get(const struct transfer *t, enum field_id field)
{
    return transfer_get(t, field, 0);
}

static void set_difference(struct transfer *t, enum field_id phase, double from, double to)
{
    const double seconds = to - from;
    if (!isfinite(seconds * 1e6)) /* no curl's: what is left out spoils nothing */
        return;
    /* both have six digits; rounding takes out what binary subtraction adds */
    const double microseconds = round(seconds * 1e6);
    transfer_set(t, phase, microseconds > 0 ? microseconds / 1e6 : 0);
}

static bool tls_may_lack_hops(const struct transfer *t)
{
    const char *const url = t->text[F_URL], *const scheme = t->text[F_SCHEME];
    return get(t, F_NUM_REDIRECTS) > 0 && get(t, F_NUM_CONNECTS) > 1 &&
           !(url && strncasecmp(url, "https:", 6) == 0 && scheme && strcmp(scheme, "https") == 0);
}

static void derive_connection(struct transfer *t)
{
    const double dns = get(t, F_TIME_NAMELOOKUP), connect = get(t, F_TIME_CONNECT),
                 tls = get(t, F_TIME_APPCONNECT);
    if (dns > 0)
        transfer_set(t, F_PHASE_DNS, dns);
    if (connect > 0)
        set_difference(t, F_PHASE_CONNECT, dns, connect);
    if (tls > 0 && connect > 0 && !tls_may_lack_hops(t))
        set_difference(t, F_PHASE_TLS, connect, tls);
}

static void derive_exchange(struct transfer *t)
{
    const double pre = get(t, F_TIME_PRETRANSFER), post = get(t, F_TIME_POSTTRANSFER),
                 start = get(t, F_TIME_STARTTRANSFER);
    if (post > 0 && pre > 0)
        set_difference(t, F_PHASE_SEND, pre, post);
    if (start > 0 && pre > 0)
        set_difference(t, F_PHASE_WAIT, post > 0 ? post : pre, start);
    if (start > 0 && transfer_has(t, F_TIME_TOTAL))
        set_difference(t, F_PHASE_TRANSFER, start, get(t, F_TIME_TOTAL));
}

/* A name in a certificate may hold anything. The text is raw JSON or not. */
static bool begins_line(const char *text, const char *at)
{
    return at == text || at[-1] == '\n' || (at - text >= 2 && at[-1] == 'n' && at[-2] == '\\');
}

static void derive_expiry(struct transfer *t, const char *certs)
{
    static const char mark[] = "Expire date:";
    int64_t earliest = INT64_MAX, expiry;
    for (const char *at = certs; (at = strstr(at, mark)); at += sizeof mark - 1)
        if (begins_line(certs, at) &&
            dates_parse_certificate(at + sizeof mark - 1, &expiry) == 0 && expiry < earliest)
            earliest = expiry;
    if (earliest != INT64_MAX)
        transfer_set(t, F_CERT_EXPIRY, (double)earliest);
}

void phase_derive(struct transfer *transfer, const char *certs)
{
    const double code = get(transfer, F_HTTP_CODE);
    const bool responded = code > 0;
    const bool reused =
        responded && transfer_has(transfer, F_NUM_CONNECTS) && get(transfer, F_NUM_CONNECTS) == 0;
    if (!reused)
        derive_connection(transfer);
    if (responded)
        derive_exchange(transfer);
    transfer_set(transfer, F_FAILED, get(transfer, F_EXITCODE) != 0 || !responded || code >= 400);
    if (certs)
        derive_expiry(transfer, certs);
}
