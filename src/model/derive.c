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

void derive_numbers(struct transfer *transfer, const char *certs)
{
    const double code = transfer_get(transfer, F_HTTP_CODE, 0);
    phase_derive(transfer);
    transfer_set(transfer, F_FAILED,
                 transfer_get(transfer, F_EXITCODE, 0) != 0 || code <= 0 || code >= 400);
    if (certs)
        derive_expiry(transfer, certs);
}
