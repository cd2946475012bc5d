/* phase: boundaries in order, phases that add up, and nothing that did not happen. */
#include "model/phase.h"

#include "input/parse.h"
#include "spool/record.h"
#include "tap.h"

#include <stdlib.h>

enum { QUEUE, DNS, CONNECT, TLS, PRE, POST, START, TOTAL, TIMERS };
static const enum field_id timers[TIMERS] = {
    F_TIME_QUEUE,       F_TIME_NAMELOOKUP,   F_TIME_CONNECT,       F_TIME_APPCONNECT,
    F_TIME_PRETRANSFER, F_TIME_POSTTRANSFER, F_TIME_STARTTRANSFER, F_TIME_TOTAL};
enum { P_QUEUE, P_DNS, P_HANDSHAKE, P_CONNECT, P_TLS, P_SEND, P_WAIT, P_TRANSFER, PHASES };
static const enum field_id phases[PHASES] = {F_PHASE_QUEUE,   F_PHASE_DNS,     F_PHASE_HANDSHAKE,
                                             F_PHASE_CONNECT, F_PHASE_TLS,     F_PHASE_SEND,
                                             F_PHASE_WAIT,    F_PHASE_TRANSFER};

#define BOOKWORM "libcurl/7.88.1 OpenSSL/3.0.19 nghttp2/1.52.0"
#define TRIXIE "libcurl/8.14.1 OpenSSL/3.5.4 nghttp2/1.64.0 nghttp3/1.8.0"
#define FORKY "libcurl/8.22.0 OpenSSL/3.6.5 nghttp2/1.70.0 ngtcp2/1.24.0 nghttp3/1.17.0"
#define OLD_NGTCP2 "libcurl/7.88.1 quictls/3.1 ngtcp2/0.15.0"

enum { NO = -1 }; /* absent */

struct row {
    const char *name, *version;
    double http;       /* http_version */
    int failed;        /* exitcode */
    int redirects;     /* num_redirects */
    int made;          /* num_connects */
    int upload;        /* size_upload */
    int proxy;         /* http_connect */
    int times[TIMERS]; /* µs, as above */
    int want[PHASES];  /* µs, as above; 0 is absent */
};

