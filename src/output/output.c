/* Why: one table of what can stand before the '=' in -o, and what its members
 * share. A new output is a row here and a file beside this one. */
#include "output/output.h"

#include "base/spelling.h"
#include "layout/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

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
    *output = (struct output){.fd = -1, .layout = layout};
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
    if (output->type && output->type->close)
        output->type->close(output);
    free(output->name);
    free(output->url);
    free(output->authorization);
    if (output->fd > STDERR_FILENO)
        close(output->fd);
}

enum verdict output_judge_status(int status)
{
    static const struct {
        int status;
        enum verdict verdict;
    } table[] = {
        {0, VERDICT_TRY_AGAIN},   {400, VERDICT_REFUSED},   {401, VERDICT_DENIED},
        {403, VERDICT_DENIED},    {408, VERDICT_TRY_AGAIN}, {413, VERDICT_TRY_SMALLER},
        {425, VERDICT_TRY_AGAIN}, {429, VERDICT_TRY_AGAIN},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].status == status)
            return table[i].verdict;
    if (status / 100 == 2)
        return VERDICT_STORED;
    return status / 100 == 5 ? VERDICT_TRY_AGAIN : VERDICT_MISDIRECTED;
}

int output_split_url(const char *target, const char *form, struct url *parts, struct error *err)
{
    if (url_split(target, parts) < 0 || parts->host.len == 0 || strpbrk(target, " \t\r\n"))
        return error_set(err, "the URL is none; write %s", form);
    if (!(parts->scheme.len == 4 && strncasecmp(parts->scheme.at, "http", 4) == 0) &&
        !(parts->scheme.len == 5 && strncasecmp(parts->scheme.at, "https", 5) == 0))
        return error_set(err, "the URL must begin with http:// or https://");
    return 0;
}

size_t output_add_lines(struct output *output, struct batch *batch, const struct transfer *transfer,
                        const struct point *points, size_t count, bool *folded)
{
    *folded = false; /* nanoseconds are never shared */
    return line_append(&batch->data, output->layout->prefix, transfer, points, count);
}

/* The lines first <= i < end; none holds a raw newline. */
static struct bytes lines(const struct batch *batch, size_t first, size_t end)
{
    const char *at = batch->data.data, *from = at;
    const char *const stop = at + batch->data.len;
    if (first == 0 && end == batch->points)
        return (struct bytes){at, batch->data.len};
    for (size_t line = 0; line < end; line++) {
        if (line == first)
            from = at;
        at = (const char *)memchr(at, '\n', (size_t)(stop - at)) + 1;
    }
    return (struct bytes){from, (size_t)(at - from)};
}

int output_encode_lines(const struct output *output, const struct batch *batch, size_t first,
                        size_t end, struct buf *room, struct bytes *bytes, struct error *err)
{
    (void)output, (void)room, (void)err;
    *bytes = lines(batch, first, end);
    return 0;
}

void output_describe_line(const struct batch *batch, size_t point, struct buf *text)
{
    const struct bytes line = lines(batch, point, point + 1);
    buf_append(text, line.at, line.len - 1);
}
