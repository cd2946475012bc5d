/* Why: what a value may be, and where it goes, depends on its key alone, wherever the key
 * stands. So this needs to know neither the parser nor the shape of the object. */
#include "input/keys.h"

#include "base/url.h"
#include "model/key_rules.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char not_finite[] = "a number that is not finite";
static const char wrong_type[] = "a value of the wrong type";

/* Reads a whole text as a number, as curl writes numbers: 200, 0.063902, -1. Some old
 * curls wrote the decimal comma of the locale. 0 or -1. */
static int read_quoted(char *text, double *number)
{
    char *const comma = strchr(text, ',');
    const size_t sign = *text == '-';
    if (text[sign + strspn(text + sign, "0123456789.,eE+-")] || !isdigit((unsigned char)text[sign]))
        return -1;
    if (comma)
        *comma = '.';
    char *end;
    *number = strtod(text, &end);
    return *end == '\0' ? 0 : -1;
}

static int read_number(struct keys *keys, enum field_id field, struct json_value value)
{
    const char *const name = field_table[field].name;
    const bool quoted = value.kind == JSON_TEXT;
    if (value.kind == JSON_NOTHING || (quoted && !*value.text))
        return 0; /* a variable that this curl does not know is written as nothing */
    if ((quoted && read_quoted(value.text, &value.number) < 0) ||
        (!quoted && value.kind != JSON_NUMBER))
        return refuse(keys->refusal, wrong_type, name);
    if (!isfinite(value.number))
        return refuse(keys->refusal, not_finite, name);
    transfer_set(keys->transfer, field, value.number);
    return 0;
}

/* A version that is no number ("x") is absent: it is a text of curl's. */
static int read_version(struct keys *keys, struct json_value value)
{
    double number;
    if (value.kind == JSON_TEXT && read_quoted(value.text, &number) < 0)
        return 0;
    return read_number(keys, F_HTTP_VERSION, value);
}

static int read_known(struct keys *keys, enum field_id field, struct json_value value)
{
    switch (field_table[field].kind) {
    case FIELD_NUMBER:
        return read_number(keys, field, value);
    case FIELD_VERSION:
        return read_version(keys, value);
    case FIELD_DERIVED:
    case FIELD_SECRET:
        return 0;
    case FIELD_URL:
        if (value.kind == JSON_TEXT)
            url_scrub(value.text);
        break;
    case FIELD_MESSAGE:
        if (value.kind == JSON_TEXT)
            url_scrub_message(value.text);
        break;
    case FIELD_TEXT:
        break;
    }
    if (value.kind == JSON_TEXT && value.text[0])
        keys->transfer->text[field] = value.text;
    return 0;
}

/* Keeps a text of the person's own. A URL in it loses its secrets as those of curl's do.
 * What curl before 7.84 makes of %header{...} is no value. */
static int keep_text(struct keys *keys, const char *name, char *text)
{
    struct transfer *const t = keys->transfer;
    if (strncmp(text, "%header{", 8) == 0)
        return 0;
    if (strstr(text, "://") && !text[strcspn(text, " ")])
        url_scrub(text);
    else if (strstr(text, "://"))
        url_scrub_message(text);
    t->own_texts[t->own_text_count++] = (struct own_text){name, text};
    return 0;
}

/* The list of names has as much room as the transfer has for numbers and for texts. */
static int read_unknown(struct keys *keys, const char *name, struct json_value value)
{
    struct transfer *const t = keys->transfer;
    const bool is_text = value.kind == JSON_TEXT || value.kind == JSON_TRUTH;
    for (size_t i = 0; i < keys->unknown_count; i++)
        if (strcmp(keys->unknown[i], name) == 0)
            return refuse_mixed(keys->refusal, "a key twice", name);
    if (keys->unknown_count == TRANSFER_EXTRAS_MAX)
        return refuse(keys->refusal, "too many keys that curl does not write", "");
    keys->unknown[keys->unknown_count++] = name;
    if (value.kind != JSON_NUMBER && !(is_text && keys->keeps_texts))
        return 0;
    if (!key_rules_is_name(name))
        return refuse(keys->refusal, "a name that databases cannot store", name);
    if (is_text)
        return keep_text(keys, name, value.text);
    if (!isfinite(value.number))
        return refuse(keys->refusal, not_finite, name);
    t->extras[t->extra_count++] = (struct extra_number){name, value.number};
    return 0;
}

void keys_begin(struct keys *keys, const char *certs, struct transfer *transfer,
                struct refusal *refusal)
{
    *keys = (struct keys){.transfer = transfer,
                          .refusal = refusal,
                          .seen = {[F_CERTS] = certs != NULL},
                          .certs = certs};
    transfer->tag_count = transfer->extra_count = transfer->own_text_count = 0;
    memset(transfer->present, 0, sizeof transfer->present);
    memset(transfer->text, 0, sizeof transfer->text);
}

int keys_read(struct keys *keys, const char *name, struct json_value value)
{
    const enum field_id field = field_find(name, keys->hint);
    if (field == FIELD_NONE)
        return read_unknown(keys, name, value);
    if (keys->seen[field])
        return refuse_mixed(keys->refusal, "a key twice", name);
    keys->seen[field] = true;
    keys->hint = (int)field + 1;
    if (field == F_CERTS && value.kind == JSON_TEXT)
        keys->certs = value.text;
    return read_known(keys, field, value);
}

int keys_read_own(struct keys *keys, const char *name, struct json_value value)
{
    if (field_find(name, 0) != FIELD_NONE)
        return refuse(keys->refusal, "a key of your own under a name of curl's", name);
    const bool kept = keys->keeps_texts;
    keys->keeps_texts = true;
    const int result = read_unknown(keys, name, value);
    keys->keeps_texts = kept;
    return result;
}

int keys_end(struct keys *keys, struct arena *arena)
{
    struct transfer *const t = keys->transfer;
    /* curl writes both; a template may have one */
    const double response = transfer_get(t, F_RESPONSE_CODE, transfer_get(t, F_HTTP_CODE, 0));
    if (transfer_get(t, F_HTTP_CODE, keys->keeps_texts ? response : 0) != response)
        return refuse_mixed(keys->refusal, "http_code and response_code of two transfers", "");
    if (keys->seen[F_URL] && !t->text[F_URL])
        t->text[F_URL_PATH] = NULL; /* if the URL may hold a password, its path may */
    if (keys->seen[F_URL_EFFECTIVE] && !t->text[F_URL_EFFECTIVE])
        t->text[F_URLE_PATH] = NULL;
    char *scheme = (char *)(uintptr_t)t->text[F_SCHEME]; /* a text that may be changed */
    for (; scheme && *scheme; scheme++)
        *scheme = (char)tolower((unsigned char)*scheme);
    if (t->text[F_URL_HOST])
        t->text[F_HOST] = t->text[F_URL_HOST];
    const char *const url = t->text[F_URL] ? t->text[F_URL] : t->text[F_URL_EFFECTIVE];
    struct url parts;
    if (t->text[F_HOST] || !url || url_split(url, &parts) < 0 || parts.host.len == 0)
        return 0;
    char *const host = arena_alloc(arena, parts.host.len + 1);
    if (!host)
        return 0;
    memcpy(host, parts.host.at, parts.host.len);
    host[parts.host.len] = '\0';
    t->text[F_HOST] = host;
    return 0;
}
