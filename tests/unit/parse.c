/* parse: the text of an object becomes a transfer, exactly, or a reason. */
#include "input/parse.h"
#include "input/parse_time.h"

#include "tap.h"

#include "base/buf.h"

#include <stdlib.h>

#define NOW INT64_C(1795423774748555000)
#define VERSION "\"curl_version\":\"libcurl/8.14.1\""
#define CURL(keys) "{" keys VERSION "}"
#define WRAPPED(ts, keys) "{\"ts\":" ts ",\"curl\":" CURL(keys) "}"
#define IMPLAUSIBLE "a time before 2000 or more than 10 minutes ahead"
#define TEMPLATE(keys) "{" keys "\"time_total\":0.25,\"http_code\":200}"
#define NOT_CURLS "not a curl transfer", "give curl -w '%{json}\\n'"
#define TAKEN "a key of your own under a name of curl's"
#define NO_NAME "a name that databases cannot store"
#define NO_TIME "a time that is neither a Unix time nor ISO 8601"
#define NO_ZONE "a time without a zone (Z, +01:00)"
#define MISSING "a time that is missing"

static struct tag_plan plan;
static struct parser *parser;
static struct transfer transfer;
static struct refusal refusal;

/* True if it is a transfer. It gets a copy that ends where the object does. */
static int takes(const char *text, bool gaps, int64_t now_ns)
{
    const size_t len = strlen(text);
    char *const exact = malloc(len);
    memcpy(exact, text, len);
    const int result = parser_read(parser, exact, len, gaps, now_ns, &transfer, &refusal);
    free(exact);
    return result == 0;
}

/* The same with a new parser, which has given out no time yet. */
static int reads_gaps(const char *text, bool gaps)
{
    parser_free(parser);
    parser = parser_new(&plan, 1024 * 1024);
    return takes(text, gaps, NOW);
}

static int reads(const char *text)
{
    return reads_gaps(text, false);
}

