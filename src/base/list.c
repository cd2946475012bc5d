/* Why: options that may be given many times need an array that grows. */
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
