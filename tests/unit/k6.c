/* layout_k6: a transfer as k6 would have written it. */
#include "layout/k6.h"

#include "layout/layouts.h"

#include "model/derive.h"
#include "tap.h"

#include <stdio.h>
#include <string.h>

static struct transfer transfer;
static struct tag_plan plan; /* its keys are those of the transfer's tags */
static struct error err;

/* {time_namelookup, connect, appconnect, pretransfer, posttransfer, starttransfer,
 * total}, in ms; below 0: not there, as in an older curl */
static void begin(const double *times_ms, double exitcode, double code, double connects)
{
    static const enum field_id fields[] = {
        F_TIME_NAMELOOKUP,   F_TIME_CONNECT,       F_TIME_APPCONNECT, F_TIME_PRETRANSFER,
        F_TIME_POSTTRANSFER, F_TIME_STARTTRANSFER, F_TIME_TOTAL};
    transfer = (struct transfer){0};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (times_ms[i] >= 0)
            transfer_set(&transfer, fields[i], times_ms[i] / 1e3);
    transfer_set(&transfer, F_EXITCODE, exitcode);
    transfer_set(&transfer, F_HTTP_CODE, code);
    transfer_set(&transfer, F_NUM_CONNECTS, connects);
    transfer.text[F_HOST] = "h";
    transfer.text[F_METHOD] = "GET";
    transfer.text[F_URL] = "https://h/x";
}

/* "metric=value " of all points; a text as metric.field=value */
static const char *points(bool text)
{
    static char got[4000];
    struct point made[LAYOUT_POINTS_MAX];
    struct layout layout;
    derive_numbers(&transfer, NULL);
    if (layout_init(&layout, layout_named("k6", &err), "", text, NULL, &err) < 0)
        return err.text;
    const size_t count = layout_points(&layout, &transfer, made);
    char *at = got;
    *at = '\0';
    for (size_t i = 0; i < count; i++)
        if (made[i].text)
            at += sprintf(at, "%s.%s=%s ", made[i].series, made[i].field, made[i].text);
        else if (strcmp(made[i].field, "value") == 0)
            at += sprintf(at, "%s=%.17g ", made[i].series, made[i].number);
    return got;
}

static void *allocate(size_t count)
{
    static char memory[64 * 1024];
    static size_t used;
    used = used + count > sizeof memory ? 0 : used;
    return memory + (used += count) - count;
}

/* "key=value " of all tags; `mine` is a tag-field or NULL */
static const char *tags(const char *mine)
{
    static char got[1000];
    tag_plan_release(&plan);
    if (mine)
        tag_plan_add_field(&plan, mine, &err);
    for (const struct tag_source *tag = layout_k6_tags; tag->key; tag++)
        tag_plan_add_source(&plan, tag, &err);
    derive_numbers(&transfer, NULL);
    char *at = got;
    *at = '\0';
    if (tag_plan_apply(&plan, &transfer, allocate) == 0)
        for (size_t i = 0; i < transfer.tag_count; i++)
            at += sprintf(at, "%s=%s ", transfer.tags[i].key, transfer.tags[i].value);
    return got;
}

static const double fresh[] = {1.1, 3.3, 10.4, 10.5, 10.7, 50.1, 60.2};
static const double plain[] = {1.1, 3.3, 0, 3.4, 3.5, 50, 60};
static const double reused[] = {0, 0, 0, 0.1, 0.2, 50, 60};
static const double older[] = {1.1, 3.3, 10.4, 10.5, -1, 50, 60};
static const double upload[] = {1, 2, 3, 4, 20, 30, 31};
static const double refused[] = {1.1, 0, 0, 2, 2, 2, 2};

/* A response over HTTP `version`. */
static void begin_response(const double *times_ms, double version, double connects)
{
    begin(times_ms, 0, 200, connects);
    transfer_set(&transfer, F_HTTP_VERSION, version);
}

