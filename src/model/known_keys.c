/* Two options name keys of which some cannot be known beforehand, --threshold and
 * --summary-by. Both refuse the same ones, in the same words. */
#include "model/known_keys.h"

#include "base/spelling.h"

#include <string.h>

enum { NAMES_MAX = FIELD_COUNT + TRANSFER_TAGS_MAX + 1 };

/* Fills `names` with all that have values, and a NULL behind them. Tags come first, so that
 * they win. */
static void list_names(const struct tag_plan *tags, const char **names)
{
    size_t count = 0;
    for (size_t i = 0; tags && i < tags->count; i++)
        names[count++] = tags->rules[i].key;
    if (tags)
        names[count++] = "label";
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (field_table[i].kind != FIELD_SECRET)
            names[count++] = field_table[i].name;
    names[count] = NULL;
}

bool known_keys_has(const struct tag_plan *tags, const char *key)
{
    for (size_t i = 0; tags && i < tags->count; i++)
        if (strcmp(tags->rules[i].key, key) == 0)
            return true;
    return field_find(key, 0) != FIELD_NONE || (tags && strcmp(key, "label") == 0);
}

int known_keys_check(const struct tag_plan *tags, const char *key, struct error *err)
{
    const char *names[NAMES_MAX + 1];
    const enum field_id field = field_find(key, 0);
    if (known_keys_has(tags, key))
        return field != FIELD_NONE && field_table[field].kind == FIELD_SECRET
                   ? error_set(err, "'%s' can hold secrets and is never shown", key)
                   : 0;
    list_names(tags, names);
    for (size_t i = 0; names[i]; i++)
        if (spelling_is_slip(key, names[i]))
            return error_set(err, "%s '%.100s'; did you mean '%s'?",
                             field_find(names[i], 0) == FIELD_NONE ? "there is no tag"
                                                                   : "curl has no key",
                             key, names[i]);
    return *key ? 0 : error_set(err, "curl has no key ''");
}

const char *known_keys_hint(const struct tag_plan *tags, const char *key, char *room)
{
    const char *names[NAMES_MAX + 1];
    list_names(tags, names);
    return spelling_hint(room, key, names, "'", "'");
}