/* Rows with 0 in `http` have no response. */
/* clang-format off */
static const struct row rows[] = {
    {"plain, fresh",
     FORKY, 1.1, 0, 0, 1, 0, 0, {20, 1020, 21200, 0, 21270, 21271, 92000, 92100}, {20, 1000, 20180, 20180, 0, 70, 70730, 100}},
    {"TLS 1.3, fresh: connect and tls are the handshake",
     FORKY, 2, 0, 0, 1, 0, 0, {20, 1020, 21200, 45000, 45100, 45100, 116000, 116100}, {20, 1000, 43980, 20180, 23800, 100, 70900, 100}},
    {"curl before 8.10 and 8.12 writes neither queue nor posttransfer",
     BOOKWORM, 1.1, 0, 0, 1, 0, 0, {NO, 1000, 21200, 45000, 45100, NO, 116000, 116100}, {0, 1000, 44000, 20200, 23800, 100, 70900, 100}},
    {"posttransfer without a body is pretransfer, noted late",
     TRIXIE, 2, 0, 0, 1, 0, 0, {0, 1000, 21200, 45000, 45100, 45450, 45400, 45500}, {0, 1000, 44000, 20200, 23800, 100, 300, 100}},
    {"QUIC with ngtcp2: the handshake ends at appconnect",
     FORKY, 3, 0, 0, 1, 0, 0, {20, 1020, 4900, 26000, 26400, 26400, 97000, 97100}, {20, 1000, 24980, 0, 24980, 400, 70600, 100}},
    {"QUIC with OpenSSL: appconnect is the beginning of a call",
     TRIXIE, 3, 0, 0, 1, 0, 0, {20, 1020, 26000, 26000, 27500, 27550, 98000, 98100}, {20, 1000, 26480, 0, 26480, 0, 70500, 100}},
    {"QUIC in one call: connect is 0",
     TRIXIE, 3, 0, 0, 1, 0, 0, {20, 1020, 0, 1021, 8000, 8050, 60000, 60100}, {20, 1000, 6980, 0, 6980, 0, 52000, 100}},
    {"QUIC with ngtcp2, but connect is not before appconnect",
     FORKY, 3, 0, 0, 1, 0, 0, {20, 1020, 26000, 26000, 26400, 26400, 97000, 97100}, {20, 1000, 25380, 0, 25380, 0, 70600, 100}},
    {"QUIC through a tunnel: tls would contain its making",
     FORKY, 3, 0, 0, 1, 0, 200, {20, 1020, 4900, 26000, 26400, 26400, 97000, 97100}, {20, 1000, 24980, 0, 0, 400, 70600, 100}},
    {"plain, connected in no time",
     FORKY, 1.1, 0, 0, 1, 0, 0, {0, 1000, 1000, 0, 1100, 1100, 72000, 72100}, {0, 1000, 100, 0, 0, 0, 70900, 100}},
    {"TLS without a time_connect: the parts are unknown",
     FORKY, 2, 0, 0, 1, 0, 0, {20, 1020, 0, 45000, 45100, 45100, 116000, 116100}, {20, 1000, 43980, 0, 0, 100, 70900, 100}},
    {"QUIC with 0-RTT: appconnect comes after pretransfer",
     FORKY, 3, 0, 0, 1, 0, 0, {20, 1020, 0, 24700, 3000, 3000, 75000, 75100}, {20, 1000, 1980, 0, 1980, 0, 72000, 100}},
    {"a QUIC library that is not known is not believed",
     NULL, 3, 0, 0, 1, 0, 0, {20, 1020, 4900, 26000, 26400, 26400, 97000, 97100}, {20, 1000, 25380, 0, 25380, 0, 70600, 100}},
    {"TLS early data over TCP: appconnect after pretransfer",
     FORKY, 2, 0, 0, 1, 0, 0, {0, 1000, 21000, 45000, 23000, 23000, 95000, 95100}, {0, 1000, 22000, 20000, 2000, 0, 72000, 100}},
    {"reused",
     FORKY, 2, 0, 0, 0, 0, 0, {10, 0, 0, 0, 110, 110, 72000, 72100}, {10, 0, 0, 0, 0, 100, 71890, 100}},
    {"reused in 7.88: a name lookup of 0.1 ms is none",
     BOOKWORM, 1.1, 0, 0, 0, 0, 0, {NO, 100, 0, 0, 200, NO, 5200, 6200}, {0, 0, 0, 0, 0, 200, 5000, 1000}},
    {"-Z: the queue is the other's handshake",
     FORKY, 2, 0, 0, 0, 0, 0, {44400, 0, 0, 0, 44500, 44500, 115000, 115100}, {44400, 0, 0, 0, 0, 100, 70500, 100}},
    {"queue later than pretransfer in 8.23",
     FORKY, 2, 0, 0, 0, 0, 0, {44700, 0, 0, 0, 44500, 44500, 115000, 115100}, {44500, 0, 0, 0, 0, 0, 70500, 100}},
    {"queue later than namelookup in 8.14: no name was looked up",
     TRIXIE, 2, 0, 0, 1, 0, 0, {30, 25, 21200, 45000, 45100, 45100, 116000, 116100}, {25, 0, 44975, 21175, 23800, 100, 70900, 100}},
    {"over HTTP/3 with -Z the answer may be read before the request is noted",
     FORKY, 3, 0, 0, 0, 0, 0, {24000, 0, 0, 0, 25000, 25000, 24900, 25100}, {24000, 0, 0, 0, 0, 0, 900, 200}},
    {"or as it is",
     FORKY, 3, 0, 0, 0, 0, 0, {24000, 0, 0, 0, 25000, 25000, 25000, 25100}, {24000, 0, 0, 0, 0, 0, 1000, 100}},
    {"-L on one connection",
     FORKY, 2, 0, 1, 1, 0, 0, {40, 1040, 21200, 45000, 45200, 45200, 246000, 246100}, {40, 1000, 43960, 20160, 23800, 200, 200800, 100}},
    {"-L over several: connect and tls cannot be told apart",
     FORKY, 1.1, 0, 1, 2, 0, 0, {40, 1040, 41000, 24000, 66200, 66200, 107500, 107600}, {40, 1000, 65160, 0, 0, 0, 41300, 100}},
    {"through a proxy tls would contain the CONNECT",
     FORKY, 1.1, 0, 0, 1, 0, 200, {20, 1020, 21200, 68000, 68100, 68100, 140000, 140100}, {20, 1000, 66980, 20180, 0, 100, 71900, 100}},
    {"an upload in 8.10 and later: posttransfer",
     FORKY, 2, 0, 0, 1, 1000000, 0, {20, 1020, 21200, 45000, 45100, 466000, 767000, 767100}, {20, 1000, 43980, 20180, 23800, 421000, 301000, 100}},
    {"an upload that is noted as sent before the connection was ready",
     FORKY, 2, 0, 0, 1, 100, 0, {20, 1020, 21200, 45000, 45100, 44000, 116000, 116100}, {20, 1000, 43980, 20180, 23800, 0, 71000, 100}},
    {"8.3 to 8.9: when it was sent is unknown, wait has it",
     "libcurl/8.5.0", 2, 0, 0, 1, 5000, 0, {NO, 1000, 21200, 45000, 45100, NO, 116000, 116100}, {0, 1000, 44000, 20200, 23800, 0, 71000, 100}},
    {"before 8.3 the first byte is one that was sent: wait has all",
     BOOKWORM, 2, 0, 0, 1, 5000, 0, {NO, 1000, 21200, 45000, 45100, NO, 45200, 116100}, {0, 1000, 44000, 20200, 23800, 0, 71100, 0}},
    {"so it is up to 8.2",
     "libcurl/8.2.1", 2, 0, 0, 1, 5000, 0, {NO, 1000, 21200, 45000, 45100, NO, 45200, 116100}, {0, 1000, 44000, 20200, 23800, 0, 71100, 0}},
    {"and no longer in 8.3",
     "libcurl/8.3.0", 2, 0, 0, 1, 5000, 0, {NO, 1000, 21200, 45000, 45100, NO, 116000, 116100}, {0, 1000, 44000, 20200, 23800, 0, 71000, 100}},
    {"100 Continue is no answer",
     FORKY, 1.1, 0, 0, 1, 1000000, 0, {20, 1020, 21200, 45000, 45100, 152000, 66000, 248000}, {20, 1000, 43980, 20180, 23800, 107000, 96000, 0}},
    {"an upload of an unknown curl is the newest's",
     "x", 2, 0, 0, 1, 5000, 0, {20, 1020, 21200, 45000, 45100, 46000, 116000, 116100}, {20, 1000, 43980, 20180, 23800, 1000, 70000, 100}},
    {"--max-time while the body comes",
     FORKY, 1.1, 28, 0, 1, 0, 0, {0, 1000, 2000, 0, 2500, 2600, 12600, 500000}, {0, 1000, 1000, 1000, 0, 500, 10100, 487400}},
    {"-L whose last hop fails: nothing",
     FORKY, 1.1, 7, 1, 1, 0, 0, {20, 1020, 21200, 45000, 46000, 46000, 116000, 116100}, {0}},
    {"num_connects is absent: the timers tell",
     FORKY, 1.1, 0, 0, NO, 0, 0, {0, 1000, 2000, 0, 2500, 2500, 12600, 13000}, {0, 1000, 1000, 1000, 0, 500, 10100, 400}},
    {"and that it was reused",
     FORKY, 1.1, 0, 0, NO, 0, 0, {0, 0, 0, 0, 100, 100, 12600, 13000}, {0, 0, 0, 0, 0, 100, 12500, 400}},
    {"an object with time_total alone has no phases",
     FORKY, 1.1, 0, 0, NO, 0, 0, {NO, NO, NO, NO, NO, NO, NO, 13000}, {0}},
    {"what cannot be told from the wait is in it",
     FORKY, 1.1, 0, 0, NO, 0, 0, {NO, NO, NO, NO, 0, NO, NO, 13000}, {0, 0, 0, 0, 0, 0, 13000, 0}},
    {"an object without time_total",
     FORKY, 1.1, 0, 0, 1, 0, 0, {0, 1000, 2000, 0, 2500, 2500, 12600, NO}, {0}},
    {"timers that no curl writes: unknown is the boundary before",
     FORKY, 1.1, 0, 0, 1, 0, 0, {900, 800, 700, 0, 600, 500, 400, 300}, {0, 0, 0, 0, 0, 0, 300, 0}},

    {"refused",
     FORKY, 0, 7, 0, 0, 0, 0, {20, 40, 0, 0, 160, 160, 160, 170}, {20, 20, 0, 0, 0, 0, 0, 0}},
    {"no such name",
     FORKY, 0, 6, 0, 0, 0, 0, {20, 0, 0, 0, 2800, 2800, 2900, 3000}, {0}},
    {"TLS failed over TCP",
     TRIXIE, 0, 60, 0, 1, 0, 0, {20, 1000, 21000, 0, 0, 0, 0, 45000}, {20, 980, 0, 20000, 0, 0, 0, 0}},
    {"TLS failed over QUIC: no connection was made",
     TRIXIE, 0, 60, 0, 0, 0, 0, {20, 1000, 21000, 0, 0, 0, 0, 45000}, {20, 980, 0, 0, 0, 0, 0, 0}},
    {"TLS done, no response: it may have been QUIC",
     FORKY, 0, 28, 0, 1, 0, 0, {20, 1000, 21000, 45000, 400000, 400000, 400000, 400000}, {20, 980, 44000, 0, 0, 0, 0, 0}},
    {"the proxy refused CONNECT",
     FORKY, 0, 56, 0, 1, 0, 403, {0, 30, 170, 0, 0, 0, 0, 1000}, {0, 30, 0, 140, 0, 0, 0, 0}},
    {"redirected, and no response: nothing",
     FORKY, 0, 7, 1, 1, 0, 0, {20, 1000, 21000, 45000, 400000, 400000, 400000, 400000}, {0}},
    {"with times beyond the total",
     FORKY, 0, 28, 0, 1, 0, 0, {20, 1000, 21000, 45000, 0, 0, 0, 900}, {20, 0, 0, 0, 0, 0, 0, 0}},
};
/* clang-format on */

