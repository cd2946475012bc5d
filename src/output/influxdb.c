/* Why: all that is peculiar to InfluxDB 1, 2 and 3, and to VictoriaMetrics when
 * it speaks their protocol: where to write, how to log in, what answers mean. */
#include "output/influxdb.h"

#include "base/url.h"
#include "output/influxdb_url.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { URL_LENGTH_MAX = 8192 };

/* An output's state. */
struct influxdb {
    const struct influxdb_endpoint *endpoint;
};

static int set_login(struct output *output, const struct influxdb_endpoint *e,
                     const struct url *parts, const struct output_options *options,
                     struct error *err)
{
    if (parts->userinfo.len)
        return 0; /* libcurl takes it out of the URL */
    if (options->influx_token) {
        const size_t size = strlen(options->influx_token) + 32;
        output->authorization = malloc(size);
        if (!output->authorization)
            return error_set(err, "out of memory");
        snprintf(output->authorization, size, "Authorization: %s %s", e->scheme,
                 options->influx_token);
        if (strpbrk(output->authorization, "\r\n"))
            return error_set(err, "INFLUX_TOKEN holds a newline");
        output->headers[1] = output->authorization;
    } else {
        output->target.username = options->influx_username;
        output->target.password = options->influx_password;
    }
    return 0;
}

static int build(struct output *output, struct buf *url, struct buf *path, const char *target,
                 const struct output_options *options, struct error *err)
{
    struct url parts;
    if (output_split_url(target, output_influxdb.form, &parts, err) < 0)
        return -1;
    buf_append(url, target, (size_t)(parts.path.at - target));
    const struct influxdb_endpoint *const e =
        influxdb_url_complete(url, path, &parts, options, err);
    if (!e)
        return -1;
    if (url->failed || path->failed)
        return error_set(err, "the URL is longer than %d bytes", URL_LENGTH_MAX);
    struct influxdb *const influxdb = malloc(sizeof *influxdb);
    output->state = influxdb;
    output->url = strdup(buf_text(url));
    buf_clear(url);
    buf_printf(url, "influxdb %.*s://%.*s", (int)parts.scheme.len, parts.scheme.at,
               (int)(parts.path.at - parts.host.at), parts.host.at);
    buf_append(url, path->data, path->len);
    output->name = strdup(buf_text(url));
    output->headers[0] = "Content-Type: text/plain; charset=utf-8";
    if (!output->url || !output->name || !influxdb)
        return error_set(err, "out of memory");
    influxdb->endpoint = e;
    return set_login(output, e, &parts, options, err);
}

static int influxdb_open(struct output *output, const char *target,
                         const struct output_options *options, struct error *err)
{
    struct buf url, path;
    buf_init(&url, URL_LENGTH_MAX);
    buf_init(&path, URL_LENGTH_MAX);
    const int result = build(output, &url, &path, target, options, err);
    buf_release(&url);
    buf_release(&path);
    return result;
}

static void influxdb_close(struct output *output)
{
    free(output->state);
}

/* InfluxDB 1, 2 and 3. */
static const char *const point_words[] = {
    "partial write",     "unprocessable entity", "unable to parse", "field type conflict",
    "outside retention", "beyond retention",     "line_number",     NULL};

/* Measured; InfluxDB 2 and 3 from their documentation:
 * - "partial write", and 422 in their words: the good lines are stored.
 * - a limit on size may come as a 400.
 * - InfluxDB 1 answers 400 without "partial write" only when every line is bad;
 *   VictoriaMetrics and InfluxDB 2 store nothing because of one bad line. */
static enum verdict influxdb_judge(const struct output *output, const struct http_answer *answer,
                                   const struct attempt *attempt)
{
    (void)attempt; /* resending is harmless: the same points are the same points */
    static const char *const partial[] = {"partial write", NULL};
    static const char *const too_big[] = {"exceeds limit", "too big", "too large", "Too Large",
                                          NULL};
    const struct influxdb *const influxdb = output->state;
    size_t len;
    if (answer->status == 422)
        return output_answer_has(answer, point_words) ? VERDICT_PARTIAL : VERDICT_TRY_SMALLER;
    /* every InfluxDB says 204; a page behind a 200 is a proxy's, or a login's */
    if (answer->status / 100 == 2 && answer->status != 204 && *answer->body)
        return VERDICT_MISDIRECTED;
    if (answer->status != 400)
        return output_judge_status(answer->status);
    if (output_answer_has(answer, partial))
        return VERDICT_PARTIAL;
    if (output_answer_has(answer, too_big))
        return VERDICT_TOO_LARGE;
    if (!influxdb->endpoint->all_or_nothing &&
        http_answer_header(answer, "X-Influxdb-Version", &len))
        return VERDICT_REFUSED;
    return VERDICT_TRY_SMALLER;
}

/* Appends a parameter's value as it is meant. False if that holds anything that a shell or
 * InfluxQL could take for the end of a string. */
static bool append_decoded(struct buf *out, struct url_part value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.at[i] == '+' ? ' ' : value.at[i];
        if (c == '%') {
            if (value.len - i < 3 || !isxdigit((unsigned char)value.at[i + 1]) ||
                !isxdigit((unsigned char)value.at[i + 2]))
                return false;
            const char hex[] = {value.at[i + 1], value.at[i + 2], '\0'};
            c = (char)strtol(hex, NULL, 16);
            i += 2;
        }
        if ((unsigned char)c < ' ' || strchr("'\"\\\x7f", c))
            return false;
        buf_append(out, &c, 1);
    }
    return value.len > 0;
}

/* InfluxDB 1 does not make databases by itself: tells the command that does. It holds
 * neither userinfo nor any parameter but the database. */
static const char *influxdb_explain(const struct output *output, const struct http_answer *answer,
                                    const struct attempt *attempt, struct buf *why)
{
    (void)attempt;
    static const char *const words[] = {"database not found", NULL};
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    const struct influxdb *const influxdb = output->state;
    struct url url;
    if (answer->status != 404 || !output_answer_has(answer, words) ||
        strcmp(influxdb->endpoint->path, "/write") != 0 || url_split(output->url, &url) < 0)
        return NULL;
    const size_t end = url.path.len - strlen(influxdb->endpoint->path);
    const struct url_part place = {url.host.at, (size_t)(url.path.at + end - url.host.at)};
    struct buf name;
    buf_init(&name, URL_LENGTH_MAX);
    if (append_decoded(&name, influxdb_url_value(url.query, "db")) &&
        !memchr(place.at, '\'', place.len)) {
        const bool plain = strspn(buf_text(&name), letters) == name.len;
        const char *const quote = plain ? "" : "\"";
        buf_printf(why,
                   "; create it: curl -XPOST '%.*s://%.*s/query' --data-urlencode "
                   "'q=CREATE DATABASE %s%s%s'",
                   (int)url.scheme.len, url.scheme.at, (int)place.len, place.at, quote,
                   buf_text(&name), quote);
    }
    buf_release(&name);
    return NULL;
}

const struct output_type output_influxdb = {
    .name = "influxdb",
    .form = "http://localhost:8086/DATABASE",
    .open = influxdb_open,
    .close = influxdb_close,
    .add = output_add_lines,
    .encode = output_encode_lines,
    .judge = influxdb_judge,
    .point_words = point_words,
    .explain = influxdb_explain,
    .describe = output_describe_line,
    .takes_gzip = true,
};