static void measures(void)
{
    begin_response(fresh, 2, 1);
    IS_TEXT(points(false),
            "http_req_blocked=10.4 http_req_connecting=2.2000000000000002 "
            "http_req_duration=49.799999999999997 http_req_failed=0 "
            "http_req_looking_up=1.1000000000000001 http_req_receiving=10.1 "
            "http_req_sending=0.10000000000000001 http_req_tls_handshaking=7.0999999999999996 "
            "http_req_waiting=39.600000000000001 http_reqs=1 ",
            "milliseconds; duration is sending, waiting and receiving; blocked all before");
    begin_response(plain, 1.1, 1);
    IS_TEXT(points(false),
            "http_req_blocked=3.2999999999999998 http_req_connecting=2.2000000000000002 "
            "http_req_duration=56.700000000000003 http_req_failed=0 "
            "http_req_looking_up=1.1000000000000001 http_req_receiving=10 "
            "http_req_sending=0.10000000000000001 http_req_tls_handshaking=0 "
            "http_req_waiting=46.600000000000001 http_reqs=1 ",
            "plain HTTP took no time for TLS");
    begin(reused, 0, 404, 0);
    transfer_set(&transfer, F_TIME_QUEUE, .05e-3);
    IS_TEXT(points(false),
            "http_req_blocked=0.050000000000000003 http_req_connecting=0 "
            "http_req_duration=59.950000000000003 http_req_failed=1 http_req_looking_up=0 "
            "http_req_receiving=10 http_req_sending=0.050000000000000003 "
            "http_req_tls_handshaking=0 http_req_waiting=49.899999999999999 http_reqs=1 ",
            "a reused connection took no time to make, but for curl's queue");
    begin_response(older, 2, 1);
    transfer_set(&transfer, F_SIZE_UPLOAD, 1);
    IS_TEXT(points(false),
            "http_req_blocked=10.4 http_req_connecting=2.2000000000000002 "
            "http_req_duration=49.600000000000001 http_req_failed=0 "
            "http_req_looking_up=1.1000000000000001 http_req_receiving=10 "
            "http_req_tls_handshaking=7.0999999999999996 http_req_waiting=39.600000000000001 "
            "http_reqs=1 ",
            "an older curl does not know when a body was sent: it is in waiting");
    begin_response(upload, 2, 1);
    transfer_set(&transfer, F_SIZE_UPLOAD, 1e6);
    IS_TEXT(points(false),
            "http_req_blocked=3 http_req_connecting=1 http_req_duration=28 http_req_failed=0 "
            "http_req_looking_up=1 http_req_receiving=1 http_req_sending=17 "
            "http_req_tls_handshaking=1 http_req_waiting=10 http_reqs=1 ",
            "an upload is sent until its last byte");
    begin(refused, 7, 0, 0);
    IS_TEXT(points(false), "http_req_failed=1 http_req_looking_up=1.1000000000000001 http_reqs=1 ",
            "without a response there is no duration, not even 0");
}

static void measures_quic(void)
{
    begin_response(fresh, 3, 1);
    transfer.text[F_CURL_VERSION] = "libcurl/8.22.0 ngtcp2/1.24.0";
    IS_TEXT(points(false),
            "http_req_blocked=10.4 http_req_connecting=0 http_req_duration=49.799999999999997 "
            "http_req_failed=0 http_req_looking_up=1.1000000000000001 http_req_receiving=10.1 "
            "http_req_sending=0.10000000000000001 http_req_tls_handshaking=9.3000000000000007 "
            "http_req_waiting=39.600000000000001 http_reqs=1 ",
            "over QUIC nothing was connected over TCP, and the handshake is TLS's");
    begin_response(reused, 3, 0);
    OK(strstr(points(false), "connecting=0 ") && strstr(points(false), "tls_handshaking=0 "),
       "a reused one took no time to make");
}

static void leaves_out_what_is_unknown(void)
{
    begin_response(fresh, 2, 2);
    transfer_set(&transfer, F_NUM_REDIRECTS, 1);
    OK(!strstr(points(false), "tls_handshaking") && !strstr(points(false), "connecting"),
       "the parts of several connections are unknown, not 0");
    OK(strstr(points(false), "blocked=10.5 ") && strstr(points(false), "looking_up=1.1"),
       "all of it is known");
    begin_response(fresh, 2, 1);
    transfer_set(&transfer, F_HTTP_CONNECT, 200);
    OK(!strstr(points(false), "tls_handshaking") && strstr(points(false), "connecting=2.2"),
       "TLS through a tunnel is unknown as well");
    begin_response(fresh, 2, 1);
    transfer_set(&transfer, F_NUM_REDIRECTS, 1);
    transfer_set(&transfer, F_EXITCODE, 7);
    IS_TEXT(points(false), "http_req_failed=1 http_reqs=1 ",
            "after redirects to nowhere nothing is known, and nothing 0");
}