static void set(struct transfer *t, enum field_id field, double value)
{
    if (value >= 0)
        transfer_set(t, field, value);
}

static void derives(const struct row *row)
{
    struct transfer t = {.text = {[F_CURL_VERSION] = row->version, [F_SCHEME] = "https"}};
    set(&t, F_HTTP_CODE, row->http > 0 || row->redirects ? 200 : 0);
    set(&t, F_HTTP_VERSION, row->http);
    set(&t, F_EXITCODE, row->failed);
    set(&t, F_NUM_REDIRECTS, row->redirects);
    set(&t, F_NUM_CONNECTS, row->made);
    set(&t, F_SIZE_UPLOAD, row->upload);
    set(&t, F_HTTP_CONNECT, row->proxy);
    for (size_t i = 0; i < TIMERS; i++)
        set(&t, timers[i], row->times[i] / 1e6);
    phase_derive(&t);
    int good = 1;
    for (size_t i = 0; i < PHASES; i++) {
        const double got = transfer_get(&t, phases[i], -1), want = row->want[i] / 1e6;
        if (row->want[i] ? !(got < want) && !(got > want) : got < 0)
            continue;
        good = 0;
        printf("# %s: got %.17g, want %.17g\n", field_table[phases[i]].name, got, want);
    }
    OK(good, row->name);
}

