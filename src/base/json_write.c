/* Why: only the parser of the input uses cJSON, whose numbers come out of printf.
 * Writing JSON takes no more than these few lines. RFC 8259. */
#include "base/json_write.h"

#include "base/text.h"

#include <math.h>

static void append_string(struct buf *out, const char *value)
{
    char clean[TEXT_ROOM];
    const char *text = clean;
    text_clean(clean, value, false);
    buf_append(out, "\"", 1);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buf_append(out, "\\", 1);
        buf_append(out, text, 1);
    }
    buf_append(out, "\"", 1);
}

static void begin(struct json *json, const char *key)
{
    if (!json->first)
        buf_append(json->out, ",", 1);
    if (json->depth)
        buf_printf(json->out, "\n%*s", 2 * json->depth, "");
    json->first = false;
    if (!key)
        return;
    append_string(json->out, key);
    buf_append(json->out, ": ", 2);
}

void json_init(struct json *json, struct buf *out)
{
    *json = (struct json){.out = out, .first = true};
}

void json_open(struct json *json, const char *key, char bracket)
{
    begin(json, key);
    buf_append(json->out, &bracket, 1);
    json->depth++;
    json->first = true;
}

void json_close(struct json *json, char bracket)
{
    json->depth--;
    if (!json->first)
        buf_printf(json->out, "\n%*s", 2 * json->depth, "");
    buf_append(json->out, &bracket, 1);
    json->first = false;
    if (json->depth == 0)
        buf_append(json->out, "\n", 1);
}

void json_string(struct json *json, const char *key, const char *value)
{
    begin(json, key);
    append_string(json->out, value);
}

void json_number(struct json *json, const char *key, double value)
{
    char text[NUMBER_ROOM];
    begin(json, key);
    if (isfinite(value))
        buf_append(json->out, text, text_number(text, value));
    else /* a sum that overflowed; JSON has no word for it */
        buf_append_text(json->out, "null");
}

void json_count(struct json *json, const char *key, uint64_t value)
{
    begin(json, key);
    buf_printf(json->out, "%llu", (unsigned long long)value);
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
