/* list: strings in a growing array, and the items of "a,b,c". */
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

#endif