static void plain_http_failed(void)
{
    struct transfer t = {.text = {[F_SCHEME] = "http"}};
    transfer_set(&t, F_NUM_CONNECTS, 1);
    transfer_set(&t, F_TIME_NAMELOOKUP, .001);
    transfer_set(&t, F_TIME_CONNECT, .021);
    transfer_set(&t, F_TIME_TOTAL, .4);
    phase_derive(&t);
    IS(transfer_get(&t, F_PHASE_HANDSHAKE, NAN), .02, "no response over plain HTTP: TCP was all");
}

static void numbers_of_no_curl(void)
{
    static const double hostile[] = {-1, -1e306, 1e9, 1e306, 5e-324, 4e-7};
    char name[60];
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct transfer t = {0}, total = {0};
        for (size_t n = 0; n < TIMERS - 1; n++)
            transfer_set(&t, timers[n], hostile[i]);
        transfer_set(&t, F_TIME_TOTAL, 1);
        transfer_set(&t, F_HTTP_CODE, 200);
        total = t;
        phase_derive(&t);
        snprintf(name, sizeof name, "%g counts as absent", hostile[i]);
        IS(transfer_get(&t, F_PHASE_WAIT, NAN), 1, name);
        transfer_set(&total, F_TIME_TOTAL, hostile[i]);
        phase_derive(&total);
        int none = 1;
        for (size_t p = 0; p < PHASES; p++)
            none &= !transfer_has(&total, phases[p]);
        OK(none, "also as the total, which leaves nothing to divide");
    }
}

