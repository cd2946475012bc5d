/* Why: a JSON parser cannot tell "not yet whole" from "broken", and reads from
 * the beginning each time. This reader of JSON's grammar stops and goes on at any
 * byte and builds nothing, so that objects can be found in a stream at about the
 * speed of a copy. */
#include "input/json_scan.h"

#include <stddef.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

static bool starts_number(unsigned char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

static bool goes_on_number(unsigned char c)
{
    return starts_number(c) || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static bool in_array(const struct json_scan *s)
{
    return s->arrays >> s->depth & 1;
}

static enum json_scan_result open_level(struct json_scan *s, bool array)
{
    if (++s->depth > JSON_SCAN_DEPTH_MAX)
        return JSON_SCAN_BROKEN;
    s->arrays = (s->arrays & ~(UINT32_C(1) << s->depth)) | (uint32_t)array << s->depth;
    s->state = array ? ELEMENT_OR_CLOSE : KEY_OR_CLOSE;
    return JSON_SCAN_GOING;
}

static enum json_scan_result close_level(struct json_scan *s, bool array)
{
    if (in_array(s) != array)
        return JSON_SCAN_BROKEN;
    s->state = AFTER;
    return --s->depth == 0 ? JSON_SCAN_WHOLE : JSON_SCAN_GOING;
}

static enum json_scan_result after_value(struct json_scan *s, unsigned char c)
{
    if (c == '}' || c == ']')
        return close_level(s, c == ']');
    if (c != ',')
        return JSON_SCAN_BROKEN;
    s->state = in_array(s) ? ELEMENT : KEY;
    return JSON_SCAN_GOING;
}

static enum json_scan_result begin_value(struct json_scan *s, unsigned char c)
{
    if (c == '"') {
        s->key = false;
        s->state = STRING;
    } else if (c == '{' || c == '[') {
        return open_level(s, c == '[');
    } else if (starts_number(c)) {
        s->state = NUMBER;
    } else if (c >= 'a' && c <= 'z') {
        s->state = LITERAL;
    } else if (s->state == VALUE && (c == ',' || c == '}')) {
        s->gaps = true;
        return after_value(s, c);
    } else {
        return JSON_SCAN_BROKEN;
    }
    return JSON_SCAN_GOING;
}

/* One byte that is not inside a string, a number or a literal. */
static enum json_scan_result structure(struct json_scan *s, unsigned char c)
{
    if (json_scan_is_space(c)) {
        s->newlines += c == '\n';
        return JSON_SCAN_GOING;
    }
    switch (s->state) {
    case KEY_OR_CLOSE:
        if (c == '}')
            return close_level(s, false);
        /* fall through */
    case KEY:
        if (c != '"')
            return JSON_SCAN_BROKEN;
        s->key = true;
        s->state = STRING;
        return JSON_SCAN_GOING;
    case COLON:
        if (c != ':')
            return JSON_SCAN_BROKEN;
        s->keyed = true;
        s->state = VALUE;
        return JSON_SCAN_GOING;
    case ELEMENT_OR_CLOSE:
        if (c == ']')
            return close_level(s, true);
        /* fall through */
    case ELEMENT:
    case VALUE:
        return begin_value(s, c);
    default:
        return after_value(s, c);
    }
}

/* The first byte from `p` that ends a run inside a string: a quote, a backslash
 * or a control character (JSON allows none of those raw, and curl writes none).
 * Sixteen bytes at a time where there is SSE2: most of an object is strings. */
static const unsigned char *skip_string(const unsigned char *p, const unsigned char *end)
{
#ifdef __SSE2__
    for (; end - p >= 16; p += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
        const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
        const __m128i escapes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
        const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
        const int found = _mm_movemask_epi8(_mm_or_si128(controls, _mm_or_si128(quotes, escapes)));
        if (found)
            return p + __builtin_ctz((unsigned)found);
    }
#endif
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

/* Skips as many of those as there are from `p` on, each behind a comma. The state
 * is then AFTER, or still KEY if there was none. */
static const unsigned char *skip_plain_members(struct json_scan *s, const unsigned char *p,
                                               const unsigned char *end)
{
    for (const unsigned char *next; *p == '"' && (next = skip_plain_member(p, end));) {
        s->keyed = true;
        s->state = AFTER;
        p = next;
        if (end - p < 2 || p[0] != ',' || p[1] != '"')
            break;
        s->state = KEY;
        p++;
    }
    return p;
}

void json_scan_begin(struct json_scan *scan)
{
    *scan = (struct json_scan){.state = KEY_OR_CLOSE, .depth = 1};
}

bool json_scan_is_space(unsigned char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

enum json_scan_result json_scan_run(struct json_scan *scan, const char **text, const char *text_end)
{
    const unsigned char *p = (const unsigned char *)*text;
    const unsigned char *const end = (const unsigned char *)text_end;
    enum json_scan_result result = JSON_SCAN_GOING;
    while (p < end && result == JSON_SCAN_GOING) {
        switch (scan->state) {
        case STRING:
            p = skip_string(p, end);
            if (p == end)
                continue;
            if (*p == '"')
                scan->state = scan->key ? COLON : AFTER;
            else if (*p == '\\')
                scan->state = ESCAPE;
            else
                result = JSON_SCAN_BROKEN;
            break;
        case ESCAPE:
            scan->state = STRING;
            if (*p < 0x20)
                result = JSON_SCAN_BROKEN;
            break;
        case NUMBER:
            while (p < end && goes_on_number(*p))
                p++;
            if (p < end)
                scan->state = AFTER;
            continue;
        case LITERAL:
            if (*p >= 'a' && *p <= 'z')
                break;
            scan->state = AFTER;
            continue;
        case KEY:
            p = skip_plain_members(scan, p, end);
            if (scan->state == AFTER)
                continue;
            /* fall through */
        default:
            result = structure(scan, *p);
        }
        p += result != JSON_SCAN_BROKEN;
    }
    *text = (const char *)p;
    return result;
}
