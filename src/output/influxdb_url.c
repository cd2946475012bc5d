/* Why: people know a host and a database, or the URL of a proxy; the APIs want a path, a
 * query and a precision. */
#include "output/influxdb_url.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct influxdb_endpoint endpoints[] = {
    {"/api/v3/write_lp", "precision=nanosecond", "Bearer", "db=", true},
    {"/api/v2/write", "precision=ns", "Token", "bucket=", true},
    {"/write", "precision=ns", "Token", "db=", false},
    {0},
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

struct url_part influxdb_url_value(struct url_part query, const char *name)
{
    struct url_part parameter, value = {0};
    while (!value.at && next_parameter(&query, &parameter))
        value = value_of(parameter, name);
    return value;
}

static bool has_parameter(struct url_part query, const char *name)
{
    return influxdb_url_value(query, name).at != NULL;
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
    const struct influxdb_endpoint *endpoint; /* NULL: the URL names none and no database */
    struct url_part path;                     /* as far as it is kept */
    const char *rest;                         /* what is put behind it */
    struct url_part database;                 /* from the path; at is NULL without one */
};

/* Finds the endpoint that the path ends with, or all but its last step. */
static bool find_endpoint(struct place *place)
{
    for (const struct influxdb_endpoint *e = endpoints; e->path; e++) {
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
    const struct influxdb_endpoint *const e = place->endpoint;
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

const struct influxdb_endpoint *influxdb_url_complete(struct buf *url, struct buf *path,
                                                      const struct url *parts,
                                                      const struct output_options *options,
                                                      struct error *err)
{
    const struct place place = find_place(parts, options->influx_bucket != NULL);
    const struct url_part precision = influxdb_url_value(parts->query, "precision");
    if (precision.at && !is_nanoseconds(precision)) {
        error_set(err, "times are sent in nanoseconds; leave precision= out of the URL");
        return NULL;
    }
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