/* curl 8.6.0 does not note the start of a response without a body (curl#13142). */
static void measures_without_start(void)
{
    begin_response(fresh, 2, 1);
    transfer_set(&transfer, F_HTTP_CODE, 204);
    transfer_set(&transfer, F_TIME_STARTTRANSFER, 0);
    OK(strstr(points(false), "duration=49.8") || strstr(points(false), "duration=49.79"),
       "a 204 without a start has its duration");
    transfer_set(&transfer, F_TIME_TOTAL, transfer.number[F_TIME_APPCONNECT]);
    transfer_set(&transfer, F_TIME_PRETRANSFER, transfer.number[F_TIME_APPCONNECT]);
    for (int f = F_PHASE_CONNECT; f <= F_PHASE_WAIT; f++)
        transfer.present[f] = false;
    OK(strstr(points(false), "duration=0 ") && strstr(points(false), "blocked=10.4 "),
       "and one that ended at once has one of 0");
    memset(&transfer, 0, sizeof transfer);
    transfer_set(&transfer, F_HTTP_CODE, 204);
    transfer_set(&transfer, F_TIME_TOTAL, 0.01);
    OK(!strstr(points(false), "duration"), "a total alone is none, since the connection is in it");
}

static void takes_any_scheme(void)
{
    begin_response(fresh, 0, 1);
    transfer.text[F_SCHEME] = "pop3";
    transfer_set(&transfer, F_HTTP_CODE, 0);
    OK(strstr(points(false), "duration=49.79") && strstr(points(false), "failed=0 "),
       "a transfer without an HTTP code that went well has a duration");
    IS_TEXT(tags(NULL), "expected_response=true method=GET name=h scenario=default status=0 ",
            "and no error");
    transfer.text[F_SCHEME] = NULL;
    struct point made[LAYOUT_POINTS_MAX];
    struct layout layout;
    layout_init(&layout, layout_named("k6", &err), "", false, NULL, &err);
    const size_t count = layout_points(&layout, &transfer, made);
    size_t durations = 0;
    for (size_t i = 0; i < count; i++)
        durations += strcmp(made[i].series, "http_req_duration") == 0;
    IS(durations, 1, "also when a spool has kept its numbers without its texts");
    begin(fresh, 9, 550, 0);
    transfer.text[F_SCHEME] = "ftp";
    IS_TEXT(tags(NULL),
            "error=curl exit code 9 error_code=1000 expected_response=false method=GET name=h "
            "scenario=default status=0 ",
            "the codes of other schemes are no HTTP status");
}

/* As a version of this program wrote it that knew neither queue nor handshake. */
static void reads_older_records(void)
{
    begin_response(fresh, 2, 1);
    points(false);
    transfer.present[F_PHASE_HANDSHAKE] = transfer.present[F_PHASE_QUEUE] = false;
    struct point made[LAYOUT_POINTS_MAX];
    struct layout layout;
    layout_init(&layout, layout_named("k6", &err), "", false, NULL, &err);
    layout_points(&layout, &transfer, made);
    IS_TEXT(made[0].series, "http_req_blocked", "a record of an older version");
    IS(made[0].number, 10.4, "is blocked until its exchange begins");
}

/* What Prometheus gets is what InfluxDB gets, in seconds and under the names of k6's output
 * to Prometheus. */
static void observes_the_same(void)
{
    static const struct {
        const double *times;
        const char *want;
    } transfers[] = {
        {fresh, "k6_http_req_blocked_seconds=0.0104 k6_http_req_connecting_seconds=0.0022 "
                "k6_http_req_duration_seconds=0.0498 k6_http_req_failed_rate=0 "
                "k6_http_req_receiving_seconds=0.0101 k6_http_req_sending_seconds=0.0001 "
                "k6_http_req_tls_handshaking_seconds=0.0071 "
                "k6_http_req_waiting_seconds=0.0396 k6_http_reqs_total=1 "},
        {reused, "k6_http_req_blocked_seconds=0 k6_http_req_connecting_seconds=0 "
                 "k6_http_req_duration_seconds=0.06 k6_http_req_failed_rate=0 "
                 "k6_http_req_receiving_seconds=0.01 k6_http_req_sending_seconds=0.0001 "
                 "k6_http_req_tls_handshaking_seconds=0 "
                 "k6_http_req_waiting_seconds=0.0499 k6_http_reqs_total=1 "},
    };
    struct layout layout;
    layout_init(&layout, layout_named("k6", &err), "", false, NULL, &err);
    for (size_t i = 0; i < sizeof transfers / sizeof *transfers; i++) {
        struct observation seen[OBSERVATIONS_MAX];
        char got[1000] = "";
        begin_response(transfers[i].times, 2, i == 0);
        derive_numbers(&transfer, NULL);
        const size_t count = layout_observe(&layout, &transfer, seen);
        for (size_t o = 0; o < count; o++)
            snprintf(got + strlen(got), sizeof got - strlen(got), "%s=%.10g ",
                     seen[o].instrument->name, seen[o].value + 0.0);
        IS_TEXT(got, transfers[i].want, i ? "a reused connection, with its zeros" : "a new one");
    }
    begin(refused, 7, 0, 0);
    derive_numbers(&transfer, NULL);
    transfer_set(&transfer, F_SIZE_HEADER, 5);
    transfer_set(&transfer, F_SIZE_DOWNLOAD, 6);
    transfer_set(&transfer, F_SIZE_REQUEST, 7);
    struct observation seen[OBSERVATIONS_MAX];
    IS(layout_observe(&layout, &transfer, seen), 4, "a failure is counted, and has no duration");
    IS_TEXT(seen[0].instrument->name, "k6_data_received_total", "bytes are counted");
    IS(seen[0].value, 11, "as they are");
    IS_TEXT(seen[2].instrument->name, "k6_http_req_failed_rate", "and the failure");
    IS(seen[2].value, 1, "as one");
}

