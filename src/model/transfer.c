/* How a transfer's numbers and texts are kept and asked for, here and nowhere else. */
#include "model/transfer.h"

#include "base/text.h"

#include <string.h>

void transfer_set(struct transfer *transfer, enum field_id field, double value)
{
    transfer->present[field] = true;
    transfer->number[field] = value;
}

double transfer_get(const struct transfer *transfer, enum field_id field, double otherwise)
{
    return transfer->present[field] ? transfer->number[field] : otherwise;
}

double transfer_bytes_sent(const struct transfer *transfer)
{
    const double request = transfer_get(transfer, F_SIZE_REQUEST, 0);
    const double upload = transfer_get(transfer, F_SIZE_UPLOAD, 0);
    return request < upload ? request + upload : request;
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