static const struct {
    const char *name, *text;
    int64_t want_ns;    /* 0: the time of arrival */
    const char *reason; /* when refused */
} times[] = {
    {"no ts", CURL(""), 0, NULL},
    {"date +%s.%N", WRAPPED("1795423774.748555123", ""), INT64_C(1795423774748555123), NULL},
    {"a last digit that a double loses", WRAPPED("1795423774.000000001", ""),
     INT64_C(1795423774000000001), NULL},
    {"nine nines", WRAPPED("1795423773.999999999", ""), INT64_C(1795423773999999999), NULL},
    {"microseconds", WRAPPED("1795423774.748555", ""), INT64_C(1795423774748555000), NULL},
    {"whole seconds", WRAPPED("1795423774", ""), INT64_C(1795423774000000000), NULL},
    {"with an exponent", WRAPPED("1.795423774e9", ""), INT64_C(1795423774000000000), NULL},
    {"behind curl's object", "{\"curl\":" CURL("") ",\"ts\" :\n1795423774.748555123}",
     INT64_C(1795423774748555123), NULL},
    {"beside curl's own keys", CURL("\"ts\":1795423774.748555123,"), INT64_C(1795423774748555123),
     NULL},
    {"not the \"ts\" in a text",
     "{\"x\":\"\\\"ts\\\":1795423774.9\",\"ts\":1795423774.748555123,\"curl\":" CURL("") "}",
     INT64_C(1795423774748555123), NULL},
    {"ISO 8601", WRAPPED("\"2026-11-23T08:49:34.748555Z\"", ""), INT64_C(1795423774748555000),
     NULL},
    {"ISO 8601 with a zone", WRAPPED("\"2026-11-23T09:49:34.748555123+01:00\"", ""),
     INT64_C(1795423774748555123), NULL},
    {"milliseconds", WRAPPED("1795423774748", ""), INT64_C(1795423774748000000), NULL},
    {"microseconds without a point", WRAPPED("1795423774748555", ""), INT64_C(1795423774748555000),
     NULL},
    {"nanoseconds", WRAPPED("1795423774748555123", ""), INT64_C(1795423774748555123), NULL},
    {"milliseconds and a part of one", WRAPPED("1795423774748.555123", ""),
     INT64_C(1795423774748555123), NULL},
    {"milliseconds with an exponent", WRAPPED("1.795423774748e12", ""),
     INT64_C(1795423774748000000), NULL},
    {"ten digits behind the point", WRAPPED("1795423774.7485551239", ""),
     INT64_C(1795423774748555123), NULL},
    {"seconds in quotes", WRAPPED("\"1795423774\"", ""), INT64_C(1795423774000000000), NULL},
    {"nanoseconds in quotes", WRAPPED("\"1795423774748555123\"", ""), INT64_C(1795423774748555123),
     NULL},
    {"milliseconds in quotes", WRAPPED("\"1795423774748\"", ""), INT64_C(1795423774748000000),
     NULL},
    {"a part of a second in quotes", WRAPPED("\"1795423774.748555123\"", ""),
     INT64_C(1795423774748555123), NULL},
    {"a decimal comma in quotes", WRAPPED("\"1795423774,748555\"", ""),
     INT64_C(1795423774748555000), NULL},
    {"date +%s.%N of BSD, in quotes", WRAPPED("\"1795423774.N\"", ""), INT64_C(1795423774000000000),
     NULL},
    {"date +%s.%3N of BSD, in quotes", WRAPPED("\"1795423774.3N\"", ""),
     INT64_C(1795423774000000000), NULL},
    {"date +%s. of busybox", WRAPPED("1795423774.", ""), INT64_C(1795423774000000000), NULL},
    {"time", "{\"time\":1795423774.748555123,\"curl\":" CURL("") "}", INT64_C(1795423774748555123),
     NULL},
    {"timestamp", "{\"timestamp\":1795423774,\"curl\":" CURL("") "}", INT64_C(1795423774000000000),
     NULL},
    {"timestamp in a template", "{\"timestamp\":1795423774,\"time_total\":1,\"http_code\":200}",
     INT64_C(1795423774000000000), NULL},
    {"an hour's zone", WRAPPED("\"2026-11-23T09:49:34+01\"", ""), INT64_C(1795423774000000000),
     NULL},
    {"null", WRAPPED("null", ""), 0, MISSING},
    {"nothing in quotes", WRAPPED("\"\"", ""), 0, MISSING},
    {"no zone", WRAPPED("\"2026-11-23T08:49:34\"", ""), 0, NO_ZONE},
    {"no zone behind a part of a second", WRAPPED("\"2026-11-23 08:49:34.5\"", ""), 0, NO_ZONE},
    {"a zone's name", WRAPPED("\"2026-11-23T08:49:34 EST\"", ""), 0, NO_TIME},
    {"two times", "{\"ts\":1795423774,\"time\":1795423774,\"curl\":" CURL("") "}", 0, "two times"},
    {"a time within and one without", WRAPPED("1795423774", "\"time\":1795423774,"), 0,
     "two times"},
    {"seconds of the year 5138", WRAPPED("99999999999", ""), 0, IMPLAUSIBLE},
    {"milliseconds ahead", WRAPPED("1795424375000", ""), 0, IMPLAUSIBLE},
    {"milliseconds before 2000", WRAPPED("946684799999", ""), 0, IMPLAUSIBLE},
    {"twenty digits", WRAPPED("17954237747485551234", ""), 0, IMPLAUSIBLE},
    {"twenty digits in quotes", WRAPPED("\"17954237747485551234\"", ""), 0, IMPLAUSIBLE},
    {"ten minutes in quotes", WRAPPED("\"600\"", ""), 0, IMPLAUSIBLE},
    {"a comma and a point", WRAPPED("\"1795423774.5,5\"", ""), 0, NO_TIME},
    {"date +%s%3N of BSD, in quotes", WRAPPED("\"1795423774N\"", ""), INT64_C(1795423774000000000),
     NULL},
    {"%time{ of a curl before 8.16", WRAPPED("\"%time{%Y-%m-%dT%H:%M:%S.%fZ}\"", ""), 0, NULL},
    {"the first of 2000", WRAPPED("946684800", ""), INT64_C(946684800000000000), NULL},
    {"10 minutes ahead", WRAPPED("1795424374.748555", ""), NOW + TRANSFER_AHEAD_NS, NULL},
    {"before 2000", WRAPPED("946684799.999", ""), 0, IMPLAUSIBLE},
    {"more than 10 minutes ahead", WRAPPED("1795424374.748556", ""), 0, IMPLAUSIBLE},
    {"zero", WRAPPED("0", ""), 0, IMPLAUSIBLE},
    {"negative", WRAPPED("-1795423774", ""), 0, IMPLAUSIBLE},
    {"infinite", WRAPPED("1e999", ""), 0, IMPLAUSIBLE},
    {"a date before 2000", WRAPPED("\"1999-12-31T23:59:59Z\"", ""), 0, IMPLAUSIBLE},
    {"a date far ahead", WRAPPED("\"2200-12-31T23:59:59Z\"", ""), 0, IMPLAUSIBLE},
    {"a word", WRAPPED("\"now\"", ""), 0, NO_TIME},
    {"a truth", WRAPPED("true", ""), 0, NO_TIME},
    {"a list", WRAPPED("[1795423774]", ""), 0, NO_TIME},
};