static void counts_bytes(void)
{
    static const struct {
        const char *name;
        double request, upload;
        const char *want;
    } cases[] = {
        {"a request without a body", 81, 0, "data_received=1065 data_sent=81 "},
        {"one with a body in it", 5144, 5013, "data_received=1065 data_sent=5144 "},
        {"an older curl's, without", 131, 5013, "data_received=1065 data_sent=5144 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin(refused, 7, 0, 0);
        transfer_set(&transfer, F_SIZE_HEADER, 65);
        transfer_set(&transfer, F_SIZE_DOWNLOAD, 1000);
        transfer_set(&transfer, F_SIZE_REQUEST, cases[i].request);
        transfer_set(&transfer, F_SIZE_UPLOAD, cases[i].upload);
        OK(strncmp(points(false), cases[i].want, strlen(cases[i].want)) == 0, cases[i].name);
    }
}

static void tells_the_url(void)
{
    begin(refused, 7, 0, 0);
    transfer.tag_count = 0;
    IS_TEXT(points(true),
            "http_req_failed=1 http_req_failed.url=https://h/x "
            "http_req_looking_up=1.1000000000000001 http_req_looking_up.url=https://h/x "
            "http_reqs=1 http_reqs.url=https://h/x ",
            "with texts the URL stands beside each value");
    IS_TEXT(tags("url"),
            "error=dial: could not connect error_code=1210 expected_response=false method=GET "
            "name=h scenario=default status=0 url=https://h/x ",
            "or it is a tag, when asked for");
    OK(!strstr(points(true), "url"), "and then not both");
    IS_TEXT(tags("name=url"),
            "error=dial: could not connect error_code=1210 expected_response=false method=GET "
            "name=https://h/x scenario=default status=0 ",
            "or the name, as k6 has it");
}

static void tags_are_right(void)
{
    static const struct {
        const char *name;
        double exitcode, code, version;
        const char *want;
    } cases[] = {
        {"HTTP/2", 0, 200, 2,
         "expected_response=true method=GET name=h proto=HTTP/2.0 scenario=default status=200 "},
        {"HTTP/1.1", 0, 301, 1.1,
         "expected_response=true method=GET name=h proto=HTTP/1.1 scenario=default status=301 "},
        {"an HTTP error", 0, 404, 3,
         "error_code=1404 expected_response=false method=GET name=h proto=HTTP/3.0 "
         "scenario=default status=404 "},
        {"one with -f", 22, 404, 3,
         "error_code=1404 expected_response=false method=GET name=h proto=HTTP/3.0 "
         "scenario=default status=404 "},
        {"no response", 6, 0, 0,
         "error=lookup: no such host error_code=1101 expected_response=false method=GET name=h "
         "scenario=default status=0 "},
        {"half a response", 28, 200, 2,
         "error=request timeout error_code=1050 expected_response=false method=GET name=h "
         "proto=HTTP/2.0 scenario=default status=0 "},
        {"a failure that k6 has no code for", 23, 200, 2,
         "error=curl exit code 23 error_code=1000 expected_response=false method=GET name=h "
         "proto=HTTP/2.0 scenario=default status=0 "},
        {"numbers that nobody writes", 1e300, -1e300, 1e300,
         "error=curl exit code 1e+300 error_code=1000 expected_response=false method=GET "
         "name=h proto=HTTP/10000000000000000525047602 scenario=default status=0 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin(fresh, cases[i].exitcode, cases[i].code, 1);
        transfer_set(&transfer, F_HTTP_VERSION, cases[i].version);
        IS_TEXT(tags(NULL), cases[i].want, cases[i].name);
    }
}

int main(void)
{
    measures();
    measures_quic();
    leaves_out_what_is_unknown();
    measures_without_start();
    takes_any_scheme();
    reads_older_records();
    observes_the_same();
    counts_bytes();
    tells_the_url();
    tags_are_right();
    tag_plan_release(&plan);
    return tap_done();
}
