/* influxdb: which URL, which login, what an answer means. */
#include "output/influxdb.h"

#include "layout/layouts.h"
#include "output/outputs.h"

#include "tap.h"

#define TYPE "Content-Type: text/plain; charset=utf-8"

/* The environment of InfluxDB's tools, as options keep it. */
struct login {
    const char *token, *org, *bucket, *username, *password;
};
static const struct login none, v2 = {.token = "T0K", .org = "my org", .bucket = "b&k"},
                                v1 = {.username = "me", .password = "pw"}, token = {.token = "T0K"};

static const struct {
    const char *name, *target;
    const struct login *login;
    const char *url, *output_name, *authorization;
} urls[] = {
    {"host and database", "http://localhost:8086/metrics", &none,
     "http://localhost:8086/write?db=metrics&precision=ns", "influxdb http://localhost:8086/write",
     NULL},
    {"a slash behind it", "http://h/db/", &none, "http://h/write?db=db&precision=ns",
     "influxdb http://h/write", NULL},
    {"a path before it", "https://h/a/b/db", &none, "https://h/a/b/write?db=db&precision=ns",
     "influxdb https://h/a/b/write", NULL},
    {"a retention policy", "http://h/db?rp=week", &none,
     "http://h/write?rp=week&db=db&precision=ns", "influxdb http://h/write", NULL},
    {"an encoded database", "http://h/my%20db%26x", &none,
     "http://h/write?db=my%20db%26x&precision=ns", "influxdb http://h/write", NULL},
    {"a database whose name means something in a query", "http://h/a&b+c", &none,
     "http://h/write?db=a%26b%2Bc&precision=ns", "influxdb http://h/write", NULL},
    {"a whole v1 endpoint", "http://h:8086/write?db=x", &none,
     "http://h:8086/write?db=x&precision=ns", "influxdb http://h:8086/write", NULL},
    {"VictoriaMetrics cluster", "http://h:8480/insert/0/influx/write", &none,
     "http://h:8480/insert/0/influx/write?precision=ns",
     "influxdb http://h:8480/insert/0/influx/write", NULL},
    {"a whole v2 endpoint", "http://h/api/v2/write?org=o&bucket=b", &v2,
     "http://h/api/v2/write?org=o&bucket=b&precision=ns", "influxdb http://h/api/v2/write",
     "Authorization: Token T0K"},
    {"v2, org and bucket from the environment", "http://h/api/v2/write", &v2,
     "http://h/api/v2/write?org=my%20org&bucket=b%26k&precision=ns",
     "influxdb http://h/api/v2/write", "Authorization: Token T0K"},
    {"v2, orgID instead", "http://h/api/v2/write?orgID=1", &v2,
     "http://h/api/v2/write?orgID=1&bucket=b%26k&precision=ns", "influxdb http://h/api/v2/write",
     "Authorization: Token T0K"},
    {"only a host, and a bucket: v2", "http://h:8086", &v2,
     "http://h:8086/api/v2/write?org=my%20org&bucket=b%26k&precision=ns",
     "influxdb http://h:8086/api/v2/write", "Authorization: Token T0K"},
    {"v2 under a path", "http://h/influx/api/v2/write/?bucket=b", &none,
     "http://h/influx/api/v2/write?bucket=b&precision=ns", "influxdb http://h/influx/api/v2/write",
     NULL},
    {"v3", "http://h:8181/api/v3/write_lp?db=d", &token,
     "http://h:8181/api/v3/write_lp?db=d&precision=nanosecond",
     "influxdb http://h:8181/api/v3/write_lp", "Authorization: Bearer T0K"},
    {"v1 with a token", "http://h/db", &token, "http://h/write?db=db&precision=ns",
     "influxdb http://h/write", "Authorization: Token T0K"},
    {"userinfo wins over the environment, and is not named", "http://u:s3cret@h:1/db", &v2,
     "http://u:s3cret@h:1/write?db=db&precision=ns", "influxdb http://h:1/write", NULL},
    {"VictoriaMetrics cluster, without the last step", "http://h:8480/insert/0/influx", &none,
     "http://h:8480/insert/0/influx/write?precision=ns",
     "influxdb http://h:8480/insert/0/influx/write", NULL},
    {"with a slash", "http://h/insert/0:12/influx/", &none,
     "http://h/insert/0:12/influx/write?precision=ns", "influxdb http://h/insert/0:12/influx/write",
     NULL},
    {"without the last two, behind a prefix", "http://h/vm/insert/multitenant?extra_label=a=b",
     &none, "http://h/vm/insert/multitenant/influx/write?extra_label=a=b&precision=ns",
     "influxdb http://h/vm/insert/multitenant/influx/write", NULL},
    {"with a database", "http://h/insert/0/influx/metrics", &none,
     "http://h/insert/0/influx/write?db=metrics&precision=ns",
     "influxdb http://h/insert/0/influx/write", NULL},
    {"the database in the query", "http://h:8086/?db=metrics", &none,
     "http://h:8086/write?db=metrics&precision=ns", "influxdb http://h:8086/write", NULL},
    {"without a slash before it, and with a bucket elsewhere", "http://h:8086?rp=week&db=metrics",
     &v2, "http://h:8086/write?rp=week&db=metrics&precision=ns", "influxdb http://h:8086/write",
     "Authorization: Token T0K"},
    {"a proxy's prefix and the database in the query", "https://h/influx/?db=metrics", &none,
     "https://h/influx/write?db=metrics&precision=ns", "influxdb https://h/influx/write", NULL},
    {"the bucket in the query: v2", "https://h/influx?org=o&bucket=b", &none,
     "https://h/influx/api/v2/write?org=o&bucket=b&precision=ns",
     "influxdb https://h/influx/api/v2/write", NULL},
    {"v2 without its last step", "http://h/api/v2/?bucket=b", &none,
     "http://h/api/v2/write?bucket=b&precision=ns", "influxdb http://h/api/v2/write", NULL},
    {"v3 without its last step", "http://h/p/api/v3?db=d", &none,
     "http://h/p/api/v3/write_lp?db=d&precision=nanosecond", "influxdb http://h/p/api/v3/write_lp",
     NULL},
    {"the precision that is sent", "http://h/write?precision=ns&db=x", &none,
     "http://h/write?db=x&precision=ns", "influxdb http://h/write", NULL},
    {"as InfluxDB 1 calls it", "http://h/db?precision=n", &none,
     "http://h/write?db=db&precision=ns", "influxdb http://h/write", NULL},
    {"as others do", "http://h/api/v3/write_lp?db=d&precision=ns", &none,
     "http://h/api/v3/write_lp?db=d&precision=nanosecond", "influxdb http://h/api/v3/write_lp",
     NULL},
    {"IPv6", "http://[::1]:8086/db", &none, "http://[::1]:8086/write?db=db&precision=ns",
     "influxdb http://[::1]:8086/write", NULL},
};