static void reads_times(void)
{
    char name[100];
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        snprintf(name, sizeof name, "ts: %s", times[i].name);
        if (!reads(times[i].text)) {
            IS_TEXT(refusal.reason, times[i].reason, name);
            continue;
        }
        const int64_t want = times[i].want_ns ? times[i].want_ns : NOW;
        OK(!times[i].reason && transfer.time_ns == want, name);
        if (transfer.time_ns != want)
            printf("#  got: %lld\n# want: %lld\n", (long long)transfer.time_ns, (long long)want);
    }
}

/* What `date +%s.%N` and a variable that is not set make of "ts":. */
static void reads_gaps_in_times(void)
{
    static const struct {
        const char *name, *text;
        int64_t want_ns;
        const char *reason;
    } cases[] = {
        {"date +%s.%N of BSD", WRAPPED("1795423774.N", ""), INT64_C(1795423774000000000), NULL},
        {"date +%s.%3N of BSD", WRAPPED("1795423774.3N", ""), INT64_C(1795423774000000000), NULL},
        {"date +%s%3N of BSD", WRAPPED("17954237743N", ""), 0, "broken JSON"},
        {"an N in a text", WRAPPED("1795423774.N", "\"method\":\"1.N\","),
         INT64_C(1795423774000000000), NULL},
        {"nothing", WRAPPED("", ""), 0, MISSING},
    };
    char name[100];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(name, sizeof name, "ts with a gap: %s", cases[i].name);
        if (reads_gaps(cases[i].text, true))
            IS(transfer.time_ns - cases[i].want_ns, 0, name);
        else
            IS_TEXT(refusal.reason, cases[i].reason, name);
    }
    OK(reads(WRAPPED("1795423774", "")) && !parser_saw_unknown_time(parser), "a time is a time");
    OK(reads(WRAPPED("\"%time{%s}\"", "")) && parser_saw_unknown_time(parser),
       "a time that curl did not know is noticed");
}

