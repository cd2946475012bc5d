/* Why: a JSON parser cannot tell "not yet whole" from "broken", and reads from
 * the beginning each time. This reader of JSON's grammar stops and goes on at any
 * byte and builds nothing, so that objects can be found in a stream at about the
 * speed of a copy. */
#include "input/json_scan.h"

enum state {
    KEY_OR_CLOSE, /* behind { */
    KEY,          /* behind a comma in an object */
    COLON,
    VALUE, /* behind a colon */
    ELEMENT_OR_CLOSE,
    ELEMENT, /* behind a comma in an array */
    AFTER,   /* behind a value */
    KEY_STRING,
    KEY_ESCAPE,
    STRING,
    ESCAPE,
    NUMBER,
    LITERAL,
    BROKEN
};

/* The bytes that end a run of text in a string, control characters among them:
 * JSON allows none in there, and curl writes none. Most bytes of an object are
 * looked up in here, which is twice as fast as three comparisons. */
/* clang-format off */
static const bool ends_run[256] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ['"'] = 1, ['\\'] = 1,
};
/* clang-format on */

static bool starts_number(unsigned char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

static bool continues_number(unsigned char c)
{
    return starts_number(c) || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static bool is_letter(unsigned char c)
{
    return c >= 'a' && c <= 'z';
}

static bool in_array(const struct json_scan *s)
{
    return s->arrays >> s->depth & 1;
}

static enum state open_level(struct json_scan *s, bool array)
{
    if (++s->depth > JSON_SCAN_DEPTH_MAX)
        return BROKEN;
    s->arrays = (s->arrays & ~(UINT32_C(1) << s->depth)) | (uint32_t)array << s->depth;
    return array ? ELEMENT_OR_CLOSE : KEY_OR_CLOSE;
}

static enum state close_level(struct json_scan *s, bool array)
{
    if (in_array(s) != array)
        return BROKEN;
    s->depth--;
    return AFTER;
}

static enum state after_value(struct json_scan *s, unsigned char c)
{
    if (c == ',')
        return in_array(s) ? ELEMENT : KEY;
    return c == '}' || c == ']' ? close_level(s, c == ']') : BROKEN;
}

static enum state begin_value(struct json_scan *s, enum state state, unsigned char c)
{
    if (c == '"')
        return STRING;
    if (starts_number(c))
        return NUMBER;
    if (c == '{' || c == '[')
        return open_level(s, c == '[');
    if (is_letter(c))
        return LITERAL;
    if (state != VALUE || (c != ',' && c != '}'))
        return BROKEN;
    s->gaps = true;
    return after_value(s, c);
}

/* What comes behind a byte that is not inside a string, a number or a literal. */
static enum state structure(struct json_scan *s, enum state state, unsigned char c)
{
    if (json_scan_is_space(c)) {
        s->newlines += c == '\n';
        return state;
    }
    switch (state) {
    case KEY_OR_CLOSE:
        if (c == '}')
            return close_level(s, false);
        /* fall through */
    case KEY:
        return c == '"' ? KEY_STRING : BROKEN;
    case COLON:
        s->keyed |= c == ':';
        return c == ':' ? VALUE : BROKEN;
    case ELEMENT_OR_CLOSE:
        if (c == ']')
            return close_level(s, true);
        /* fall through */
    case ELEMENT:
    case VALUE:
        return begin_value(s, state, c);
    default:
        return after_value(s, c);
    }
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
    enum state state = scan->state;
    while (p < end && scan->depth && state != BROKEN) {
        unsigned char c = *p++;
        switch (state) {
        case KEY_STRING:
        case STRING:
            while (!ends_run[c] && p < end)
                c = *p++;
            if (c == '"')
                state = state == KEY_STRING ? COLON : AFTER;
            else if (c == '\\')
                state = state == KEY_STRING ? KEY_ESCAPE : ESCAPE;
            else if (ends_run[c])
                state = BROKEN;
            break;
        case KEY_ESCAPE:
            state = c < 0x20 ? BROKEN : KEY_STRING;
            break;
        case ESCAPE:
            state = c < 0x20 ? BROKEN : STRING;
            break;
        case NUMBER:
            while (continues_number(c) && p < end)
                c = *p++;
            if (c == 'N') {
                scan->gaps = true;
                state = AFTER;
            } else if (!continues_number(c)) {
                state = structure(scan, AFTER, c);
            }
            break;
        case LITERAL:
            if (!is_letter(c))
                state = structure(scan, AFTER, c);
            break;
        default:
            state = structure(scan, state, c);
        }
    }
    scan->state = (unsigned char)state;
    *text = (const char *)p - (state == BROKEN); /* the first wrong byte is not behind it */
    return state == BROKEN ? JSON_SCAN_BROKEN : scan->depth ? JSON_SCAN_GOING : JSON_SCAN_WHOLE;
}
