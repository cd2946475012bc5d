/* Why: all that is peculiar to InfluxDB 1, 2 and 3, and to VictoriaMetrics when
 * it speaks their protocol: where to write, how to log in, what answers mean. */
#include "output/influxdb.h"

#include "base/url.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { URL_LENGTH_MAX = 8192 };

/* What stands at the end of the path says which API it is. Precision is always
 * given: InfluxDB 1 takes one it does not know as nanoseconds without a word. */
struct endpoint {
    const char *path;
    const char *precision;
    const char *scheme;   /* of the Authorization header */
    const char *database; /* the parameter that names it */
    bool all_or_nothing;  /* a 400 without "partial write" says nothing of other points */
};
static const struct endpoint endpoints[] = {
    {"/api/v3/write_lp", "precision=nanosecond", "Bearer", "db=", true},
    {"/api/v2/write", "precision=ns", "Token", "bucket=", true},
    {"/write", "precision=ns", "Token", "db=", false},
    {0},
};

/* An output's state. */
struct influxdb {
    const struct endpoint *endpoint;
};

static bool ends_with(struct url_part path, const char *end)
{
    const size_t len = strlen(end);
    return path.len >= len && memcmp(path.at + path.len - len, end, len) == 0;
}

static bool has_parameter(struct url_part query, const char *name)
{
    const size_t len = strlen(name);
    for (const char *p = query.at, *const end = query.at + query.len; p < end;) {
        if ((size_t)(end - p) > len && memcmp(p, name, len) == 0 && p[len] == '=')
            return true;
        const char *const next = memchr(p, '&', (size_t)(end - p));
        p = next ? next + 1 : end;
    }
    return false;
}

static void append_encoded(struct buf *buf, const char *text)
{
    for (; *text; text++)
        if (isalnum((unsigned char)*text) || strchr("-._~", *text))
            buf_append(buf, text, 1);
        else
            buf_printf(buf, "%%%02X", (unsigned char)*text);
}

static void append_parameter(struct buf *buf, char *separator, const char *name, const char *value)
{
    buf_append(buf, separator, 1);
    buf_append_text(buf, name);
    append_encoded(buf, value);
    *separator = '&';
}

/* Where to write: the endpoint that the path ends with, or the one that it implies. */
struct place {
    const struct endpoint *endpoint; /* NULL: the URL names none and no database */
    struct url_part path;            /* before the endpoint's own, or all of it */
    bool whole;                      /* it is all of it */
    struct url_part database;        /* from the path; at is NULL without one */
};

static struct place find_place(struct url_part path, bool has_bucket)
{
    struct place place = {.endpoint = endpoints, .path = path, .whole = true};
    while (place.path.len && place.path.at[place.path.len - 1] == '/')
        place.path.len--;
    while (place.endpoint->path && !ends_with(place.path, place.endpoint->path))
        place.endpoint++;
    if (place.endpoint->path)
        return place;
    place.whole = false;
    place.endpoint = has_bucket ? &endpoints[1] : NULL;
    if (place.path.len == 0)
        return place;
    const char *const end = place.path.at + place.path.len;
    const char *slash = end;
    while (*--slash != '/')
        ;
    place.endpoint = &endpoints[2];
    place.database = (struct url_part){slash + 1, (size_t)(end - slash - 1)};
    place.path.len = (size_t)(slash - place.path.at);
    return place;
}

/* Appends the query, with what it lacks. */
static void append_query(struct buf *url, const struct place *place, struct url_part query,
                         const struct output_options *options)
{
    const struct endpoint *const e = place->endpoint;
    char separator = query.len ? '&' : '?';
    if (query.len) {
        buf_append(url, "?", 1);
        buf_append(url, query.at, query.len);
    }
    if (place->database.at) {
        buf_printf(url, "%cdb=", separator);
        for (size_t i = 0; i < place->database.len; i++) { /* may be encoded: '%' stays */
            const char c = place->database.at[i];
            buf_printf(url, strchr("&+;=", c) ? "%%%02X" : "%c", (unsigned char)c);
        }
        separator = '&';
    }
    if (e == &endpoints[1] && options->influx_org && !has_parameter(query, "org") &&
        !has_parameter(query, "orgID"))
        append_parameter(url, &separator, "org=", options->influx_org);
    if (!place->database.at && options->influx_bucket && !has_parameter(query, "bucket") &&
        !has_parameter(query, "db"))
        append_parameter(url, &separator, e->database, options->influx_bucket);
    buf_printf(url, "%c%s", separator, e->precision);
}

/* http://host:8086/DB -> .../write?db=DB, and what a whole endpoint lacks. */
static const struct endpoint *complete_url(struct buf *url, struct buf *path,
                                           const struct url *parts,
                                           const struct output_options *options, struct error *err)
{
    const struct place place = find_place(parts->path, options->influx_bucket != NULL);
    if (!place.endpoint) {
        error_set(err, "the URL names no database; write http://host:8086/DATABASE");
        return NULL;
    }
    buf_append(path, place.path.at, place.path.len);
    if (!place.whole)
        buf_append_text(path, place.endpoint->path);
    buf_append(url, path->data, path->len);
    append_query(url, &place, parts->query, options);
    return place.endpoint;
}

static int set_login(struct output *output, const struct endpoint *e, const struct url *parts,
                     const struct output_options *options, struct error *err)
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
    if (has_parameter(parts.query, "precision"))
        return error_set(err, "leave precision= out of the URL: times are sent in nanoseconds");
    buf_append(url, target, (size_t)(parts.path.at - target));
    const struct endpoint *const e = complete_url(url, path, &parts, options, err);
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

const struct output_type output_influxdb = {
    .name = "influxdb",
    .form = "http://localhost:8086/DATABASE",
    .open = influxdb_open,
    .close = influxdb_close,
    .add = output_add_lines,
    .encode = output_encode_lines,
    .judge = influxdb_judge,
    .point_words = point_words,
    .describe = output_describe_line,
    .takes_gzip = true,
};