static const struct {
    const char *name, *text, *reason, *key;
    int mixed;
} refusals[] = {
    {"a key twice", CURL("\"time_total\":1,\"time_total\":1,"), "a key twice", "time_total", 1},
    {"a text twice", CURL("\"method\":\"GET\",\"method\":\"GET\","), "a key twice", "method", 1},
    {"a secret twice", CURL("\"certs\":\"\",\"certs\":\"\","), "a key twice", "certs", 1},
    {"an unknown number twice", CURL("\"new\":1,\"new\":1,"), "a key twice", "new", 1},
    {"an unknown text twice", CURL("\"new\":\"x\",\"new\":\"x\","), "a key twice", "new", 1},
    {"curl_version twice", "{" VERSION "," VERSION "}", "a key twice", "curl_version", 1},
    {"two objects in one wrapper", "{\"curl\":" CURL("") ",\"curl\":" CURL("") "}", "a key twice",
     "curl", 1},
    {"two times in one wrapper", "{\"ts\":1795423774,\"ts\":1795423775,\"curl\":" CURL("") "}",
     "a key twice", "ts", 1},
    {"codes of two transfers", CURL("\"http_code\":200,\"response_code\":404,"),
     "http_code and response_code of two transfers", "", 1},
    {"a number as text that is none", CURL("\"time_total\":\"0.1s\","), "a value of the wrong type",
     "time_total", 0},
    {"two numbers in a text", CURL("\"http_code\":\"200 200\","), "a value of the wrong type",
     "http_code", 0},
    {"a hexadecimal number", CURL("\"http_code\":\"0xC8\","), "a value of the wrong type",
     "http_code", 0},
    {"an infinite text", CURL("\"time_total\":\"inf\","), "a value of the wrong type", "time_total",
     0},
    {"a text of 1e999", CURL("\"time_total\":\"1e999\","), "a number that is not finite",
     "time_total", 0},
    {"a version as truth", CURL("\"http_version\":true,"), "a value of the wrong type",
     "http_version", 0},
    {"a number as truth", CURL("\"http_code\":true,"), "a value of the wrong type", "http_code", 0},
    {"a number as object", CURL("\"http_code\":{},"), "a value of the wrong type", "http_code", 0},
    {"1e999", CURL("\"time_total\":1e999,"), "a number that is not finite", "time_total", 0},
    {"-1e999", CURL("\"new\":-1e999,"), "a number that is not finite", "new", 0},
    {"only a time", "{\"time_total\":1}", NOT_CURLS, 0},
    {"only a code", "{\"http_code\":200}", NOT_CURLS, 0},
    {"a time that is null", "{\"time_total\":null,\"http_code\":200}", NOT_CURLS, 0},
    {"a code that is empty", "{\"time_total\":1,\"http_code\":\"\"}", NOT_CURLS, 0},
    {"curl_version is no text", "{\"curl_version\":8}", NOT_CURLS, 0},
    {"a wrapper around something else", "{\"ts\":1,\"curl\":{\"a\":1}}", NOT_CURLS, 0},
    {"a wrapper around nothing", "{\"ts\":1,\"curl\":null}", NOT_CURLS, 0},
    {"a wrapper around a list", "{\"ts\":1,\"curl\":[1]}", NOT_CURLS, 0},
    {"a template around an object that is none", "{\"time_total\":1,\"url\":\"x\",\"curl\":{}}",
     NOT_CURLS, 0},
    {"an empty object", "{}", NOT_CURLS, 0},
    {"a template with a word for a number", TEMPLATE("\"remote_port\":\"https\","),
     "a value of the wrong type", "remote_port", 0},
    {"a template with a key twice", TEMPLATE("\"http_code\":200,"), "a key twice", "http_code", 1},
    {"a key of one's own twice", "{\"a\":1,\"a\":\"x\",\"curl\":" CURL("") "}", "a key twice", "a",
     1},
    {"a key of one's own that curl writes too", "{\"new\":1,\"curl\":" CURL("\"new\":1,") "}",
     "a key twice", "new", 1},
    {"a number of one's own under a name of curl's", "{\"time_total\":1,\"curl\":" CURL("") "}",
     TAKEN, "time_total", 0},
    {"a text of one's own under a name of curl's", "{\"url\":\"x\",\"curl\":" CURL("") "}", TAKEN,
     "url", 0},
    {"a number of one's own under a derived name", "{\"failed\":0,\"curl\":" CURL("") "}", TAKEN,
     "failed", 0},
    {"a number of one's own under a name with a blank", "{\"my vu\":1,\"curl\":" CURL("") "}",
     NO_NAME, "my vu", 0},
    {"a text of one's own under a name with a comma", "{\"a,b\":\"x\",\"curl\":" CURL("") "}",
     NO_NAME, "a,b", 0},
    {"a number of one's own that is not finite", "{\"vu\":1e999,\"curl\":" CURL("") "}",
     "a number that is not finite", "vu", 0},
    {"what only json_scan takes", CURL("\"a\":1-2,"), "broken JSON", "", 1},
    {"a wrong literal", CURL("\"a\":nul,"), "broken JSON", "", 1},
    {"a wrong escape", CURL("\"a\":\"\\x\","), "broken JSON", "", 1},
};

static void refuses(void)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const int read = reads(refusals[i].text);
        char name[100];
        snprintf(name, sizeof name, "refused: %s", refusals[i].name);
        IS_TEXT(read ? "read" : refusal.reason, refusals[i].reason, name);
        snprintf(name, sizeof name, "%s: the key and the suspicion", refusals[i].name);
        OK(!read && strcmp(refusal.key, refusals[i].key) == 0 && refusal.mixed == refusals[i].mixed,
           name);
    }
}

