/* How a transfer's numbers and texts are kept and asked for, here and nowhere else. */
#include "model/transfer.h"

#include "base/text.h"
#include "base/url.h"

#include <string.h>
#include <strings.h>

/* RTSP's codes are HTTP's (RFC 2326, 7.1.1), and a WebSocket begins with an HTTP answer. */
static const char *const http_schemes[] = {"https", "http", "wss", "ws", "rtsp"};

/* The scheme of a URL; its length is 0 if it names none. */
static struct url_part scheme_of(const char *text)
{
    struct url url;
    if (text && strstr(text, "://") && url_split(text, &url) == 0)
        return url.scheme;
    return (struct url_part){0};
}

void transfer_set(struct transfer *transfer, enum field_id field, double value)
{
    transfer->present[field] = true;
    transfer->number[field] = value;
}

double transfer_get(const struct transfer *transfer, enum field_id field, double otherwise)
{
    return transfer->present[field] ? transfer->number[field] : otherwise;
}

bool transfer_speaks_http(const struct transfer *transfer)
{
    const char *const known = transfer->text[F_SCHEME];
    struct url_part scheme = {known, known ? strlen(known) : 0};
    if (scheme.len == 0)
        scheme = scheme_of(transfer->text[F_URL_EFFECTIVE]);
    if (scheme.len == 0)
        scheme = scheme_of(transfer->text[F_URL]);
    for (size_t i = 0; scheme.len && i < sizeof http_schemes / sizeof *http_schemes; i++)
        if (strlen(http_schemes[i]) == scheme.len &&
            strncasecmp(http_schemes[i], scheme.at, scheme.len) == 0)
            return true;
    return scheme.len == 0;
}

double transfer_http_status(const struct transfer *transfer)
{
    const double code = transfer_get(transfer, F_RESPONSE_CODE, 0);
    return transfer_speaks_http(transfer) ? transfer_get(transfer, F_HTTP_CODE, code) : 0;
}

double transfer_bytes_sent(const struct transfer *transfer)
{
    const double request = transfer_get(transfer, F_SIZE_REQUEST, 0);
    const double upload = transfer_get(transfer, F_SIZE_UPLOAD, 0);
    return request < upload ? request + upload : request;
}

double transfer_bytes_received(const struct transfer *transfer)
{
    return transfer_get(transfer, F_SIZE_HEADER, 0) + transfer_get(transfer, F_SIZE_DOWNLOAD, 0);
}

bool transfer_has_tag(const struct transfer *transfer, const char *key)
{
    for (size_t i = 0; i < transfer->tag_count; i++)
        if (strcmp(transfer->tags[i].key, key) == 0)
            return true;
    return false;
}

const char *transfer_field_value(const struct transfer *transfer, enum field_id field, char *room)
{
    if (transfer->text[field])
        text_clean(room, transfer->text[field], true);
    else if (transfer_has(transfer, field))
        text_number(room, transfer->number[field]);
    else
        return NULL;
    return room;
}

const char *transfer_own_value(const struct transfer *transfer, const char *name, char *room)
{
    for (size_t i = 0; i < transfer->extra_count; i++)
        if (strcmp(transfer->extras[i].name, name) == 0) {
            text_number(room, transfer->extras[i].value);
            return room;
        }
    for (size_t i = 0; i < transfer->own_text_count; i++)
        if (strcmp(transfer->own_texts[i].name, name) == 0)
            return text_clean(room, transfer->own_texts[i].text, true) ? room : NULL;
    return NULL;
}

const char *transfer_value(const struct transfer *transfer, const char *key, enum field_id field,
                           char *room)
{
    for (size_t i = 0; i < transfer->tag_count; i++)
        if (strcmp(transfer->tags[i].key, key) == 0)
            return transfer->tags[i].value;
    if (field != FIELD_NONE)
        return transfer_field_value(transfer, field, room);
    return transfer_own_value(transfer, key, room);
}
