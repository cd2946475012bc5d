/* curl_faults: each is told for the releases that have it, where it matters, once. */
#include "model/curl_faults.h"

#include "tap.h"

enum { FRESH, REUSED, UPLOAD, KINDS };

static const struct {
    const char *version;
    double http;
    int kind;
    const char *want; /* how the sentence begins, NULL for none */
} cases[] = {
    {"libcurl/8.21.0 ngtcp2/1.2", 3, FRESH, NULL},
    {"libcurl/8.22.0 ngtcp2/1.2", 3, FRESH, "notes time_connect over HTTP/3"},
    {"libcurl/8.22.0 ngtcp2/1.2", 3, REUSED, NULL},
    {"libcurl/8.22.0 ngtcp2/1.2", 2, FRESH, NULL},
    {"libcurl/8.23.0 ngtcp2/1.2", 3, FRESH, NULL},
    {"libcurl/8.5.0 OpenSSL/3.5", 3, FRESH, NULL},
    {"libcurl/8.6.0 OpenSSL/3.5", 3, FRESH, "with OpenSSL's QUIC"},
    {"libcurl/8.18.0 OpenSSL/3.5", 3, FRESH, "with OpenSSL's QUIC"},
    {"libcurl/8.19.0 OpenSSL/3.5", 3, FRESH, NULL},
    {"libcurl/8.14.1 OpenSSL/3.5 ngtcp2/1.2", 3, FRESH, NULL},
    {"libcurl/8.14.1 OpenSSL/3.5 quiche/0.2", 3, FRESH, NULL},
    {"libcurl/7.88.1", 1.1, UPLOAD, "notes time_starttransfer of an upload"},
    {"libcurl/8.2.1", 2, UPLOAD, "notes time_starttransfer of an upload"},
    {"libcurl/8.3.0", 2, UPLOAD, "does not note when an upload was sent"},
    {"libcurl/8.9.1", 2, UPLOAD, "does not note when an upload was sent"},
    {"libcurl/8.10.0", 2, UPLOAD, NULL},
    {"libcurl/7.88.1", 2, FRESH, NULL},
    {"libcurl/8.7.1", 2, REUSED, "does not note the time in its queue; with -Z, phase_transfer"},
    {"libcurl/8.7.1", 1.1, REUSED, NULL},
    {"libcurl/8.8.0", 1.1, REUSED, "does not note the time in its queue; with -Z, phase_send"},
    {"libcurl/8.11.1", 2, REUSED, "does not note the time in its queue; with -Z, phase_send"},
    {"libcurl/8.12.0", 2, REUSED, NULL},
    {"x", 3, UPLOAD, NULL},
    {NULL, 3, FRESH, NULL},
};

int main(void)
{
    static struct transfer t;
    char name[120];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t told = 0;
        t.text[F_CURL_VERSION] = cases[i].version;
        transfer_set(&t, F_HTTP_CODE, 200);
        transfer_set(&t, F_HTTP_VERSION, cases[i].http);
        transfer_set(&t, F_NUM_CONNECTS, cases[i].kind != REUSED);
        transfer_set(&t, F_SIZE_UPLOAD, cases[i].kind == UPLOAD);
        const char *const text = curl_faults_untold(&t, &told);
        snprintf(name, sizeof name, "%s, HTTP/%g, %d: %s", cases[i].version, cases[i].http,
                 cases[i].kind, cases[i].want ? cases[i].want : "nothing");
        OK(!text == !cases[i].want &&
               (!text || strncmp(text, cases[i].want, strlen(cases[i].want)) == 0),
           name);
        OK(!curl_faults_untold(&t, &told), "and nothing twice");
    }
    return tap_done();
}