static void reads_values(void)
{
    OK(reads(CURL("\"time_total\":0.063902,\"size_download\":9007199254740991,\"conn_id\":-1,"
                  "\"time_connect\":0.000000,\"http_version\":\"1.1\",\"errormsg\":null,\"http_"
                  "connect\":000,")),
       "an object is read");
    IS(transfer.number[F_TIME_TOTAL], 0.063902, "a number as it was written");
    IS(transfer.number[F_SIZE_DOWNLOAD], 9007199254740991.0, "a large one too");
    IS(transfer.number[F_CONN_ID], -1, "a negative one too");
    OK(transfer_has(&transfer, F_TIME_CONNECT) && !transfer_has(&transfer, F_TIME_QUEUE),
       "0 is there, absent is not");
    IS(transfer.number[F_HTTP_VERSION], 1.1, "the version as a number");
    IS(transfer.number[F_HTTP_CONNECT], 0, "000 is 0");
    OK(!transfer.text[F_ERRORMSG], "null is no text");
    OK(!reads(CURL("\"time_total\":0."
                   "1000000000000000000000000000000000000000000000000000000000000000000001,")) ||
           !(transfer.number[F_TIME_TOTAL] > 0.1 || transfer.number[F_TIME_TOTAL] < 0.1),
       "a number of many digits is exact, or refused");
    OK(reads(CURL("\"num_certs\":null,")) && !transfer_has(&transfer, F_NUM_CERTS),
       "a null number is absent");
    OK(reads(CURL("\"http_version\":\"x\",")) && !transfer_has(&transfer, F_HTTP_VERSION),
       "a version that is no number is absent");
    OK(reads_gaps(CURL("\"certs\":,\"urle.host\":\":,}\\\":,\",\"time_total\": ,\"conn_id\":7,"),
                  true) &&
           !transfer_has(&transfer, F_TIME_TOTAL) && (int)transfer.number[F_CONN_ID] == 7,
       "a missing value is absent, all others are there");
    IS_TEXT(transfer.text[F_URLE_HOST], ":,}\":,", "what looks like a gap in a text is none");
    OK(reads_gaps("{" VERSION ",\"certs\":}", true), "a value may be missing at the end");
    OK(reads(WRAPPED("1795423774", "\"conn_id\":3,")) && (int)transfer.number[F_CONN_ID] == 3,
       "a wrapper is opened");
    OK(reads("{\"curl\":" CURL("") ",\"headers\":{\"a\":[\"b\"]}}"),
       "beside it may stand anything");
}

/* Certificates are cut out of the text before it is parsed, where curl writes them. */
static void reads_certificates(void)
{
#define DATE                                                                                       \
    "Expire date:Nov 23 20:49:34 2026 GMT\\nCert:-----BEGIN CERTIFICATE-----\\n" FILL FILL FILL FILL
#define FILL "MIIBqDCCAU6gAwIBAgIQVhxoVvHXMBJ5xUOJ/5zTbzAKBggqhkjOPQQDAjAzMTEw"
    static const struct {
        const char *name, *text;
    } cases[] = {
        {"first", CURL("\"certs\":\"" DATE "\",\"num_certs\":1,")},
        {"first in a wrapper",
         WRAPPED("1795423774.748555123", "\"certs\":\"" DATE "\",\"num_certs\":1,")},
        {"with white space", CURL(" \"certs\" : \"" DATE "\" , \"num_certs\" : 1 ,")},
        {"in the middle", CURL("\"num_certs\":1,\"certs\":\"" DATE "\",")},
        {"last", "{" VERSION ",\"num_certs\":1,\"certs\":\"" DATE "\"}"},
        {"with quotes and backslashes",
         CURL("\"certs\":\"\\\"a\\\\\\\",\\\"\\\\\\n" DATE "\\\\\",\"num_certs\":1,")},
    };
    char name[100];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(name, sizeof name, "certificates %s", cases[i].name);
        OK(reads(cases[i].text) && (int)transfer_get(&transfer, F_NUM_CERTS, 0) == 1, name);
        snprintf(name, sizeof name, "certificates %s: the date they expire", cases[i].name);
        IS(transfer_get(&transfer, F_CERT_EXPIRY, 0), 1795466974, name);
    }
    OK(reads(cases[1].text) && transfer.time_ns == INT64_C(1795423774748555123),
       "and the time beside them");
    OK(reads(CURL("\"certs\":\"\",\"num_certs\":0,")) && !transfer_has(&transfer, F_CERT_EXPIRY),
       "no certificates");
    OK(!reads(CURL("\"certs\":\"" DATE "\",\"certs\":\"" DATE "\",")),
       "certificates twice are refused");
    OK(reads("{\"x\":{\"certs\":\"" DATE "\",\"y\":1},\"curl\":" CURL("") "}") &&
           !transfer_has(&transfer, F_CERT_EXPIRY),
       "another object's certificates are not this transfer's");
}

