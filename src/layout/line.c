/* Why: the one place that knows how InfluxDB's text format is written and
 * escaped, so that nothing from a server, a shell or a curl can become a second
 * point. A transfer's tags and time are written once and copied into each line. */
#include "layout/line.h"

#include "base/text.h"

#include <string.h>

static char *put(char *to, const char *bytes, size_t count)
{
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

/* `separator`, the field's name, '=' and its value. */
static void append_field(struct buf *out, char separator, const struct point *point)
{
    const size_t name_len = strlen(point->field);
    char *to = buf_reserve(out, 1 + name_len + 1 + NUMBER_ROOM);
    if (!to)
        return;
    *to++ = separator;
    to = put(to, point->field, name_len);
    *to++ = '=';
    out->len += 1 + name_len + 1;
    if (point->text)
        append_string(out, point->text);
    else
        out->len += text_number(to, point->number);
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
    struct buf head; /* tags, and behind them " FIELD=" of the last line */
    size_t tags_len;
    const char *field;
    char time[NUMBER_ROOM + 2]; /* " TIME\n" */
    size_t time_len;
};

static void share(struct shared *shared, const char *prefix, const struct transfer *transfer)
{
    shared->prefix = prefix;
    shared->prefix_len = strlen(prefix);
    buf_init(&shared->head, 4 * TRANSFER_TAGS_MAX * TEXT_ROOM);
    append_tags(&shared->head, transfer);
    shared->tags_len = shared->head.len;
    shared->field = NULL;
    shared->time[0] = ' ';
    shared->time_len = 1 + text_integer(shared->time + 1, transfer->time_ns);
    shared->time[shared->time_len++] = '\n';
}

/* A line with one number, which is what nearly all lines of
 * the metric layout are, in one go. */
static void append_number_line(struct buf *out, struct shared *shared, const struct point *point)
{
    if (shared->field != point->field) {
        shared->field = point->field;
        shared->head.len = shared->tags_len;
        buf_append(&shared->head, " ", 1);
        buf_append_text(&shared->head, point->field);
        buf_append(&shared->head, "=", 1);
    }
    const size_t series_len = strlen(point->series);
    char *const room = buf_reserve(out, shared->prefix_len + series_len + shared->head.len +
                                            NUMBER_ROOM + shared->time_len);
    if (!room)
        return;
    char *to = put(room, shared->prefix, shared->prefix_len);
    to = put(to, point->series, series_len);
    to = put(to, shared->head.data, shared->head.len);
    to += text_number(to, point->number);
    to = put(to, shared->time, shared->time_len);
    out->len += (size_t)(to - room);
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
        lines += begins;
        if (begins && ends && !points[i].text) {
            append_number_line(out, &shared, &points[i]);
            continue;
        }
        if (begins) {
            buf_append_text(out, prefix);
            buf_append_text(out, points[i].series);
            buf_append(out, shared.head.data, shared.tags_len);
        }
        append_field(out, begins ? ' ' : ',', &points[i]);
        if (ends)
            buf_append(out, shared.time, shared.time_len);
    }
    out->failed |= shared.head.failed;
    buf_release(&shared.head);
    return lines;
}