/* The spool keeps the phases themselves: what they follow from (curl_version) may not be
 * in it. */
static void waits_in_the_spool(void)
{
    static const char older[] = "curl phase_connect=0.02,phase_dns=0.001,phase_tls=0.03,"
                                "phase_wait=0.1,time_total=0.2 1700000000000000001";
    static struct transfer t, back;
    struct buf line;
    char text[200];
    int same = 1;
    buf_init(&line, 10000);
    t.text[F_CURL_VERSION] = FORKY;
    for (size_t i = 0; i < TIMERS; i++)
        transfer_set(&t, timers[i], rows[4].times[i] / 1e6);
    transfer_set(&t, F_HTTP_VERSION, 3);
    transfer_set(&t, F_HTTP_CODE, 200);
    phase_derive(&t);
    record_write(&line, &t, false);
    OK(record_read(line.data, line.len - 1, &back) == 0, "a transfer comes back from the spool");
    for (size_t i = 0; i < PHASES; i++)
        same &= transfer_has(&t, phases[i]) == transfer_has(&back, phases[i]) &&
                memcmp(&t.number[phases[i]], &back.number[phases[i]], sizeof(double)) == 0;
    OK(same && transfer_has(&back, F_PHASE_HANDSHAKE), "with the same phases");
    buf_release(&line);
    OK(record_read(strcpy(text, older), strlen(older), &back) == 0 &&
           transfer_get(&back, F_PHASE_TLS, 0) > 0.029 && !transfer_has(&back, F_PHASE_HANDSHAKE),
       "and one that an older version wrote comes with those that it knew");
}

/* --- properties --- */

static uint64_t state = 88172645463325252u;

static uint32_t chance(uint32_t count)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % count;
}

static int64_t in_us(const struct transfer *t, enum field_id field)
{
    return llround(transfer_get(t, field, 0) * 1e6);
}

struct faults {
    long transfers, responses, sum, zero, handshake, order;
};

/* What must be true of every transfer, whatever its timers are. */
static void check(const struct transfer *t, struct faults *faults)
{
    const int64_t handshake = in_us(t, F_PHASE_HANDSHAKE), connect = in_us(t, F_PHASE_CONNECT),
                  tls = in_us(t, F_PHASE_TLS);
    int64_t sum = 0;
    for (size_t i = 0; i < PHASES; i++) {
        faults->zero += transfer_has(t, phases[i]) && !(t->number[phases[i]] >= 1e-6);
        if (i != P_CONNECT && i != P_TLS)
            sum += in_us(t, phases[i]);
    }
    faults->transfers++;
    faults->order += connect > in_us(t, F_TIME_TOTAL) || tls > in_us(t, F_TIME_TOTAL) ||
                     sum > in_us(t, F_TIME_TOTAL);
    if (!phase_has_response(t))
        return;
    faults->responses++;
    faults->sum += sum != in_us(t, F_TIME_TOTAL);
    faults->handshake += connect && tls && connect + tls != handshake;
    faults->handshake += phase_is_quic(t) && (connect || (tls && tls != handshake));
    faults->handshake += !phase_made_connection(t) && (connect || tls || handshake);
    /* plain: time_connect is believed where it is where it should be */
    faults->handshake +=
        connect && !tls && !(transfer_get(t, F_TIME_APPCONNECT, 0) > 0) && connect != handshake;
}

