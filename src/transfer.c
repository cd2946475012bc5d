/* Why: everything behind the reader works on this struct alone, so how a number
 * is kept and asked for stands beside it and nowhere else. */
#include "tsdb_exporter/transfer.h"

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

bool transfer_has_tag(const struct transfer *transfer, const char *key)
{
    for (size_t i = 0; i < transfer->tag_count; i++)
        if (strcmp(transfer->tags[i].key, key) == 0)
            return true;
    return false;
}