static const struct {
    const char *target, *why;
} wrong[] = {
#define A_SIGN                                                                                     \
    "the URL holds an '@' that is not the one between a password and the host; encode it as %40, " \
    "and a '/' in a password as %2F"
    {"http://h:8086", "the URL names no database; write http://host:8086/DATABASE"},
    {"http://h:8086/", "the URL names no database; write http://host:8086/DATABASE"},
    {"localhost:8086/db", "the URL must begin with http:// or https://"},
    {"ftp://h/db", "the URL must begin with http:// or https://"},
    {"", "this is not a URL; write http://localhost:8086/DATABASE"},
    {"http://", "this is not a URL; write http://localhost:8086/DATABASE"},
    {"http:///db", "this is not a URL; write http://localhost:8086/DATABASE"},
    {"http://h:port/db", "this is not a URL; write http://localhost:8086/DATABASE"},
    {"http://u:p/w@h/db", A_SIGN},
    {"http://u:p@w@h/db", A_SIGN},
    {"http://u:p?w@h/db", A_SIGN},
    {"http://h/d@b", A_SIGN},
    {"http://u:p@h/write?db=a@b", A_SIGN},
    {"u:p/w@h/db", A_SIGN},
    {"http://h/my db", "the URL holds a space; encode it as %20"},
    {"http://u:p w@h/db", "the URL holds a space; encode it as %20"},
    {"http://h/db#x", "the URL holds a '#'; encode it as %23"},
    {"http://u:p#w@h/db", "the URL holds a '#'; encode it as %23"},
    {"http://h/db\r\nX: y", "this is not a URL; write http://localhost:8086/DATABASE"},
    {"http://h/write?db=x&precision=ms",
     "times are sent in nanoseconds; leave precision= out of the URL"},
    {"http://h/write?precision=nsx",
     "times are sent in nanoseconds; leave precision= out of the URL"},
    {"http://h/write?precision=", "times are sent in nanoseconds; leave precision= out of the URL"},
};

