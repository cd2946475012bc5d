/* Why: only the parser of the input uses cJSON, whose numbers come out of printf.
 * Writing JSON takes no more than these few lines. RFC 8259. */
#include "base/json_write.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

static void append_string(const struct json *json, const char *value)
{
    struct buf *const out = json->out;
    char clean[TEXT_ROOM];
    const char *text = clean;
    text_clean(clean, value, false);
    buf_append(out, "\"", 1);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buf_append(out, "\\", 1);
        if (json->form == JSON_HTML && strchr("<>&", *text))
            buf_printf(out, "\\u%04x", (unsigned)*text);
        else
            buf_append(out, text, 1);
    }
    buf_append(out, "\"", 1);
}

static void break_line(const struct json *json)
{
    if (json->form == JSON_INDENTED && !json->row)
        buf_printf(json->out, "\n%*s", 2 * json->depth, "");
}

static void begin(struct json *json, const char *key)
{
    const bool spaces = json->form == JSON_INDENTED;
    if (!json->first)
        buf_append_text(json->out, json->row && spaces ? ", " : ",");
    if (json->depth)
        break_line(json);
    json->first = false;
    if (!key)
        return;
    append_string(json, key);
    buf_append_text(json->out, spaces ? ": " : ":");
}

void json_init(struct json *json, enum json_form form, struct buf *out)
{
    *json = (struct json){.out = out, .form = form, .first = true};
}

void json_open(struct json *json, const char *key, char bracket)
{
    begin(json, key);
    buf_append(json->out, &bracket, 1);
    json->depth++;
    json->first = true;
}

void json_open_row(struct json *json, const char *key)
{
    json_open(json, key, '[');
    json->row = true;
}

void json_close(struct json *json, char bracket)
{
    json->depth--;
    if (!json->first)
        break_line(json);
    buf_append(json->out, &bracket, 1);
    json->first = json->row = false;
    if (json->depth == 0)
        buf_append(json->out, "\n", 1);
}

void json_string(struct json *json, const char *key, const char *value)
{
    begin(json, key);
    append_string(json, value);
}

void json_number(struct json *json, const char *key, double value)
{
    char text[NUMBER_ROOM];
    begin(json, key);
    if (isfinite(value) && json->form == JSON_HTML && fabs(value) < 1000)
        buf_printf(json->out, "%.9g", value); /* what a page shows needs no more digits */
    else if (isfinite(value))
        buf_append(json->out, text, text_number(text, value));
    else /* a sum that overflowed; JSON has no word for it */
        buf_append_text(json->out, "null");
}

void json_count(struct json *json, const char *key, uint64_t value)
{
    begin(json, key);
    buf_printf(json->out, "%llu", (unsigned long long)value);
}

void json_integer(struct json *json, const char *key, int value)
{
    begin(json, key);
    buf_printf(json->out, "%d", value);
}

void json_literal(struct json *json, const char *key, const char *value)
{
    begin(json, key);
    buf_append_text(json->out, value);
}

void json_bool(struct json *json, const char *key, bool value)
{
    json_literal(json, key, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
    json_literal(json, key, "null");
}
