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

/* Failed by scheme. The codes of schemes other than HTTP's are not looked at. */
static const struct {
    const char *name, *scheme, *url, *effective;
    double code, exitcode, failed; /* NAN: absent */
    double status;                 /* HTTP's */
} schemes[] = {
    {"pop3", "pop3", NULL, NULL, 0, 0, 0, 0},
    {"imap", "imap", NULL, NULL, 0, 0, 0, 0},
    {"a gopher that timed out", "gopher", NULL, NULL, 0, 28, 1, 0},
    {"dict as curl before 8.8 writes it", "DICT", NULL, NULL, 0, 0, 0, 0},
    {"a file", "file", NULL, NULL, 0, 0, 0, 0},
    {"a file that is not there", "file", NULL, NULL, 0, 37, 1, 0},
    {"FTP's 226", "ftp", NULL, NULL, 226, 0, 0, 0},
    {"FTP's 550, which curl -I takes", "ftps", NULL, NULL, 550, 0, 0, 0},
    {"FTP's 226 of half a file", "ftp", NULL, NULL, 226, 18, 1, 0},
    {"SMTP's 250", "smtp", NULL, NULL, 250, 0, 0, 0},
    {"mqtt by its URL", NULL, "mqtt://h/topic", NULL, 0, 0, 0, 0},
    {"the URL fetched last wins", NULL, "http://h/", "SFTP://h/x", 0, 0, 0, 0},
    {"a URL without a scheme is HTTP's", NULL, "h/x://y", NULL, 0, 0, 1, 0},
    {"no scheme at all", NULL, NULL, NULL, 0, 0, 1, 0},
    {"HTTP in capitals", "HTTP", NULL, NULL, 0, 0, 1, 0},
    {"https", "https", NULL, NULL, 404, 0, 1, 404},
    {"a scheme that begins like HTTP's", "httpx", NULL, NULL, 404, 0, 0, 0},
    {"a WebSocket", "wss", NULL, NULL, 101, 0, 0, 101},
    {"RTSP's codes are HTTP's", "rtsp", NULL, NULL, 454, 0, 1, 454},
    {"HTTP, and no exit code: curl before 7.76", "http", NULL, NULL, 200, NAN, 0, 200},
    {"HTTP, and only an exit code", "http", NULL, NULL, NAN, 0, 0, 0},
    {"FTP, and no exit code", "ftp", NULL, NULL, 226, NAN, 0, 0},
    {"FTP, no exit code, refused", "ftp", NULL, NULL, 550, NAN, 1, 0},
    {"a file, and no exit code", "file", NULL, NULL, 0, NAN, NAN, 0},
    {"neither", "http", NULL, NULL, NAN, NAN, NAN, 0},
};

static void check_scheme(size_t i)
{
    struct transfer t = {.text = {[F_SCHEME] = schemes[i].scheme,
                                  [F_URL] = schemes[i].url,
                                  [F_URL_EFFECTIVE] = schemes[i].effective}};
    if (!isnan(schemes[i].code))
        transfer_set(&t, F_HTTP_CODE, schemes[i].code);
    if (!isnan(schemes[i].exitcode))
        transfer_set(&t, F_EXITCODE, schemes[i].exitcode);
    derive_numbers(&t, NULL);
    IS(transfer_get(&t, F_FAILED, NAN), schemes[i].failed, schemes[i].name);
    IS(transfer_http_status(&t), schemes[i].status, "its HTTP status");
}

int main(void)
{
    struct transfer other_name = {0};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        check_scheme(i);
    transfer_set(&other_name, F_RESPONSE_CODE, 404);
    derive_numbers(&other_name, NULL);
    IS(transfer_get(&other_name, F_FAILED, NAN), 1, "response_code is the same as http_code");
    IS(transfer_http_status(&other_name), 404, "and is the status");
    struct transfer curls = {.text = {[F_CURL_VERSION] = "libcurl/8.14.1"}};
    transfer_set(&curls, F_EXITCODE, 0);
    derive_numbers(&curls, NULL);
    IS(transfer_get(&curls, F_FAILED, NAN), 1, "an object of curl's own without a code");
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
