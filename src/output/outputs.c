/* Why: the one place that knows every kind of destination. */
#include "output/outputs.h"

#include "base/spelling.h"
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

static int unknown_type(const char *spec, size_t len, struct error *err)
{
    char word[64];
    const char *names[TYPES + 1] = {0};
    /* anything but a word may be a URL, with a password in it */
    if (strspn(spec, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != len)
        return error_set(err, "an output is TYPE=TARGET, such as influxdb=URL");
    snprintf(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : sizeof word - 1), spec);
    for (size_t i = 0; i < TYPES; i++)
        names[i] = output_types[i]->name;
    char room[SPELLING_ROOM];
    const char *const hint = spelling_hint(room, word, names, "", "=");
    if (*hint)
        return error_set(err, "there is no output '%s'%s", word, hint);
    struct buf forms;
    buf_init(&forms, 256);
    for (size_t i = 0; i < TYPES; i++)
        buf_printf(&forms, "%s%s=%s", i ? ", " : "", output_types[i]->name, output_types[i]->form);
    error_set(err, "there is no output '%s'; use %s", word, buf_text(&forms));
    buf_release(&forms);
    return -1;
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

int output_open(struct output *output, const char *spec, const struct output_options *options,
                const struct layout *layout, struct error *err)
{
    const size_t len = strcspn(spec, "=");
    *output = (struct output){.layout = layout};
    for (size_t i = 0; i < TYPES && spec[len]; i++)
        if (strlen(output_types[i]->name) == len && memcmp(output_types[i]->name, spec, len) == 0)
            output->type = output_types[i];
    if (!output->type)
        return unknown_type(spec, len, err);
    if (output->type->open(output, spec + len + 1, options, err) < 0)
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
