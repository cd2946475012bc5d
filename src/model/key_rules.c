/* Why: what one database takes, the next refuses with the whole request; so a name is
 * checked against all of them before anything is sent. */
#include "model/key_rules.h"

#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

size_t key_rules_span(const char *text, size_t len, const char *first, const char *others)
{
    size_t i = 0;
    while (i < len && text[i] &&
           (strchr(LETTERS, text[i]) || (i > 0 && strchr("0123456789_.-", text[i])) ||
            strchr(i > 0 ? others : first, text[i])))
        i++;
    return i;
}

bool key_rules_is_name(const char *name)
{
    const size_t len = strlen(name);
    return len > 0 && len <= KEY_MAX && key_rules_span(name, len, "_", "") == len &&
           strcmp(name, "time") != 0;
}
