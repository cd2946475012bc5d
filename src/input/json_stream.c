/* Why: curl writes no newline between objects, users forget -o, pipes are cut
 * and shared, and still every whole object must be found, whatever stands
 * around it and however the bytes come in. */
#include "input/json_stream.h"

#include <stddef.h>
#include <string.h>

static const char rubbish[] = "text that is no JSON object";

/* Reads the object at pos as far as there are bytes. */
static enum json_scan_result read_object(struct json_stream *f)
{
    const char *end = f->buf.data + f->buf.len;
    if (f->buf.len - f->pos > f->object_max)
        end = f->buf.data + f->pos + f->object_max;
    const char *at = f->buf.data + f->scanned;
    const enum json_scan_result result = json_scan_run(&f->scan, &at, end);
    f->scanned = (size_t)(at - f->buf.data);
    return result;
}

/* Counts the bytes up to `to` as done with. */
static void advance(struct json_stream *f, size_t to)
{
    const char *p = f->buf.data + f->pos;
    const char *const end = f->buf.data + to;
    f->at.byte += to - f->pos;
    while ((p = memchr(p, '\n', (size_t)(end - p)))) {
        f->at.line++;
        p++;
    }
    f->pos = to;
}

/* Skips what may stand between objects: white space, NUL, a byte order mark,
 * the brackets and commas of an array. False at anything else. */
static bool skip_separators(struct json_stream *f)
{
    size_t p = f->pos;
    const char *const data = f->buf.data;
    while (p < f->buf.len) {
        if (json_scan_is_space((unsigned char)data[p]) || data[p] == '\0' || strchr("[],", data[p]))
            p++;
        else if (f->buf.len - p >= 3 && memcmp(data + p, "\xEF\xBB\xBF", 3) == 0)
            p += 3;
        else
            break;
    }
    if (p > f->pos)
        advance(f, p);
    return p == f->buf.len;
}

/* A byte order mark may be cut by the end of a read. */
static bool is_cut_mark(const struct json_stream *f)
{
    const size_t left = f->buf.len - f->pos;
    return !f->end && left < 3 && memcmp(f->buf.data + f->pos, "\xEF\xBB\xBF", left) == 0;
}

static void begin_object(struct json_stream *f)
{
    f->inside = true;
    f->scanned = f->pos + 1;
    json_scan_begin(&f->scan);
}

/* Leaves the broken object at pos. True if it is one to report: not when it is
 * a fragment of one that was (it broke at the same byte), nor when it never
 * looked like an object and stands in rubbish already reported. */
static bool give_up_object(struct json_stream *f, struct json_stream_item *item, const char *reason)
{
    const uint64_t failure = f->at.byte + (f->scanned - f->pos);
    const bool deeper =
        f->scan.depth > JSON_SCAN_DEPTH_MAX && f->trouble && f->at.byte < f->last_failure;
    const bool report = !f->trouble || (f->scan.keyed && failure != f->last_failure && !deeper);
    item->at = f->at;
    item->reason = f->scan.keyed ? reason : rubbish;
    item->rubbish = !f->scan.keyed;
    f->last_failure = failure;
    f->trouble = true;
    f->inside = false;
    advance(f, f->pos + 1);
    return report;
}

/* Skips bytes that begin no object. True if they are to be reported. */
static bool skip_rubbish(struct json_stream *f, struct json_stream_item *item)
{
    const bool report = !f->trouble;
    item->at = f->at;
    item->reason = rubbish;
    item->rubbish = true;
    f->trouble = true;
    const char *next = memchr(f->buf.data + f->pos, '{', f->buf.len - f->pos);
    advance(f, next ? (size_t)(next - f->buf.data) : f->buf.len);
    return report;
}

static void take_object(struct json_stream *f, struct json_stream_item *item)
{
    item->text = f->buf.data + f->pos;
    item->len = f->scanned - f->pos;
    item->gaps = f->scan.gaps;
    item->at = f->at;
    f->at.byte += item->len;
    f->at.line += f->scan.newlines;
    f->pos = f->scanned;
    f->inside = f->trouble = false;
}

void json_stream_init(struct json_stream *stream, size_t object_max)
{
    *stream = (struct json_stream){
        .object_max = object_max, .at = {.line = 1}, .last_failure = UINT64_MAX};
    buf_init(&stream->buf, object_max + 2 * JSON_STREAM_READ_SIZE);
}

void json_stream_release(struct json_stream *stream)
{
    buf_release(&stream->buf);
}

char *json_stream_space(struct json_stream *stream, size_t *room)
{
    buf_consume(&stream->buf, stream->pos);
    stream->scanned -= stream->inside ? stream->pos : stream->scanned;
    stream->pos = 0;
    char *space = buf_reserve(&stream->buf, JSON_STREAM_READ_SIZE);
    *room = JSON_STREAM_READ_SIZE;
    return space;
}

void json_stream_fill(struct json_stream *stream, size_t count)
{
    stream->buf.len += count;
}

void json_stream_end(struct json_stream *stream)
{
    stream->end = true;
}

enum json_stream_result json_stream_next(struct json_stream *stream, struct json_stream_item *item)
{
    *item = (struct json_stream_item){0};
    for (;;) {
        const char *reason = NULL;
        item->mixed = item->rubbish = false;
        if (!stream->inside) {
            if (skip_separators(stream) || is_cut_mark(stream))
                return stream->end ? JSON_STREAM_DONE : JSON_STREAM_MORE;
            if (stream->buf.data[stream->pos] == '{')
                begin_object(stream);
            else if (skip_rubbish(stream, item))
                return JSON_STREAM_REFUSED;
            else
                continue;
        }
        switch (read_object(stream)) {
        case JSON_SCAN_WHOLE:
            take_object(stream, item);
            return JSON_STREAM_OBJECT;
        case JSON_SCAN_BROKEN:
            reason = stream->scan.depth > JSON_SCAN_DEPTH_MAX ? "nested too deeply" : "broken JSON";
            item->mixed = stream->scan.keyed;
            break;
        case JSON_SCAN_GOING:
            if (stream->scanned - stream->pos >= stream->object_max)
                reason = "longer than --max-object";
            else if (stream->end)
                reason = "cut off by the end of the input";
            else
                return JSON_STREAM_MORE;
        }
        if (give_up_object(stream, item, reason))
            return JSON_STREAM_REFUSED;
    }
}
