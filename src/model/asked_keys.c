/* Why: a key of a person's own cannot be checked when the options are read, and what is
 * asked for in vain must not be missing in silence. */
#include "model/asked_keys.h"

#include "base/list.h"
#include "model/key_rules.h"

#include <stdlib.h>
#include <string.h>

static int add(struct asked_keys *keys, const char *option, const char *name, bool only_numbers)
{
    struct asked_key *const items = realloc(keys->items, (keys->count + 1) * sizeof *items);
    if (!items)
        return -1;
    keys->items = items;
    items[keys->count] = (struct asked_key){option, strdup(name), only_numbers};
    if (!items[keys->count].name)
        return -1;
    keys->count++;
    return 0;
}

static bool has(const struct transfer *transfer, const struct asked_key *key)
{
    for (size_t i = 0; i < transfer->extra_count; i++)
        if (strcmp(transfer->extras[i].name, key->name) == 0)
            return true;
    for (size_t i = 0; !key->only_numbers && i < transfer->own_text_count; i++)
        if (strcmp(transfer->own_texts[i].name, key->name) == 0)
            return true;
    return false;
}

void asked_keys_release(struct asked_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        free(keys->items[i].name);
    free(keys->items);
    *keys = (struct asked_keys){0};
}

int asked_keys_add_tags(struct asked_keys *keys, const struct tag_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->rules[i].own && add(keys, "tag-field", plan->rules[i].own, false) < 0)
            return -1;
    return 0;
}

int asked_keys_add_fields(struct asked_keys *keys, const char *list, bool only_numbers)
{
    char name[KEY_MAX + 1];
    while (list && list_next(&list, name, sizeof name) > 0)
        if (!strpbrk(name, "*?[") && field_find(name, 0) == FIELD_NONE &&
            add(keys, "fields", name, only_numbers) < 0)
            return -1;
    return 0;
}

void asked_keys_cross_out(struct asked_keys *keys, const struct transfer *transfer)
{
    keys->any_transfer = true;
    for (size_t i = keys->count; i-- > 0;)
        if (has(transfer, &keys->items[i])) {
            free(keys->items[i].name);
            keys->items[i] = keys->items[--keys->count];
        }
}

void asked_keys_tell(const struct asked_keys *keys, const struct notice *to)
{
    for (size_t i = 0; keys->any_transfer && i < keys->count; i++) {
        const struct asked_key *const key = &keys->items[i];
        notice(to, NOTICE_WARN, "--%s: no transfer had a %s '%s'%s", key->option,
               key->only_numbers ? "number" : "key", key->name,
               key->only_numbers ? "; for a text add --text" : "");
    }
}
