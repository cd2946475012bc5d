/* Why: the slowest destination of a queue decides what can go. */
#include "drain/removal.h"

int removal_run(struct queue *queue, size_t index, size_t count, struct queue_place until,
                struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct cursor other;
        if (i == index)
            continue;
        if (cursor_load(queue->dir, i, &other, NULL, err) < 0)
            return 0;
        if (queue_compare(other.at, until) < 0)
            until = other.at;
    }
    return queue_remove(queue, until, err);
}
