/* Why: nobody can list the ways in which a stranger may spell a secret. So the text is
 * decoded, one layer of escapes at a time, and each layer is searched for the plain secret.
 * For every decoded byte it is known which bytes of the text it came from. */
#include "base/mask.h"

#include "base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

enum {
    LAYERS_MAX = 4,  /* JSON in percent-encoding in JSON: enough */
    ALONE_BELOW = 4, /* secrets shorter than this count only as words of their own */
    CUT_OFF_MIN = 4, /* so much of a secret at the end of a text is taken for all of it */
    ESCAPE_OUT = 4   /* bytes that one escape can stand for */
};

/* text[i] was made of the bytes from[i] <= k < from[i + 1] of the original text. */
struct layer {
    char text[MASK_TEXT_MAX];
    uint16_t from[MASK_TEXT_MAX + 1];
    size_t len;
    bool hidden[MASK_TEXT_MAX]; /* of the original text */
};

static void hide(struct layer *layer, size_t begin, size_t end)
{
    for (size_t i = layer->from[begin]; i < layer->from[end]; i++)
        layer->hidden[i] = true;
}

static bool is_alone(const struct layer *layer, size_t begin, size_t end)
{
    return (begin == 0 || !isalnum((unsigned char)layer->text[begin - 1])) &&
           (end == layer->len || !isalnum((unsigned char)layer->text[end]));
}

/* How many bytes of `secret` the text begins with; a blank may be a '+', as in a form. */
static size_t common_length(const char *text, size_t len, const char *secret)
{
    size_t n = 0;
    while (n < len && secret[n] && (text[n] == secret[n] || (text[n] == '+' && secret[n] == ' ')))
        n++;
    return n;
}

static void hide_secret(struct layer *layer, const char *secret)
{
    const size_t len = strlen(secret);
    for (size_t i = 0; len && i < layer->len; i++) {
        const size_t n = common_length(layer->text + i, layer->len - i, secret);
        const bool whole = n == len && (len >= ALONE_BELOW || is_alone(layer, i, i + n));
        if (whole || (i + n == layer->len && n >= CUT_OFF_MIN))
            hide(layer, i, i + n);
    }
}

/* A word ends with a blank or a quote. */
static size_t word_length(const struct layer *layer, size_t at)
{
    size_t len = 0;
    while (at + len < layer->len && !strchr(" \t\r\n\f\v'\"`<>|", layer->text[at + len]))
        len++;
    return len;
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

/* Hides the port of "//host:port..." if it is none: a host and a user look the same. */
static void hide_port(struct layer *layer, size_t begin, size_t end)
{
    size_t at = begin;
    if (at < end && layer->text[at] == '[')
        while (at < end && layer->text[at] != ']')
            at++;
    while (at < end && layer->text[at] != ':' && !is_slash(layer->text[at]))
        at++;
    if (at == end || layer->text[at] != ':')
        return;
    size_t digits = at + 1;
    while (digits < end && isdigit((unsigned char)layer->text[digits]))
        digits++;
    if (digits < end && !strchr("/\\?#%&,;:.)]}", layer->text[digits]))
        hide(layer, at + 1, end);
}

static void hide_login(struct layer *layer, size_t begin, size_t end)
{
    size_t authority = begin, at = end;
    while (authority + 1 < end &&
           !(is_slash(layer->text[authority]) && is_slash(layer->text[authority + 1])))
        authority++;
    const bool url = authority + 1 < end;
    authority = url ? authority + 2 : begin;
    while (authority < end && is_slash(layer->text[authority]))
        authority++;
    while (at > authority && layer->text[at - 1] != '@')
        at--;
    if (at == authority) {
        if (url)
            hide_port(layer, authority, end);
        return;
    }
    at--; /* the last '@' */
    if (url || memchr(layer->text + begin, ':', at - begin))
        hide(layer, authority, at);
}

static void hide_logins(struct layer *layer)
{
    for (size_t at = 0; at < layer->len; at++) {
        const size_t len = word_length(layer, at);
        hide_login(layer, at, at + len);
        at += len;
    }
}

/* The value begins behind `at`, where a name has ended, if there is one: name=value,
 * "name":"value" or name:value; or, if it is a header's name, with blanks between. */
static size_t value_begin(const struct layer *layer, size_t at, bool header)
{
    const char *const text = layer->text;
    bool quoted = false;
    while (at < layer->len && strchr("\\\"'` ", text[at]))
        quoted |= text[at++] != ' ';
    if (at == layer->len || !strchr(":=", text[at]))
        return 0;
    const bool sure = header || quoted || text[at] == '=';
    const size_t begin = ++at;
    while (at < layer->len && strchr("\\\"'` ", text[at]))
        at++;
    return sure || at == begin ? at : 0;
}

static void hide_named(struct layer *layer)
{
    static const struct {
        const char *name;
        bool header; /* the value goes on to the end of the line */
    } names[] = {
        {"authorization", true}, {"cookie", true},  {"password", false}, {"passwd", false},
        {"token", false},        {"secret", false}, {"api-key", false},  {"api_key", false},
        {"apikey", false},       {"&p", false},     {"?p", false},
    };
    for (size_t at = 0; at < layer->len; at++)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            const size_t len = strlen(names[i].name);
            if (layer->len - at <= len || strncasecmp(layer->text + at, names[i].name, len) != 0)
                continue;
            const size_t begin = value_begin(layer, at + len, names[i].header);
            size_t end = begin;
            while (begin && end < layer->len &&
                   !strchr(names[i].header ? "\r\n\"" : "\r\n\"'` \t&;,}<>", layer->text[end]))
                end++;
            hide(layer, begin, end);
        }
}