static const char *own_text(const char *name)
{
    for (size_t i = 0; i < transfer.own_text_count; i++)
        if (strcmp(transfer.own_texts[i].name, name) == 0)
            return transfer.own_texts[i].text;
    return "(none)";
}

static double own_number(const char *name)
{
    for (size_t i = 0; i < transfer.extra_count; i++)
        if (strcmp(transfer.extras[i].name, name) == 0)
            return transfer.extras[i].value;
    return -9999;
}

static void reads_templates(void)
{
    static const char *const codes[] = {"\"http_code\":200", "\"response_code\":\"200\"",
                                        "\"exitcode\":0", "\"url\":\"http://h/\"",
                                        "\"url_effective\":\"http://h/\""};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char text[100];
        snprintf(text, sizeof text, "{%s,\"time_total\":0.25}", codes[i]);
        OK(reads(text) && transfer.number[F_TIME_TOTAL] > 0.2, text);
    }
    OK(reads(TEMPLATE(
           "\"dns\": 0.001, \"remote_port\": \"443\", \"http_version\": 2, \"time_connect\": "
           "\"0,020\",\"step\":\"login\",\"num_connects\":\"\",\"http_connect\":\"000\",")),
       "a template of one's own is a transfer");
    IS(transfer.number[F_REMOTE_PORT], 443, "a number in quotes");
    IS(transfer.number[F_TIME_CONNECT], 0.02, "a number in quotes, with a decimal comma");
    IS(transfer.number[F_HTTP_CONNECT], 0, "000 in quotes");
    IS(transfer.number[F_HTTP_VERSION], 2, "a version without quotes");
    OK(!transfer_has(&transfer, F_NUM_CONNECTS), "a number of no characters is absent");
    IS(own_number("dns"), 0.001, "a number under a name of one's own");
    IS_TEXT(own_text("step"), "login", "a text under a name of one's own");
    OK(reads("{\"ts\":1795423774,\"curl\":" TEMPLATE("") "}") &&
           transfer.time_ns == INT64_C(1795423774000000000),
       "a template in a wrapper");
#define TIMERS                                                                                     \
    "\"time_namelookup\":0.01,\"time_connect\":0.02,\"time_appconnect\":0.05,\"time_"              \
    "pretransfer\":"                                                                               \
    "0.05,"
    OK(reads(TEMPLATE(TIMERS)) && !transfer_has(&transfer, F_PHASE_WAIT) &&
           !transfer_has(&transfer, F_PHASE_DNS),
       "a template without all timers has no phases");
    OK(reads(TEMPLATE(TIMERS "\"time_starttransfer\":0.2,")) &&
           transfer_has(&transfer, F_PHASE_WAIT),
       "one with all of them has");
    OK(reads(TEMPLATE("\"host\":\"h.example\",")) &&
           strcmp(transfer.text[F_HOST], "h.example") == 0,
       "the host that a template names");
    OK(reads(CURL("\"time_total\":\"0.1\",\"http_version\":2,")),
       "curl's own object with such values");
    IS(transfer.number[F_TIME_TOTAL] + transfer.number[F_HTTP_VERSION], 2.1, "has them");
}

