/* Why: the queue, its head, its cursors and its readers all speak of places, and must
 * not need each other for that. */
#include "spool/place.h"

#include <inttypes.h>
#include <stdio.h>

int queue_compare(struct queue_place a, struct queue_place b)
{
    if (a.segment != b.segment)
        return a.segment < b.segment ? -1 : 1;
    return a.offset < b.offset ? -1 : a.offset > b.offset;
}

void segment_name(char *name, uint32_t segment)
{
    snprintf(name, SEGMENT_NAME_ROOM, "%010" PRIu32 ".lp", segment);
}
