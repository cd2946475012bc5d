/* derive: what a transfer has beside its phases: failed, and when a certificate ends. */
#include "model/derive.h"

#include "tap.h"

static const struct {
    const char *name;
    double code, exitcode, failed;
} ends[] = {
    {"200", 200, 0, 0},
    {"a redirect that was not followed", 302, 0, 0},
    {"399 and 400 are the two sides", 399, 0, 0},
    {"400, though curl says 0", 400, 0, 1},
    {"404 with curl -f", 404, 22, 1},
    {"half a response", 200, 28, 1},
    {"no response", 0, 7, 1},
    {"no HTTP code, and no failure of curl's", 0, 0, 1},
};

static const struct {
    const char *name, *certs;
    double want;
} chains[] = {
    {"OpenSSL's date", "Subject:x\nExpire date:Nov 23 20:49:34 2026 GMT\nCert:...\n", 1795466974},
    {"a day of one digit", "Expire date:Dec  3 09:04:16 2026 GMT\n", 1796288656},
    {"GnuTLS's date", "Expire Date:2026-11-23 20:49:34 GMT\n", 1795466974},
    {"in raw JSON", "Subject:x\\nExpire Date:2026-11-23 20:49:34 GMT\\nVersion:2", 1795466974},
    {"Schannel's chain",
     "Expire Date:2027-11-23 20:49:34 GMT\nExpire Date:2026-11-23 20:49:34 GMT\n", 1795466974},
    {"a mark inside a name", "Subject:Expire Date:2020-11-23 20:49:34 GMT\n", NAN},
    {"another key", "Expire soon:2020-11-23 20:49:34 GMT\n", NAN},
    {"the earliest of the chain",
     "Expire date:Nov 30 08:49:34 2026 GMT\nExpire date:Nov 23 20:49:34 2026 GMT\nExpire date:Dec "
     "23 09:04:16 2026 GMT\n",
     1795466974},
    {"a date that is none is passed over",
     "Expire date:soon\nExpire date:Nov 23 20:49:34 2026 GMT\n", 1795466974},
    {"no date", "Subject:x\n", NAN},
    {"no certificates", "", NAN},
    {"a date cut short", "Expire date:", NAN},
};

int main(void)
{
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct transfer t = {0};
        transfer_set(&t, F_HTTP_CODE, ends[i].code);
        transfer_set(&t, F_EXITCODE, ends[i].exitcode);
        derive_numbers(&t, NULL);
        IS(transfer_get(&t, F_FAILED, NAN), ends[i].failed, ends[i].name);
        OK(!transfer_has(&t, F_CERT_EXPIRY), "and no certificate has no expiry");
    }
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        struct transfer t = {0};
        derive_numbers(&t, chains[i].certs);
        IS(transfer_get(&t, F_CERT_EXPIRY, NAN), chains[i].want, chains[i].name);
    }
    return tap_done();
}