/* What two curls on one pipe can make of two objects: curl_version is lost in a text. */
static void refuses_broken_objects_of_curl(void)
{
    struct buf object;
    buf_init(&object, 65536);
    buf_append_text(&object, "{");
    for (int f = 0; f < F_URL; f++)
        if (f != F_CURL_VERSION && field_is_number((enum field_id)f) &&
            field_table[f].kind != FIELD_DERIVED)
            buf_printf(&object, "\"%s\":%d,", field_table[f].name, f == F_HTTP_CODE ? 36 : f);
    buf_append_text(&object, "\"url\":\"https://h/.14.1 OpenSSL/3.5.1\"}");
    char *const text = strdup(buf_text(&object));
    char *const code = strstr(text, "\"response_code\":36");
    OK(code || !reads(text),
       "an object without curl_version that is most of one of curl's is refused");
    OK(reads(text) || refusal.mixed, "and two curls are suspected");
    free(text);
    buf_release(&object);
}

static void reads_own_keys(void)
{
    OK(reads("{\"step\":\"login\",\"cache\":\"HIT\",\"vu\":7,\"warm\":true,\"none\":null,\"empty\":"
             "\"\","
             "\"headers\":{\"a\":[\"b\"]},\"old\":\"%header{x-cache}\",\"curl\":" CURL(
                 "\"time_total\":1,") "}"),
       "keys of one's own beside curl's object");
    IS(transfer.own_text_count, 4, "four of them are texts");
    IS_TEXT(own_text("empty"), "", "one of them is empty");
    IS_TEXT(own_text("step"), "login", "a text");
    IS_TEXT(own_text("cache"), "HIT", "another");
    IS_TEXT(own_text("warm"), "true", "a truth is a text");
    IS(transfer.extra_count, 1, "one is a number");
    IS(own_number("vu"), 7, "as it was written");
    OK(reads("{\"a\":\"https://u:s3cret@h/p?s3cret\",\"b\":\"see https://h/?s3cret\",\"c\":\"a@b "
             "?\",\"curl\":" CURL("") "}"),
       "texts with URLs in them");
    IS_TEXT(own_text("a"), "https://h/p", "a URL loses what can be secret");
    OK(!strstr(own_text("b"), "s3cret"), "so does one in a sentence");
    IS_TEXT(own_text("c"), "a@b ?", "other texts stay as they are");
}

static void reads_unknown_keys(void)
{
    OK(reads(CURL("\"time_new\":1.5,\"new_text\":\"s3cret\",\"new_list\":[1],\"new_null\":null,"
                  "\"failed\":9,"
                  "\"phase_dns\":9,")),
       "keys of a future curl are no error");
    IS(transfer.extra_count, 1, "only numbers of them are kept");
    IS_TEXT(transfer.extras[0].name, "time_new", "under their own name");
    IS(transfer.extras[0].value, 1.5, "as they are");
    OK((int)transfer.number[F_FAILED] == 1 && !transfer_has(&transfer, F_PHASE_DNS),
       "derived fields are not read");

    struct buf many;
    buf_init(&many, 65536);
    buf_append_text(&many, "{");
    for (int i = 0; i <= TRANSFER_EXTRAS_MAX; i++)
        buf_printf(&many, "\"x%d\":%d,", i, i);
    buf_append_text(&many, VERSION "}");
    OK(!reads(buf_text(&many)) && strstr(refusal.reason, "too many"),
       "too many of them are refused");
    buf_clear(&many);
    buf_printf(&many, "{\"%0129d\":1,%s}", 0, VERSION);
    OK(!reads(buf_text(&many)) && strlen(refusal.key) == sizeof refusal.key - 1,
       "one with a very long name too, and the name is cut");
    buf_release(&many);
}

