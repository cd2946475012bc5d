/* Why: curl writes no newline between its objects, users forget -o, and pipes are
 * cut off and shared. Every whole object must be found nevertheless, whatever
 * stands around it and in whatever pieces the bytes arrive. */
#include "input/json_stream.h"

#include <stddef.h>
#include <string.h>

static const char rubbish[] = "text that is no JSON object";

/* Scans the object at pos as far as there are bytes, and as far as it may be long. */
static enum json_scan_result read_object(struct json_stream *s)
{
    const char *end = s->buf.data + s->buf.len;
    if (s->buf.len - s->pos > s->object_max)
        end = s->buf.data + s->pos + s->object_max;
    const char *at = s->buf.data + s->scanned;
    const enum json_scan_result result = json_scan_run(&s->scan, &at, end);
    s->scanned = (size_t)(at - s->buf.data);
    return result;
}

/* Leaves the bytes before `to` behind, and counts the lines in them. */
static void advance(struct json_stream *s, size_t to)
{
    const char *p = s->buf.data + s->pos;
    const char *const end = s->buf.data + to;
    s->at.byte += to - s->pos;
    while ((p = memchr(p, '\n', (size_t)(end - p)))) {
        s->at.line++;
        p++;
    }
    s->pos = to;
}

/* Notes the last of the bytes from pos to `to`, which are given up. */
static void note_skipped(struct json_stream *s, size_t to)
{
    char last[sizeof s->skipped];
    size_t kept = sizeof last;
    for (size_t i = to; kept && i > s->pos; i--)
        if (!json_scan_is_space((unsigned char)s->buf.data[i - 1]))
            last[--kept] = s->buf.data[i - 1];
    memmove(s->skipped, s->skipped + sizeof last - kept, kept);
    memcpy(s->skipped + kept, last + kept, sizeof last - kept);
}

/* Skips what may stand between objects: white space, NUL, a byte order mark, and
 * the brackets and commas of an array. True when there is nothing else left. */
static bool skip_separators(struct json_stream *s)
{
    size_t p = s->pos;
    const char *const data = s->buf.data;
    while (p < s->buf.len) {
        if (json_scan_is_space((unsigned char)data[p]) || data[p] == '\0' || strchr("[],", data[p]))
            p++;
        else if (s->buf.len - p >= 3 && memcmp(data + p, "\xEF\xBB\xBF", 3) == 0)
            p += 3;
        else
            break;
    }
    if (s->trouble)
        note_skipped(s, p);
    if (p > s->pos)
        advance(s, p);
    return p == s->buf.len;
}

/* Whether what is left may be the first bytes of a byte order mark. */
static bool is_cut_mark(const struct json_stream *s)
{
    const size_t left = s->buf.len - s->pos;
    return !s->end && left < 3 && memcmp(s->buf.data + s->pos, "\xEF\xBB\xBF", left) == 0;
}

/* True if the object at hand stands behind "curl":, so that its wrapper is broken. */
static bool lost_wrapper(const struct json_stream *s)
{
    static const char mark[] = "\"curl\":";
    enum { MARK = sizeof mark - 1 };
    return memcmp(s->skipped + sizeof s->skipped - MARK, mark, MARK) == 0;
}

static void begin_object(struct json_stream *s)
{
    s->inside = true;
    s->scanned = s->pos + 1;
    json_scan_begin(&s->scan);
}

/* Gives up the broken object at pos. The search goes on one byte behind its '{', so
 * it may find fragments of the same object. True if this one is to be reported.
 * It is not if it broke at the same byte as the one before, whose fragment it is
 * then, nor if it never looked like an object and stands in rubbish that has been
 * reported. */
static bool give_up_object(struct json_stream *s, struct json_stream_item *item, const char *reason)
{
    const uint64_t failure = s->at.byte + (s->scanned - s->pos);
    const bool deeper =
        s->scan.depth > JSON_SCAN_DEPTH_MAX && s->trouble && s->at.byte < s->last_failure;
    const bool report = !s->trouble || (s->scan.keyed && failure != s->last_failure && !deeper);
    item->at = s->at;
    item->reason = s->scan.keyed ? reason : rubbish;
    item->rubbish = !s->scan.keyed;
    s->last_failure = failure;
    s->trouble = true;
    s->inside = false;
    s->wrapper_told = report;
    note_skipped(s, s->pos + 1);
    advance(s, s->pos + 1);
    return report;
}

/* Skips bytes up to the next '{'. True if they are to be reported. */
static bool skip_rubbish(struct json_stream *s, struct json_stream_item *item)
{
    const bool report = !s->trouble;
    item->at = s->at;
    item->reason = rubbish;
    item->rubbish = true;
    s->trouble = true;
    const char *next = memchr(s->buf.data + s->pos, '{', s->buf.len - s->pos);
    const size_t to = next ? (size_t)(next - s->buf.data) : s->buf.len;
    note_skipped(s, to);
    advance(s, to);
    return report;
}

static void take_object(struct json_stream *s, struct json_stream_item *item)
{
    item->text = s->buf.data + s->pos;
    item->len = s->scanned - s->pos;
    item->gaps = s->scan.gaps;
    item->at = s->at;
    s->at.byte += item->len;
    s->at.line += s->scan.newlines;
    s->pos = s->scanned;
    s->inside = s->trouble = s->wrapper_told = false;
    memset(s->skipped, 0, sizeof s->skipped);
}

/* Gives up an object that is whole, but not its wrapper. True if that is to be reported: the
 * wrapper may have been. */
static bool give_up_inner(struct json_stream *s, struct json_stream_item *item)
{
    const bool report = !s->wrapper_told;
    take_object(s, item);
    item->reason = "a wrapper around curl's object that is broken";
    item->mixed = true;
    s->trouble = true;
    return report;
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
            if (lost_wrapper(stream)) {
                if (give_up_inner(stream, item))
                    return JSON_STREAM_REFUSED;
                continue;
            }
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
