/* Why: some options are given many times, others take "a,b,c"; both are lists of
 * strings, and are handled alike wherever they are read. */
#include "base/list.h"

#include <stdlib.h>
#include <string.h>

int string_list_add(struct string_list *list, const char *item)
{
    char **const items = realloc(list->items, (list->count + 1) * sizeof *items);
    if (!items)
        return -1;
    list->items = items;
    items[list->count] = strdup(item);
    return items[list->count++] ? 0 : -1;
}

void string_list_release(struct string_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct string_list){0};
}

int list_next(const char **rest, char *item, size_t size)
{
    const char *const from = *rest;
    if (!from)
        return 0;
    const size_t len = strcspn(from, ",");
    *rest = from[len] ? from + len + 1 : NULL;
    if (len == 0 || len >= size)
        return -1;
    memcpy(item, from, len);
    item[len] = '\0';
    return 1;
}
