/* One place calls for everything derived, so that a number is computed once, when the
 * object is read, and everything behind only looks it up. */
#include "model/derive.h"

#include "base/dates.h"
#include "model/phase.h"

#include <string.h>
#include <strings.h>

/* True if a line begins at `at`, in raw JSON ("\n" in two bytes) or not. The mark in
 * the middle of a line may be part of a name that somebody put into a certificate. */
static bool begins_line(const char *text, const char *at)
{
    return at == text || at[-1] == '\n' || (at - text >= 2 && at[-1] == 'n' && at[-2] == '\\');
}

/* curl's openssl.c writes "Expire date:", and x509asn1.c, which serves all other TLS
 * libraries, "Expire Date:". */
static void derive_expiry(struct transfer *t, const char *certs)
{
    static const char mark[] = "Expire date:", search[] = "Expire ";
    int64_t earliest = INT64_MAX, expiry;
    for (const char *at = certs; (at = strstr(at, search)); at += sizeof search - 1)
        if (begins_line(certs, at) && strncasecmp(at, mark, sizeof mark - 1) == 0 &&
            dates_parse_certificate(at + sizeof mark - 1, &expiry) == 0 && expiry < earliest)
            earliest = expiry;
    if (earliest != INT64_MAX)
        transfer_set(t, F_CERT_EXPIRY, (double)earliest);
}

/* Of HTTP both curl's exit code and the status decide: without -f curl calls a 404 a
 * success. Other protocols' codes need not be looked at, since curl's exit code follows from
 * them; only curl before 7.76 writes no exit code, and then a code is all there is. Curl's own
 * objects always have a code; a person's template may lack it, and what it does not tell
 * stays unknown. */
static void derive_failed(struct transfer *t)
{
    const bool has_exit = transfer_has(t, F_EXITCODE);
    const double missing = t->text[F_CURL_VERSION] ? 0 : -1;
    const double code = transfer_get(t, F_HTTP_CODE, transfer_get(t, F_RESPONSE_CODE, missing));
    const bool by_code = transfer_speaks_http(t) ? code >= 0 : !has_exit && code > 0;
    if (has_exit || by_code)
        transfer_set(t, F_FAILED,
                     transfer_get(t, F_EXITCODE, 0) != 0 ||
                         (by_code && (code <= 0 || code >= 400)));
}

void derive_numbers(struct transfer *transfer, const char *certs)
{
    derive_failed(transfer);
    phase_derive(transfer);
    if (certs)
        derive_expiry(transfer, certs);
}