/* Times as curl writes them, in curl's order or in any, some missing, some 0. */
static void generate_times(struct transfer *t)
{
    const uint32_t step = chance(4) ? 100000 : 3, total = chance(4) ? chance(1000000) : 0;
    const bool in_order = chance(3) > 0;
    uint32_t at = 0;
    for (size_t i = 0; i < TIMERS; i++) {
        at = in_order ? at + chance(step) : chance(TIMERS * step);
        if (chance(10) == 0)
            continue;
        transfer_set(t, timers[i], chance(8) ? at / 1e6 : 0);
    }
    transfer_set(t, F_TIME_TOTAL, (total ? total : at) / 1e6);
}

static void generate(struct transfer *t, char *version, size_t size)
{
    static const char *const libraries[] = {"", " ngtcp2/1.24.0", " quiche/0.24.5"};
    static const double protocols[] = {0, 1, 1.1, 2, 3, 3};
    const uint32_t release = chance(31 + 24); /* 7.70 to 7.100, 8.0 to 8.23 */
    memset(t->present, 0, sizeof t->present);
    generate_times(t);
    snprintf(version, size, "libcurl/%u.%u.0 OpenSSL/3.5.4%s", release < 31 ? 7 : 8,
             release < 31 ? 70 + release : release - 31, libraries[chance(3)]);
    t->text[F_CURL_VERSION] = chance(20) ? version : NULL;
    t->text[F_SCHEME] = chance(2) ? "https" : "http";
    transfer_set(t, F_HTTP_VERSION, protocols[chance(6)]);
    transfer_set(t, F_HTTP_CODE, chance(6) ? 200 : 0);
    transfer_set(t, F_EXITCODE, chance(6) ? 0 : 28);
    if (chance(20))
        transfer_set(t, F_NUM_CONNECTS, chance(3));
    transfer_set(t, F_NUM_REDIRECTS, chance(4) ? 0 : chance(3));
    transfer_set(t, F_SIZE_UPLOAD, chance(3) ? 0 : chance(3) * 1000);
    transfer_set(t, F_HTTP_CONNECT, chance(5) ? 0 : 200);
}

static void report(const struct faults *faults, const char *what)
{
    char name[100];
    printf("# %s: %ld, %ld of them with a response; sum off: %ld\n", what, faults->transfers,
           faults->responses, faults->sum);
    snprintf(name, sizeof name, "%s: queue + dns + handshake + send + wait + transfer = total",
             what);
    IS(faults->sum, 0, name);
    snprintf(name, sizeof name, "%s: nothing is 0 or negative", what);
    IS(faults->zero, 0, name);
    snprintf(name, sizeof name, "%s: nothing is longer than the total", what);
    IS(faults->order, 0, name);
    snprintf(name, sizeof name, "%s: handshake is connect + tls, and QUIC's is tls", what);
    IS(faults->handshake, 0, name);
}

static void holds_for_any_timers(void)
{
    static struct transfer t;
    struct faults faults = {0};
    char version[80];
    for (int i = 0; i < 1000000; i++) {
        generate(&t, version, sizeof version);
        phase_derive(&t);
        check(&t, &faults);
    }
    OK(faults.responses > 700000, "a million transfers are generated");
    report(&faults, "generated");
}

static void holds_for_real_timers(void)
{
    static char line[1024 * 1024];
    static struct transfer t;
    struct tag_plan plan;
    struct refusal refusal;
    struct faults faults = {0};
    FILE *const corpus = fopen("tests/data/corpus_public.ndjson", "r");
    tag_plan_init(&plan);
    struct parser *const parser = parser_new(&plan, sizeof line);
    long lines = 0;
    for (; corpus && fgets(line, sizeof line, corpus); lines++)
        if (parser_read(parser, line, strlen(line), false, INT64_C(1795423774748555000), &t,
                        &refusal) == 0)
            check(&t, &faults);
    OK(lines > 100 && faults.transfers == lines, "the corpus is read");
    report(&faults, "corpus");
    parser_free(parser);
    if (corpus)
        fclose(corpus);
}

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        derives(&rows[i]);
    plain_http_failed();
    numbers_of_no_curl();
    waits_in_the_spool();
    holds_for_any_timers();
    holds_for_real_timers();
    return tap_done();
}