static struct output_options with(const struct login *login)
{
    return (struct output_options){.influx_token = login->token,
                                   .influx_org = login->org,
                                   .influx_bucket = login->bucket,
                                   .influx_username = login->username,
                                   .influx_password = login->password};
}

static struct layout layout = {.type = &layout_table[0], .prefix = ""};
static struct output output;
static struct error err;

static int opens(const char *target, const struct output_options *options)
{
    char spec[10000];
    snprintf(spec, sizeof spec, "influxdb=%s", target);
    return output_open(&output, spec, options, &layout, &err);
}

static void completes_urls(void)
{
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        const struct output_options options = with(urls[i].login);
        if (opens(urls[i].target, &options) < 0) {
            IS_TEXT(err.text, urls[i].url, urls[i].name);
        } else {
            IS_TEXT(output.url, urls[i].url, urls[i].name);
            IS_TEXT(output.name, urls[i].output_name, "its name");
            IS_TEXT(output.headers[1], urls[i].authorization, "its login");
        }
        output_close(&output);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct output_options options = with(&none);
        char name[100];
        snprintf(name, sizeof name, "'%s' is refused", wrong[i].target);
        for (char *p = name; *p; p++)
            *p = *p == '\r' || *p == '\n' ? '?' : *p;
        IS_TEXT(opens(wrong[i].target, &options) < 0 ? err.text : "opened", wrong[i].why, name);
        output_close(&output);
    }
    char huge[9000];
    memset(huge, 'x', sizeof huge - 1);
    memcpy(huge, "http://h/", 9);
    huge[sizeof huge - 1] = '\0';
    const struct output_options options = with(&none);
    OK(opens(huge, &options) < 0 && strstr(err.text, "longer than 8192"), "a huge URL is refused");
    output_close(&output);
}

static void logs_in(void)
{
    struct output_options options = with(&v1);
    OK(opens("http://h/db", &options) == 0, "user and password from the environment");
    IS_TEXT(output.target.username, "me", "the user");
    IS_TEXT(output.target.password, "pw", "the password");
    output_close(&output);
    options.influx_token = "T\r\nX: y";
    OK(opens("http://h/db", &options) < 0 && strstr(err.text, "INFLUX_TOKEN") &&
           !strstr(err.text, "X: y"),
       "a token with a newline is refused, and not shown");
    output_close(&output);
    char header[] = "X-Scope-OrgID: t", *headers[] = {header};
    options = with(&token);
    options.headers = (struct string_list){headers, 1};
    OK(opens("http://h/db", &options) == 0, "headers");
    IS_TEXT(output.headers[0], TYPE, "what it is");
    IS_TEXT(output.headers[2], headers[0], "and the user's, last");
    output_close(&output);
}

#define V1 "X-Influxdb-Version: 1.6.7\r\n"
#define ENDPOINT_V1 "http://h/db"
#define ENDPOINT_V2 "http://h/api/v2/write?bucket=b"

