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
    bool unique_columns;  /* a tag and a field cannot have one name */
};
static const struct endpoint endpoints[] = {
    {"/api/v3/write_lp", "precision=nanosecond", "Bearer", "db=", true, true},
    {"/api/v2/write", "precision=ns", "Token", "bucket=", true, false},
    {"/write", "precision=ns", "Token", "db=", false, false},
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

/* http://host:8086/DB -> .../write?db=DB, and what a whole endpoint lacks. */
static const struct endpoint *complete_url(struct buf *url, struct buf *path,
                                           const struct url *parts,
                                           const struct output_options *options, struct error *err)
{
    struct url_part prefix = parts->path;
    const char *db = NULL;
    char separator = '?';
    while (prefix.len && prefix.at[prefix.len - 1] == '/')
        prefix.len--;
    const struct endpoint *e = endpoints;
    while (e->path && !ends_with(prefix, e->path))
        e++;
    const bool whole = e->path != NULL;
    if (!whole && prefix.len == 0 && !options->influx_bucket) {
        error_set(err, "the URL names no database; write http://host:8086/DATABASE");
        return NULL;
    }
    if (!whole && prefix.len == 0) {
        e = &endpoints[1];
        buf_append_text(path, e->path);
    } else if (!whole) {
        e = &endpoints[2];
        const char *slash = prefix.at + prefix.len;
        while (*--slash != '/')
            ;
        db = slash + 1;
        buf_append(path, prefix.at, (size_t)(slash - prefix.at));
        buf_append_text(path, e->path);
    } else {
        buf_append(path, prefix.at, prefix.len);
    }
    buf_append(url, path->data, path->len);
    if (parts->query.len) {
        buf_append(url, "?", 1);
        buf_append(url, parts->query.at, parts->query.len);
        separator = '&';
    }
    if (db) {
        buf_printf(url, "%cdb=", separator);
        for (; db < prefix.at + prefix.len; db++) /* may be encoded already: '%' stays */
            buf_printf(url, strchr("&+;=", *db) ? "%%%02X" : "%c", (unsigned char)*db);
        separator = '&';
    }
    if (e == &endpoints[1] && options->influx_org && !has_parameter(parts->query, "org") &&
        !has_parameter(parts->query, "orgID"))
        append_parameter(url, &separator, "org=", options->influx_org);
    if (!db && options->influx_bucket && !has_parameter(parts->query, "bucket") &&
        !has_parameter(parts->query, "db"))
        append_parameter(url, &separator, e->database, options->influx_bucket);
    buf_printf(url, "%c%s", separator, e->precision);
    return e;
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

/* InfluxDB 3 keeps tags and fields as columns of one table: where the wide
 * layout has both of one name, the tag stays. */
static int influxdb_add(struct output *output, struct batch *batch, const struct transfer *transfer,
                        const struct point *points, size_t count)
{
    const struct influxdb *const influxdb = output->state;
    struct point kept[LAYOUT_POINTS_MAX];
    if (!influxdb->endpoint->unique_columns)
        return output_add_lines(output, batch, transfer, points, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (!transfer_has_tag(transfer, points[i].field))
            kept[n++] = points[i];
    return output_add_lines(output, batch, transfer, kept, n);
}

/* Measured; InfluxDB 2 and 3 from their documentation:
 * - "partial write" and 422: the good lines are stored.
 * - a limit on size may come as a 400.
 * - InfluxDB 1 answers 400 without "partial write" only when every line is bad;
 *   VictoriaMetrics and InfluxDB 2 store nothing because of one bad line. */
static enum verdict influxdb_judge(const struct output *output, const struct http_answer *answer,
                                   const struct attempt *attempt)
{
    (void)attempt; /* resending is harmless: the same points are the same points */
    static const char *const too_big[] = {"exceeds limit", "too big", "too large", "Too Large"};
    const struct influxdb *const influxdb = output->state;
    size_t len;
    if (answer->status == 422)
        return VERDICT_PARTIAL;
    /* every InfluxDB says 204; a page behind a 200 is a proxy's, or a login's */
    if (answer->status / 100 == 2 && answer->status != 204 && *answer->body)
        return VERDICT_MISDIRECTED;
    if (answer->status != 400)
        return output_judge_status(answer->status);
    if (strstr(answer->body, "partial write"))
        return VERDICT_PARTIAL;
    for (size_t i = 0; i < sizeof too_big / sizeof *too_big; i++)
        if (strstr(answer->body, too_big[i]))
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
    .add = influxdb_add,
    .encode = output_encode_lines,
    .judge = influxdb_judge,
    .describe = output_describe_line,
    .takes_gzip = true,
};
