/* Why: cJSON cannot read a value that curl left out, and would spend a third of
 * its time on copying certificates that nobody wants. Both are dealt with in the
 * text, before cJSON sees it. */
#include "input/json_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static bool is_escaped(const char *quote)
{
    size_t backslashes = 0;
    while (quote[-1 - (ptrdiff_t)backslashes] == '\\')
        backslashes++;
    return backslashes % 2;
}

/* Where the decimals begin, with their point, that end at `len`; `len` if there is no
 * point. */
static size_t decimals(const char *text, size_t len)
{
    size_t at = len;
    while (at > 0 && isdigit((unsigned char)text[at - 1]))
        at--;
    return at > 0 && text[at - 1] == '.' ? at - 1 : len;
}

char *json_text_fill_gaps(const char *text, size_t *len, struct arena *arena)
{
    size_t gaps = 0;
    for (size_t i = 0; i + 1 < *len; i++)
        gaps +=
            text[i] == ':' && (strchr(",}", text[i + 1]) || isspace((unsigned char)text[i + 1]));
    char *const filled = arena_alloc(arena, *len + 4 * gaps);
    if (!filled)
        return NULL;
    size_t out = 0;
    bool in_string = false, wanting = false;
    for (size_t i = 0; i < *len; i++) {
        const char c = text[i];
        if (!in_string && wanting && (c == ',' || c == '}')) {
            memcpy(filled + out, "null", 4);
            out += 4;
        }
        if (in_string || !isspace((unsigned char)c))
            wanting = !in_string && c == ':';
        if (c == '"')
            in_string = !in_string;
        if (!in_string && c == 'N' && decimals(filled, out) < out) {
            out = decimals(filled, out);
            continue;
        }
        filled[out++] = c;
        if (in_string && c == '\\')
            filled[out++] = text[++i];
    }
    *len = out;
    return filled;
}

char *json_text_cut_certs(char *text, size_t *len, const char **certs)
{
    static const char key[] = "{\"certs\":\"", wrapper[] = "\"curl\":{";
    enum { KEY = sizeof key - 1, WRAPPER = sizeof wrapper - 2, NEAR = 256 };
    char *const end = text + *len;
    char *at = text;
    *certs = NULL;
    if (at + KEY < end && memcmp(at, key, KEY) != 0) {
        const size_t near = *len < NEAR ? *len : NEAR;
        while (at + WRAPPER + KEY < text + near && memcmp(at, wrapper, WRAPPER) != 0)
            at++;
        at += WRAPPER;
    }
    if (at + KEY >= end || memcmp(at, key, KEY) != 0)
        return text;
    char *const inside = at + KEY;
    char *quote = inside;
    while ((quote = memchr(quote, '"', (size_t)(end - quote))) && is_escaped(quote))
        quote++;
    if (!quote || quote[1] != ',')
        return text;
    const size_t before = (size_t)(at + 1 - text);
    const size_t cut = (size_t)(quote + 1 - at);
    memmove(text + cut, text, before);
    *len -= cut;
    text += cut;
    *certs = "";
    if (inside < text) {
        text[-1] = '\0';
        *certs = inside;
    }
    return text;
}
