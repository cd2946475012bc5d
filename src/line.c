/* Why: the one place that knows how InfluxDB's text format is written and
 * escaped, so that nothing from a server, a shell or a curl can become a second
 * point. A transfer's tags and time are written once and copied into each line. */
#include "tsdb_exporter/line.h"

#include "tsdb_exporter/text.h"

#include <string.h>

/* A name that came with the input; '#' would begin a comment. */
static void append_foreign(struct buf *out, const char *name)
{
    char clean[TEXT_ROOM];
    text_clean(clean, name, true);
    if (*clean == '#')
        *clean = '_';
    for (const char *p = clean; *p; p++) {
        if (strchr(",= ", *p))
            buf_append(out, "\\", 1);
        buf_append(out, p, 1);
    }
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

static void append_name(struct buf *out, const char *name, bool foreign)
{
    if (foreign)
        append_foreign(out, name);
    else
        buf_append_text(out, name);
}

static void append_field(struct buf *out, const struct point *point)
{
    append_name(out, point->field, point->foreign);
    buf_append(out, "=", 1);
    if (point->text) {
        append_string(out, point->text);
        return;
    }
    char *const room = buf_reserve(out, NUMBER_ROOM);
    if (room)
        out->len += text_number(room, point->number);
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

size_t line_append(struct buf *out, const char *prefix, const struct transfer *transfer,
                   const struct point *points, size_t count)
{
    struct buf tags;
    char time[NUMBER_ROOM + 2] = " ";
    size_t lines = 0;
    buf_init(&tags, 4 * TRANSFER_TAGS_MAX * TEXT_ROOM);
    append_tags(&tags, transfer);
    out->failed |= tags.failed;
    size_t time_len = 1 + text_integer(time + 1, transfer->time_ns);
    time[time_len++] = '\n';

    for (size_t i = 0; i < count; i++) {
        const bool begins = i == 0 || points[i].series != points[i - 1].series;
        const bool ends = i + 1 == count || points[i].series != points[i + 1].series;
        if (begins) {
            buf_append_text(out, prefix);
            append_name(out, points[i].series, points[i].foreign);
            buf_append(out, tags.data, tags.len);
            lines++;
        }
        buf_append(out, begins ? " " : ",", 1);
        append_field(out, &points[i]);
        if (ends)
            buf_append(out, time, time_len);
    }
    buf_release(&tags);
    return lines;
}
