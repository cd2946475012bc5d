/* Why: curl writes no newline between objects, users forget -o, pipes are cut
 * and shared, and still every whole object must be found, whatever stands
 * around it and however the bytes come in. A JSON parser cannot tell "not yet
 * whole" from "broken"; this reader of JSON's grammar can, a byte at a time. */
#include "tsdb_exporter/frame.h"

#include <stddef.h>
#include <string.h>

enum state {
    KEY_OR_CLOSE, /* behind { */
    KEY,          /* behind a comma in an object */
    COLON,
    VALUE, /* behind a colon */
    ELEMENT_OR_CLOSE,
    ELEMENT, /* behind a comma in an array */
    AFTER,   /* behind a value */
    STRING,
    ESCAPE,
    NUMBER,
    LITERAL
};

static const char rubbish[] = "text that is no JSON object";

enum progress { GOING, WHOLE, BROKEN };

static bool is_space(unsigned char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static bool starts_number(unsigned char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

static bool goes_on_number(unsigned char c)
{
    return starts_number(c) || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static bool in_array(const struct frame *f)
{
    return f->arrays >> f->depth & 1;
}

static enum progress open_level(struct frame *f, bool array)
{
    if (++f->depth > FRAME_DEPTH_MAX)
        return BROKEN;
    f->arrays = (f->arrays & ~(UINT32_C(1) << f->depth)) | (uint32_t)array << f->depth;
    f->state = array ? ELEMENT_OR_CLOSE : KEY_OR_CLOSE;
    return GOING;
}

static enum progress close_level(struct frame *f, bool array)
{
    if (in_array(f) != array)
        return BROKEN;
    f->state = AFTER;
    return --f->depth == 0 ? WHOLE : GOING;
}

static enum progress after_value(struct frame *f, unsigned char c)
{
    if (c == '}' || c == ']')
        return close_level(f, c == ']');
    if (c != ',')
        return BROKEN;
    f->state = in_array(f) ? ELEMENT : KEY;
    return GOING;
}

static enum progress begin_value(struct frame *f, unsigned char c)
{
    if (c == '"') {
        f->key = false;
        f->state = STRING;
    } else if (c == '{' || c == '[') {
        return open_level(f, c == '[');
    } else if (starts_number(c)) {
        f->state = NUMBER;
    } else if (c >= 'a' && c <= 'z') {
        f->state = LITERAL;
    } else if (f->state == VALUE && (c == ',' || c == '}')) {
        f->gaps = true;
        return after_value(f, c);
    } else {
        return BROKEN;
    }
    return GOING;
}

/* One byte that is not inside a string, a number or a literal. */
static enum progress structure(struct frame *f, unsigned char c)
{
    if (is_space(c)) {
        f->newlines += c == '\n';
        return GOING;
    }
    switch (f->state) {
    case KEY_OR_CLOSE:
        if (c == '}')
            return close_level(f, false);
        /* fall through */
    case KEY:
        if (c != '"')
            return BROKEN;
        f->key = true;
        f->state = STRING;
        return GOING;
    case COLON:
        if (c != ':')
            return BROKEN;
        f->keyed = true;
        f->state = VALUE;
        return GOING;
    case ELEMENT_OR_CLOSE:
        if (c == ']')
            return close_level(f, true);
        /* fall through */
    case ELEMENT:
    case VALUE:
        return begin_value(f, c);
    default:
        return after_value(f, c);
    }
}

/* The high bit of each byte of `word` that is below `limit` (1 to 128), and
 * perhaps of bytes behind the first such; Bit Twiddling Hacks, "hasless". */
static uint64_t bytes_below(uint64_t word, uint64_t limit)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    return (word - ones * limit) & ~word & ones * 0x80;
}

/* The first byte from `p` that ends a run inside a string: a quote, a backslash
 * or a control character (JSON allows none of those raw, and curl writes none).
 * Eight bytes at a time: most of an https object is one string, its certs. */
static const unsigned char *skip_string(const unsigned char *p, const unsigned char *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (uint64_t word; end - p >= (ptrdiff_t)sizeof word; p += sizeof word) {
        memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        const uint64_t found = bytes_below(word, 0x20) | bytes_below(word ^ ones * '"', 1) |
                               bytes_below(word ^ ones * '\\', 1);
        if (found)
            return p + __builtin_ctzll(found) / 8;
    }
    while (p < end && *p != '"' && *p != '\\' && *p >= 0x20)
        p++;
    return p;
}

/* Reads "key":"text" or "key":number from the quote at `p`, which is what nearly
 * all of curl's object is, without a turn of the state machine for each byte.
 * Returns what stands behind it, or NULL when it is anything else. */
static const unsigned char *skip_plain_member(const unsigned char *p, const unsigned char *end)
{
    p = skip_string(p + 1, end);
    if (end - p < 4 || p[0] != '"' || p[1] != ':')
        return NULL;
    p += 2;
    if (*p == '"') {
        p = skip_string(p + 1, end);
        if (p == end || *p != '"')
            return NULL;
        p++;
    } else if (starts_number(*p)) {
        while (p < end && goes_on_number(*p))
            p++;
    } else {
        return NULL;
    }
    return p < end ? p : NULL;
}

/* Reads the object at pos as far as there are bytes; scan then stands behind it
 * (WHOLE), on its first wrong byte (BROKEN) or at the end (GOING). */
static enum progress read_object(struct frame *f)
{
    const unsigned char *const base = (const unsigned char *)f->buf.data;
    const unsigned char *end = base + f->buf.len;
    if (f->buf.len - f->pos > f->object_max)
        end = base + f->pos + f->object_max;
    const unsigned char *p = base + f->scan;
    enum progress progress = GOING;
    while (p < end && progress == GOING) {
        const unsigned char c = *p;
        switch (f->state) {
        case STRING:
            p = skip_string(p, end);
            if (p == end)
                continue;
            if (*p == '"' && !f->key)
                f->state = AFTER;
            else if (*p == '"')
                f->state = COLON;
            else if (*p == '\\')
                f->state = ESCAPE;
            else
                progress = BROKEN;
            break;
        case ESCAPE:
            f->state = STRING;
            if (c < 0x20)
                progress = BROKEN;
            break;
        case NUMBER:
            while (p < end && goes_on_number(*p))
                p++;
            if (p < end)
                f->state = AFTER;
            continue;
        case LITERAL:
            if (c >= 'a' && c <= 'z')
                break;
            f->state = AFTER;
            continue;
        case KEY:
            for (const unsigned char *next; *p == '"' && (next = skip_plain_member(p, end));) {
                f->keyed = true;
                f->state = AFTER;
                p = next;
                if (end - p < 2 || p[0] != ',' || p[1] != '"')
                    break;
                f->state = KEY;
                p++;
            }
            if (f->state == AFTER)
                continue;
            /* fall through */
        default:
            progress = structure(f, *p);
        }
        p += progress != BROKEN;
    }
    f->scan = (size_t)(p - base);
    return progress;
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
        if (is_space((unsigned char)data[p]) || data[p] == '\0' || strchr("[],", data[p]))
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
    f->scan = f->pos + 1;
    f->state = KEY_OR_CLOSE;
    f->depth = 1;
    f->arrays = 0;
    f->newlines = 0;
    f->gaps = f->keyed = f->key = false;
}

/* Leaves the broken object at pos. True if it is one to report: not when it is
 * a fragment of one that was (it broke at the same byte), nor when it never
 * looked like an object and stands in rubbish already reported. */
static bool give_up_object(struct frame *f, struct frame_item *item, const char *reason)
{
    const uint64_t failure = f->at.byte + (f->scan - f->pos);
    const bool report = !f->trouble || (f->keyed && failure != f->last_failure);
    item->at = f->at;
    item->reason = f->keyed ? reason : rubbish;
    item->rubbish = !f->keyed;
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
    item->len = f->scan - f->pos;
    item->gaps = f->gaps;
    item->at = f->at;
    f->at.byte += item->len;
    f->at.line += f->newlines;
    f->pos = f->scan;
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
    frame->scan -= frame->inside ? frame->pos : frame->scan;
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
        case WHOLE:
            take_object(frame, item);
            return FRAME_OBJECT;
        case BROKEN:
            reason = frame->depth > FRAME_DEPTH_MAX ? "nested too deeply" : "broken JSON";
            item->mixed = frame->keyed;
            break;
        case GOING:
            if (frame->scan - frame->pos >= frame->object_max)
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
