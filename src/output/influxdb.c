/* Why: all that is peculiar to InfluxDB 1, 2 and 3, and to VictoriaMetrics when
 * it speaks their protocol: where to write, how to log in, what answers mean. */
#include "output/influxdb.h"

#include "base/url.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Sets `*parameter` to the first parameter of the query, which gets shorter by it. False
 * at its end. */
static bool next_parameter(struct url_part *query, struct url_part *parameter)
{
    const char *const stop = memchr(query->at, '&', query->len);
    if (query->len == 0)
        return false;
    *parameter = (struct url_part){query->at, stop ? (size_t)(stop - query->at) : query->len};
    query->at += parameter->len + (stop != NULL);
    query->len -= parameter->len + (stop != NULL);
    return true;
}

/* The value of the parameter if that is its name, else NULL in `at`. */
static struct url_part value_of(struct url_part parameter, const char *name)
{
    const size_t len = strlen(name);
    if (parameter.len <= len || memcmp(parameter.at, name, len) != 0 || parameter.at[len] != '=')
        return (struct url_part){0};
    return (struct url_part){parameter.at + len + 1, parameter.len - len - 1};
}

static struct url_part find_value(struct url_part query, const char *name)
{
    struct url_part parameter, value = {0};
    while (!value.at && next_parameter(&query, &parameter))
        value = value_of(parameter, name);
    return value;
}

static bool has_parameter(struct url_part query, const char *name)
{
    return find_value(query, name).at != NULL;
}

/* How the different APIs call nanoseconds, which is all that is sent. */
static bool is_nanoseconds(struct url_part precision)
{
    static const char *const names[] = {"ns", "n", "nanosecond"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == precision.len && memcmp(names[i], precision.at, precision.len) == 0)
            return true;
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

/* Where to write. */
struct place {
    const struct endpoint *endpoint; /* NULL: the URL names none and no database */
    struct url_part path;            /* as far as it is kept */
    const char *rest;                /* what is put behind it */
    struct url_part database;        /* from the path; at is NULL without one */
};

/* Finds the endpoint that the path ends with, or all but its last step. */
static bool find_endpoint(struct place *place)
{
    for (const struct endpoint *e = endpoints; e->path; e++) {
        const char *const step = strrchr(e->path, '/');
        char base[32];
        snprintf(base, sizeof base, "%.*s", (int)(step - e->path), e->path);
        place->endpoint = e;
        place->rest = output_path_ends(place->path, e->path) ? "" : step;
        if (!*place->rest || (*base && output_path_ends(place->path, base)))
            return true;
    }
    return false;
}

/* Nothing is asked of the server: the URL alone says what is meant. A path is a prefix (a
 * proxy's, say) if the query names the database, else its last step is the database. */
static struct place find_place(const struct url *parts, bool has_bucket)
{
    struct place place = {.path = parts->path};
    if (find_endpoint(&place))
        return place;
    place.endpoint = &endpoints[2];
    place.rest = "/write";
    if (output_path_is_tenant(place.path, "/influx"))
        return place;
    if (output_path_is_tenant(place.path, "")) {
        place.rest = "/influx/write";
        return place;
    }
    const bool v2 = has_parameter(parts->query, "bucket");
    if (v2 || (has_bucket && place.path.len == 0 && !has_parameter(parts->query, "db"))) {
        place.endpoint = &endpoints[1];
        place.rest = endpoints[1].path;
        return place;
    }
    if (has_parameter(parts->query, "db"))
        return place;
    if (place.path.len == 0) {
        place.endpoint = NULL;
        return place;
    }
    const char *const end = place.path.at + place.path.len;
    const char *slash = end;
    while (*--slash != '/')
        ;
    place.database = (struct url_part){slash + 1, (size_t)(end - slash - 1)};
    place.path.len = (size_t)(slash - place.path.at);
    return place;
}

/* Appends the query, with what it lacks. */
static void append_query(struct buf *url, const struct place *place, struct url_part query,
                         const struct output_options *options)
{
    const struct endpoint *const e = place->endpoint;
    char separator = '?';
    struct url_part rest = query, parameter;
    while (next_parameter(&rest, &parameter)) {
        if (parameter.len == 0 || value_of(parameter, "precision").at)
            continue;
        buf_append(url, &separator, 1);
        buf_append(url, parameter.at, parameter.len);
        separator = '&';
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
    const struct place place = find_place(parts, options->influx_bucket != NULL);
    if (!place.endpoint) {
        error_set(err, "the URL names no database; write http://host:8086/DATABASE");
        return NULL;
    }
    buf_append(path, place.path.at, place.path.len);
    buf_append_text(path, place.rest);
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
    const struct url_part precision = find_value(parts.query, "precision");
    if (precision.at && !is_nanoseconds(precision))
        return error_set(err, "times are sent in nanoseconds; leave precision= out of the URL");
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
        influxdb->endpoint != &endpoints[2] || url_split(output->url, &url) < 0)
        return NULL;
    const size_t end = url.path.len - strlen(influxdb->endpoint->path);
    const struct url_part place = {url.host.at, (size_t)(url.path.at + end - url.host.at)};
    struct buf name;
    buf_init(&name, URL_LENGTH_MAX);
    if (append_decoded(&name, find_value(url.query, "db")) && !memchr(place.at, '\'', place.len)) {
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
