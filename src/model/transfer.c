/* Why: everything behind the reader works on this struct alone, so how a number
 * is kept and asked for stands beside it and nowhere else. */
#include "model/transfer.h"

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