/* `count` digits of base `base` at `text`: their value, or -1. */
static long digits_value(const char *text, size_t count, int base)
{
    long value = 0;
    for (size_t i = 0; i < count; i++) {
        const int c = tolower((unsigned char)text[i]);
        const int digit = isdigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
        if (digit >= base)
            return -1;
        value = value * base + digit;
    }
    return count ? value : -1;
}

static size_t put_utf8(char *out, long c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    out[0] = (char)(0xE0 | (c >> 12 & 0xF));
    out[1] = (char)(0x80 | (c >> 6 & 0x3F));
    out[2] = (char)(0x80 | (c & 0x3F));
    return 3;
}

/* "&amp;", "&#39;", "&#x27;". As decode. */
static size_t decode_entity(const char *text, size_t len, char *out, size_t *made)
{
    static const struct {
        const char *name;
        char c;
    } entities[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        const size_t n = strlen(entities[i].name);
        if (len >= n && memcmp(text, entities[i].name, n) == 0) {
            *made = put_utf8(out, entities[i].c);
            return n;
        }
    }
    const char *const end = memchr(text, ';', len < 10 ? len : 10);
    if (len < 4 || text[1] != '#' || !end)
        return 0;
    const bool hex = tolower((unsigned char)text[2]) == 'x';
    const char *const digits = text + (hex ? 3 : 2);
    const long c = digits_value(digits, (size_t)(end - digits), hex ? 16 : 10);
    if (c <= 0 || c > 0xFFFF)
        return 0;
    *made = put_utf8(out, c);
    return (size_t)(end - text) + 1;
}

/* The length of the escape that `text` begins with, or 0; what it stands for goes to `out`
 * (ESCAPE_OUT bytes), its length to `made`. An escape is never shorter than that. */
static size_t decode(const char *text, size_t len, char *out, size_t *made)
{
    static const char letters[][2] = {
        {'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'b', '\b'}, {'f', '\f'}};
    *made = 1;
    if (*text == '%' && len >= 3 && digits_value(text + 1, 2, 16) > 0) {
        *out = (char)digits_value(text + 1, 2, 16);
        return 3;
    }
    if (*text == '&')
        return decode_entity(text, len, out, made);
    if (*text != '\\' || len < 2)
        return 0;
    if (text[1] == 'u' && len >= 6 && digits_value(text + 2, 4, 16) > 0) {
        *made = put_utf8(out, digits_value(text + 2, 4, 16));
        return 6;
    }
    if (text[1] == 'x' && len >= 4 && digits_value(text + 2, 2, 16) > 0) {
        *out = (char)digits_value(text + 2, 2, 16);
        return 4;
    }
    *out = text[1];
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (text[1] == letters[i][0])
            *out = letters[i][1];
    return 2;
}

/* Decodes the layer in place. False if there was nothing to decode. */
static bool next_layer(struct layer *layer)
{
    size_t to = 0;
    bool any = false;
    for (size_t at = 0; at < layer->len;) {
        char out[ESCAPE_OUT] = {layer->text[at]};
        const uint16_t from = layer->from[at];
        size_t made = 1;
        const size_t used = decode(layer->text + at, layer->len - at, out, &made);
        any |= used > 0;
        for (size_t i = 0; i < made; i++) {
            layer->text[to] = out[i];
            layer->from[to++] = from;
        }
        at += used ? used : 1;
    }
    layer->from[to] = layer->from[layer->len];
    layer->len = to;
    return any;
}

void mask_append(struct buf *out, const char *text, size_t len, const struct string_list *secrets)
{
    struct layer layer = {.len = len < MASK_TEXT_MAX ? len : MASK_TEXT_MAX};
    char shown[3 * MASK_TEXT_MAX + 1], clean[TEXT_ROOM]; /* "***" for a byte */
    size_t used = 0;
    memcpy(layer.text, text, layer.len);
    for (size_t i = 0; i <= layer.len; i++)
        layer.from[i] = (uint16_t)i;
    const size_t original = layer.len;
    for (size_t n = 0; n < LAYERS_MAX; n++) {
        for (size_t i = 0; i < secrets->count; i++)
            hide_secret(&layer, secrets->items[i]);
        hide_logins(&layer);
        hide_named(&layer);
        if (!next_layer(&layer))
            break;
    }
    for (size_t i = 0; i < original; i++) {
        if (!layer.hidden[i]) {
            shown[used++] = text[i] ? text[i] : ' ';
        } else if (i == 0 || !layer.hidden[i - 1]) {
            memcpy(shown + used, "***", 3);
            used += 3;
        }
    }
    while (used && isspace((unsigned char)shown[used - 1]))
        used--;
    shown[used] = '\0';
    buf_append(out, clean, text_clean(clean, shown, false));
}

void mask_percent_decode(char *text)
{
    char *to = text;
    for (; *text; to++) {
        const long byte = *text == '%' && text[1] ? digits_value(text + 1, 2, 16) : -1;
        *to = byte > 0 ? (char)byte : *text;
        text += byte > 0 ? 3 : 1;
    }
    *to = '\0';
}