static const struct {
    const char *name, *endpoint;
    int status;
    const char *headers, *body;
    enum verdict want;
} answers[] = {
    {"no answer", ENDPOINT_V1, 0, "", "", VERDICT_TRY_AGAIN},
    {"204", ENDPOINT_V1, 204, V1, "", VERDICT_STORED},
    {"partial write", ENDPOINT_V1, 400, V1,
     "{\"error\":\"partial write: field type conflict dropped=1\"}", VERDICT_PARTIAL},
    {"partial write, from VictoriaMetrics", ENDPOINT_V1, 400, "", "partial write: x",
     VERDICT_PARTIAL},
    {"every line bad", ENDPOINT_V1, 400, V1, "{\"error\":\"unable to parse 'x': missing fields\"}",
     VERDICT_REFUSED},
    {"the version in small letters", ENDPOINT_V1, 400, "x-influxdb-version: 1.8\r\n",
     "unable to parse", VERDICT_REFUSED},
    {"one bad line refuses all, VictoriaMetrics", ENDPOINT_V1, 400, "", "cannot unmarshal",
     VERDICT_TRY_SMALLER},
    {"one bad line refuses all, InfluxDB 2", ENDPOINT_V2, 400, V1, "unable to parse",
     VERDICT_TRY_SMALLER},
    {"too long as a 400", ENDPOINT_V1, 400, V1, "line too big", VERDICT_TOO_LARGE},
    {"over a limit as a 400", ENDPOINT_V1, 400, "", "exceeds limit of 33554432", VERDICT_TOO_LARGE},
    {"413", ENDPOINT_V1, 413, V1, "", VERDICT_TOO_LARGE},
    {"422", ENDPOINT_V2, 422, "", "{\"code\":\"unprocessable entity\"}", VERDICT_PARTIAL},
    {"422 of another server", ENDPOINT_V2, 422, "", "", VERDICT_TRY_SMALLER},
    {"401", ENDPOINT_V1, 401, V1, "", VERDICT_DENIED},
    {"404, no such database", ENDPOINT_V1, 404, V1, "{\"error\":\"database not found: \\\"x\\\"\"}",
     VERDICT_MISDIRECTED},
    {"429", ENDPOINT_V2, 429, "", "", VERDICT_TRY_AGAIN},
    {"503", ENDPOINT_V1, 503, "", "", VERDICT_TRY_AGAIN},
    {"500", ENDPOINT_V1, 500, V1, "retention policy not found", VERDICT_TRY_AGAIN},
};

static void judges(void)
{
    const struct output_options options = with(&none);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        const struct http_answer answer = {.status = answers[i].status,
                                           .body = answers[i].body,
                                           .headers = answers[i].headers,
                                           .words = ""};
        const struct attempt attempt = {.points = 1};
        opens(answers[i].endpoint, &options);
        IS(output.type->judge(&output, &answer, &attempt), answers[i].want, answers[i].name);
        output_close(&output);
    }
}

#define CREATE "; create it: curl -XPOST "
#define QUERY "/query' --data-urlencode 'q=CREATE DATABASE "

static void tells_how_to_create(void)
{
    static const struct {
        const char *target;
        int status;
        const char *want;
    } cases[] = {
        {"http://localhost:8086/metrics", 404, CREATE "'http://localhost:8086" QUERY "metrics'"},
        {"https://me:s3cret@h/proxy/?db=my%20db&p=s3cret", 404,
         CREATE "'https://h/proxy" QUERY "\"my db\"'"},
        {"http://[::1]:8086/write?db=a+b", 404, CREATE "'http://[::1]:8086" QUERY "\"a b\"'"},
        {"http://h/a-1", 404, CREATE "'http://h" QUERY "\"a-1\"'"},
        {"http://h/a%27%3Breboot", 404, ""},
        {"http://h/a%22b", 404, ""},
        {"http://h/a%0Ab", 404, ""},
        {"http://h/a%zz", 404, ""},
        {"http://h/a'b/db", 404, ""},
        {"http://h/write", 404, ""},
        {"http://h/db", 500, ""},
        {"http://h/api/v3/write_lp?db=d", 404, ""},
    };
    const struct output_options options = with(&none);
    const struct attempt attempt = {.points = 1};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct http_answer answer = {.status = cases[i].status,
                                           .body = "{\"error\":\"database not found: \\\"x\\\"\"}",
                                           .headers = "",
                                           .words = ""};
        struct buf why;
        buf_init(&why, 1000);
        opens(cases[i].target, &options);
        OK(!output.type->explain(&output, &answer, &attempt, &why), "no advice of its own");
        IS_TEXT(buf_text(&why), cases[i].want, cases[i].target);
        output_close(&output);
        buf_release(&why);
    }
    struct buf why;
    buf_init(&why, 1000);
    const struct http_answer other = {
        .status = 404, .body = "404 page not found", .headers = "", .words = ""};
    opens("http://h/db", &options);
    output.type->explain(&output, &other, &attempt, &why);
    IS_TEXT(buf_text(&why), "", "another 404");
    output_close(&output);
    buf_release(&why);
}

int main(void)
{
    completes_urls();
    logs_in();
    judges();
    tells_how_to_create();
    return tap_done();
}
