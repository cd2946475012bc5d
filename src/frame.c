/* Why: curl writes no newline between objects, users forget -o, pipes are cut
 * and shared, and still every whole object must be found, whatever stands
 * around it and however the bytes come in. */
#include "tsdb_exporter/frame.h"

#include <stddef.h>
#include <string.h>

static const char rubbish[] = "text that is no JSON object";

/* Reads the object at pos as far as there are bytes. */
static enum scan_result read_object(struct frame *f)
{
    const char *end = f->buf.data + f->buf.len;
    if (f->buf.len - f->pos > f->object_max)
        end = f->buf.data + f->pos + f->object_max;
    const char *at = f->buf.data + f->scanned;
    const enum scan_result result = scan_run(&f->scan, &at, end);
    f->scanned = (size_t)(at - f->buf.data);
    return result;
}

/* Counts the bytes up to `to` as done with. */
static void advance(struct frame *f, size_t to)
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
static bool skip_separators(struct frame *f)
{
    size_t p = f->pos;
    const char *const data = f->buf.data;
    while (p < f->buf.len) {
        if (scan_is_space((unsigned char)data[p]) || data[p] == '\0' || strchr("[],", data[p]))
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
static bool is_cut_mark(const struct frame *f)
{
    const size_t left = f->buf.len - f->pos;
    return !f->end && left < 3 && memcmp(f->buf.data + f->pos, "\xEF\xBB\xBF", left) == 0;
}

static void begin_object(struct frame *f)
{
    f->inside = true;
    f->scanned = f->pos + 1;
    scan_begin(&f->scan);
}

/* Leaves the broken object at pos. True if it is one to report: not when it is
 * a fragment of one that was (it broke at the same byte), nor when it never
 * looked like an object and stands in rubbish already reported. */
static bool give_up_object(struct frame *f, struct frame_item *item, const char *reason)
{
    const uint64_t failure = f->at.byte + (f->scanned - f->pos);
    const bool deeper =
        f->scan.depth > SCAN_DEPTH_MAX && f->trouble && f->at.byte < f->last_failure;
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
static bool skip_rubbish(struct frame *f, struct frame_item *item)
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

static void take_object(struct frame *f, struct frame_item *item)
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

void frame_init(struct frame *frame, size_t object_max)
{
    *frame =
        (struct frame){.object_max = object_max, .at = {.line = 1}, .last_failure = UINT64_MAX};
    buf_init(&frame->buf, object_max + 2 * FRAME_READ_SIZE);
}

void frame_release(struct frame *frame)
{
    buf_release(&frame->buf);
}

char *frame_space(struct frame *frame, size_t *room)
{
    buf_consume(&frame->buf, frame->pos);
    frame->scanned -= frame->inside ? frame->pos : frame->scanned;
    frame->pos = 0;
    char *space = buf_reserve(&frame->buf, FRAME_READ_SIZE);
    *room = FRAME_READ_SIZE;
    return space;
}

void frame_fill(struct frame *frame, size_t count)
{
    frame->buf.len += count;
}

void frame_end(struct frame *frame)
{
    frame->end = true;
}

enum frame_result frame_next(struct frame *frame, struct frame_item *item)
{
    *item = (struct frame_item){0};
    for (;;) {
        const char *reason = NULL;
        item->mixed = item->rubbish = false;
        if (!frame->inside) {
            if (skip_separators(frame) || is_cut_mark(frame))
                return frame->end ? FRAME_DONE : FRAME_MORE;
            if (frame->buf.data[frame->pos] == '{')
                begin_object(frame);
            else if (skip_rubbish(frame, item))
                return FRAME_REFUSED;
            else
                continue;
        }
        switch (read_object(frame)) {
        case SCAN_WHOLE:
            take_object(frame, item);
            return FRAME_OBJECT;
        case SCAN_BROKEN:
            reason = frame->scan.depth > SCAN_DEPTH_MAX ? "nested too deeply" : "broken JSON";
            item->mixed = frame->scan.keyed;
            break;
        case SCAN_GOING:
            if (frame->scanned - frame->pos >= frame->object_max)
                reason = "longer than --max-object";
            else if (frame->end)
                reason = "cut off by the end of the input";
            else
                return FRAME_MORE;
        }
        if (give_up_object(frame, item, reason))
            return FRAME_REFUSED;
    }
}
