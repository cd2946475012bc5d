/* Why: the one place that knows every kind of destination. */
#include "output/outputs.h"

#include "base/spelling.h"
#include "layout/layouts.h"
#include "output/file.h"
#include "output/influxdb.h"
#include "output/prometheus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct output_type *const output_types[] = {&output_influxdb, &output_prometheus,
                                                  &output_file, NULL};
enum { TYPES = sizeof output_types / sizeof *output_types - 1 };

static int unknown_type(const char *name, struct error *err)
{
    const char *names[TYPES + 1] = {0};
    for (size_t i = 0; i < TYPES; i++)
        names[i] = output_types[i]->name;
    char room[SPELLING_ROOM];
    const char *const hint = spelling_hint(room, name, names, "", "=");
    if (*hint)
        return error_set(err, "there is no output '%s'%s", name, hint);
    struct buf forms;
    buf_init(&forms, 256);
    for (size_t i = 0; i < TYPES; i++)
        buf_printf(&forms, "%s%s=%s", i ? ", " : "", output_types[i]->name, output_types[i]->form);
    error_set(err, "there is no output '%s'; use %s", name, buf_text(&forms));
    buf_release(&forms);
    return -1;
}

/* Sets the layout that stands behind the '/' and, for the messages, `name` to the type. */
static int read_names(struct output_spec *spec, const char *text, size_t len, char *name,
                      size_t room, struct error *err)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    const size_t type_len = strspn(text, letters);
    const bool named = text[type_len] == '/' && text[len];
    const size_t end = named ? type_len + 1 + strspn(text + type_len + 1, letters) : type_len;
    char layout[64];
    /* anything but words may be a URL, with a password in it */
    if (end != len)
        return error_set(err, "an output is TYPE=TARGET, such as influxdb=URL");
    snprintf(name, room, "%.*s", (int)(type_len < room ? type_len : room - 1), text);
    if (!named)
        return 0;
    len -= type_len + 1;
    snprintf(layout, sizeof layout, "%.*s", (int)(len < sizeof layout ? len : sizeof layout - 1),
             text + type_len + 1);
    spec->layout = layout_named(layout, err);
    return spec->layout ? 0 : -1;
}

static bool same_header(const char *a, const char *b)
{
    const size_t len = strcspn(a, ":;");
    return len == strcspn(b, ":;") && strncasecmp(a, b, len) == 0;
}

/* Adds a header; one of the same name gives way. */
static int add_header(struct output *output, const char *header)
{
    size_t n = 0;
    while (output->headers[n] && !same_header(output->headers[n], header))
        n++;
    if (n + 1 == OUTPUT_HEADERS_MAX)
        return -1;
    output->headers[n] = header;
    return 0;
}

static int set_target(struct output *output, const struct output_options *options,
                      struct error *err)
{
    if (output->gzip)
        add_header(output, "Content-Encoding: gzip");
    for (size_t i = 0; i < options->headers.count; i++)
        if (add_header(output, options->headers.items[i]) < 0)
            return error_set(err, "more than %d headers", OUTPUT_HEADERS_MAX - 1);
    output->target = (struct http_target){
        .url = output->url,
        .username = output->target.username,
        .password = output->target.password,
        .headers = output->headers,
        .insecure = options->insecure,
        .netrc = options->netrc,
        .cacert = options->cacert,
        .cert = options->cert,
        .key = options->key,
    };
    return 0;
}

int output_spec_read(struct output_spec *spec, const char *text, struct error *err)
{
    const size_t len = strcspn(text, "=");
    char name[64];
    *spec = (struct output_spec){.target = text + len + (text[len] == '=')};
    if (read_names(spec, text, len, name, sizeof name, err) < 0)
        return -1;
    for (size_t i = 0; i < TYPES && text[len]; i++)
        if (strcmp(output_types[i]->name, name) == 0)
            spec->type = output_types[i];
    return spec->type ? 0 : unknown_type(name, err);
}

bool output_is_totals(const struct output_spec *spec, const struct layout_type *layout)
{
    return layout->observe && spec->type->totals;
}

bool output_spec_is_stdout(const char *text)
{
    struct output_spec spec;
    struct error err;
    return output_spec_read(&spec, text, &err) == 0 && spec.type == &output_file &&
           strcmp(spec.target, "-") == 0;
}

int output_open(struct output *output, const char *text, const struct output_options *options,
                const struct layout *layout, struct error *err)
{
    struct output_spec spec;
    *output = (struct output){.layout = layout, .interval_ms = -1};
    if (output_spec_read(&spec, text, err) < 0)
        return -1;
    output->type = spec.type;
    if (output_is_totals(&spec, layout->type))
        output->type = spec.type->totals;
    else if (!layout->type->points)
        return error_set(err,
                         "the layout %s is for prometheus=: %s= gets the transfers themselves; "
                         "use metric or wide here",
                         layout->type->name, spec.type->name);
    if (output->type->open(output, spec.target, options, err) < 0)
        return -1;
    output->gzip = options->gzip && output->type->takes_gzip;
    return set_target(output, options, err);
}

void output_close(struct output *output)
{
    if (output->type)
        output->type->close(output);
    free(output->name);
    free(output->url);
    free(output->authorization);
}

void output_tell_state(const char *text, struct buf *out)
{
    for (size_t i = 0; i < TYPES; i++)
        if (output_types[i]->totals)
            output_types[i]->totals->tell_state(text, out);
}
