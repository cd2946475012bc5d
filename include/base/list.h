/* list: strings in a growing array, and a walk through the items of "a,b,c". */
#ifndef TSDB_EXPORTER_BASE_LIST_H
#define TSDB_EXPORTER_BASE_LIST_H

#include <stddef.h>

struct string_list {
    char **items; /* owned, as are the strings */
    size_t count;
};

/* Appends a copy of `item`. 0, or -1: out of memory. */
int string_list_add(struct string_list *list, const char *item);
void string_list_release(struct string_list *list);

/* Copies the first item of "a,b,c" to `item` (`size` bytes) and moves `*rest` behind it,
 * to the next item, or to NULL after the last. 1: there is an item; 0: none is left; -1:
 * it is empty or too long (and skipped). "" is one empty item, "a," has one behind the
 * comma. */
int list_next(const char **rest, char *item, size_t size);

#endif