static void keeps_secrets(void)
{
    static const char secret[] = "s3cret";
    struct buf all;
    struct error err;
    int leaks = 0;
    buf_init(&all, 65536);
    buf_append_text(&all,
                    "{\"certs\":\"s3cret\\nExpire date:Nov 23 20:49:34 2026 GMT\",\"errormsg\":"
                    "\"bad http://a:s3cret@h/?s3cret\",\"redirect_url\":\"http://a:s3cret@h/\","
                    "\"referer\":\"http://h/?s3cret\",\"url\":\"http://a:s3cret@h/?s3cret#s3cret\","
                    "\"url_effective\":\"http://u:s3/s3cret@h/\"");
    static const char *const parts[] = {"user", "password", "query", "fragment", "options"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        buf_printf(&all, ",\"url.%s\":\"s3cret\",\"urle.%s\":\"s3cret\"", parts[i], parts[i]);
    buf_append_text(&all, "," VERSION "}");
    tag_plan_init(&plan);
    for (int i = 0; i < FIELD_COUNT; i++)
        if (plan.count < TRANSFER_TAGS_MAX && field_table[i].kind != FIELD_NUMBER)
            (void)tag_plan_add_field(&plan, field_table[i].name, &err);
    OK(reads(buf_text(&all)), "an object full of secrets is read");
    for (int i = 0; i < FIELD_COUNT; i++)
        leaks += transfer.text[i] && strstr(transfer.text[i], secret);
    IS(leaks, 0, "no text of it holds one");
    for (size_t i = 0; i < transfer.tag_count; i++)
        leaks += strstr(transfer.tags[i].value, secret) != NULL;
    OK(transfer.tag_count > 5 && leaks == 0, "no tag of it holds one");
    OK(transfer_has(&transfer, F_CERT_EXPIRY), "the certificates are still looked at");
    IS_TEXT(transfer.text[F_URL], "http://h/", "a URL keeps what is public");
    OK(reads("{\"url\":\"http://a:12/s3cret@h/\",\"url.path\":\"/s3cret@h/\",\"url_effective\":"
             "\"http://h/x\",\"urle.path\":\"/x\"," VERSION "}") &&
           !transfer.text[F_URL] && !transfer.text[F_URL_PATH],
       "where the URL may hold a password, its path is not kept either");
    IS_TEXT(transfer.text[F_URLE_PATH], "/x", "but that of another URL is");
    tag_plan_release(&plan);
    buf_release(&all);
}

static void evens_out_versions(void)
{
    OK(reads(CURL("\"scheme\":\"HTTPS\",\"url\":\"https://a:b@x.example:8443/\",")), "curl 7.88");
    IS_TEXT(transfer.text[F_SCHEME], "https", "the scheme is in lower case");
    IS_TEXT(transfer.text[F_HOST], "x.example", "the host comes from the URL");
    OK(reads(CURL("\"url\":\"https://x.example/\",\"url.host\":\"y.example\",")), "curl 8");
    IS_TEXT(transfer.text[F_HOST], "y.example", "the host is what curl says");
    OK(reads(CURL("\"url\":\"http://[::1]:80/\",")), "IPv6");
    IS_TEXT(transfer.text[F_HOST], "[::1]", "as a host");
    OK(reads(CURL("\"url\":\"http://u:p/w@h/\",")) && !transfer.text[F_HOST],
       "a URL that is none has no host");
}

static void keeps_arrivals_apart(void)
{
    static const char timed[] = WRAPPED("1795423774.748555002", "");
    int64_t last = 0;
    int rising = 1;
    parser_free(parser);
    parser = parser_new(&plan, 1024 * 1024);
    takes(timed, false, NOW);
    for (int i = 0; i < 1000; i++) {
        takes(CURL(""), false, NOW - i % 3);
        rising &= transfer.time_ns > last && transfer.time_ns != NOW + 2;
        last = transfer.time_ns;
    }
    OK(rising,
       "arrivals rise by at least 1 ns, though the clock steps back, around times that are taken");
    takes(timed, false, NOW);
    OK(transfer.time_ns == last + 1, "a stamp that was used moves to the next free time");
}

/* An object of a million values is 2 MB of text, and would be 64 MB of cJSON. */
static void bounds_memory(void)
{
    static char digits[2 * 1000 * 1000 + 100];
    char *p = digits + sprintf(digits, "{%s,\"a\":[0", VERSION);
    for (int i = 1; i < 1000 * 1000; i++) {
        *p++ = ',';
        *p++ = '1';
    }
    strcpy(p, "]}");
    OK(!reads(digits), "a million values in one object are refused");
    IS_TEXT(refusal.reason, "too many values in one object", "because there are too many");
    OK(takes(CURL(""), false, NOW), "and the next object is read");
}

int main(void)
{
    tag_plan_init(&plan);
    reads_times();
    reads_gaps_in_times();
    refuses();
    reads_values();
    reads_certificates();
    reads_unknown_keys();
    reads_templates();
    refuses_broken_objects_of_curl();
    reads_own_keys();
    keeps_secrets();
    evens_out_versions();
    keeps_arrivals_apart();
    bounds_memory();
    OK(*parser_library_version() >= '1', "the library has a version");
    parser_free(parser);
    return tap_done();
}
