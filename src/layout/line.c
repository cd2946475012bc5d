/* Why: the one place that knows how InfluxDB's text format is written and
 * escaped, so that nothing from a server, a shell or a curl can become a second
 * point. A transfer's tags and time are written once and copied into each line. */
#include "layout/line.h"

#include "base/text.h"

#include <string.h>

static char *put(char *to, const char *bytes, size_t count)
{
    if (count)
        memcpy(to, bytes, count);
    return to + count;
}

static void append_escaped(struct buf *out, const char *text, const char *special)
{
    while (*text) {
        const size_t plain = strcspn(text, special);
        buf_append(out, text, plain);
        text += plain;
        if (*text) {
            buf_append(out, "\\", 1);
            buf_append(out, text++, 1);
        }
    }
}

static void append_string(struct buf *out, const char *text)
{
    char clean[TEXT_ROOM];
    text_clean(clean, text, false);
    buf_append(out, "\"", 1);
    append_escaped(out, clean, "\"\\");
    buf_append(out, "\"", 1);
}

/* ",label=curl-quic" for all of the transfer's tags. */
static void append_tags(struct buf *out, const struct transfer *transfer)
{
    for (size_t i = 0; i < transfer->tag_count; i++) {
        buf_append(out, ",", 1);
        append_escaped(out, transfer->tags[i].key, ",= ");
        buf_append(out, "=", 1);
        append_escaped(out, transfer->tags[i].value, ",= ");
    }
}

/* What all lines of one transfer share. */
struct shared {
    const char *prefix;
    size_t prefix_len;
    struct buf tags;
    char time[NUMBER_ROOM + 2]; /* " TIME\n" */
    size_t time_len;
};

static void share(struct shared *shared, const char *prefix, const struct transfer *transfer)
{
    shared->prefix = prefix;
    shared->prefix_len = strlen(prefix);
    buf_init(&shared->tags, 4 * TRANSFER_TAGS_MAX * TEXT_ROOM);
    append_tags(&shared->tags, transfer);
    shared->time[0] = ' ';
    shared->time_len = 1 + text_integer(shared->time + 1, transfer->time_ns);
    shared->time[shared->time_len++] = '\n';
}

/* Appends a field: the first of a line with what stands before it, the last with the
 * time behind it. */
static void append_field(struct buf *out, const struct shared *shared, const struct point *point,
                         bool begins, bool ends)
{
    const size_t series_len = strlen(point->series), field_len = strlen(point->field);
    char *from = buf_reserve(out, shared->prefix_len + series_len + shared->tags.len + field_len +
                                      2 + NUMBER_ROOM + shared->time_len);
    if (!from)
        return;
    char *to = from;
    if (begins) {
        to = put(to, shared->prefix, shared->prefix_len);
        to = put(to, point->series, series_len);
        to = put(to, shared->tags.data, shared->tags.len);
    }
    *to++ = begins ? ' ' : ',';
    to = put(to, point->field, field_len);
    *to++ = '=';
    if (point->text) {
        out->len += (size_t)(to - from);
        append_string(out, point->text);
        from = to = buf_reserve(out, shared->time_len);
        if (!to)
            return;
    } else {
        to += text_number(to, point->number);
    }
    if (ends)
        to = put(to, shared->time, shared->time_len);
    out->len += (size_t)(to - from);
}

size_t line_append(struct buf *out, const char *prefix, const struct transfer *transfer,
                   const struct point *points, size_t count)
{
    struct shared shared;
    size_t lines = 0;
    share(&shared, prefix, transfer);
    for (size_t i = 0; i < count; i++) {
        const bool begins = i == 0 || points[i].series != points[i - 1].series;
        const bool ends = i + 1 == count || points[i].series != points[i + 1].series;
        append_field(out, &shared, &points[i], begins, ends);
        lines += begins;
    }
    out->failed |= shared.tags.failed;
    buf_release(&shared.tags);
    return lines;
}
