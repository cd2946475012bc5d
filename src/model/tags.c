/* Which tags there are is decided once, when the options are read: keys and labels are
 * checked then, and the rules sorted. For each transfer only the values are filled in. */
#include "model/tags.h"

#include "base/text.h"
#include "model/key_rules.h"

#include <stdlib.h>
#include <string.h>

static int check_key(const char *key, size_t len, struct error *err)
{
    const size_t good = key_rules_span(key, len, "", "");
    if (len == 0)
        return error_set(err, "a label's key is empty: write --label KEY=VALUE");
    if (len > KEY_MAX)
        return error_set(err, "a label's key is longer than %d bytes", KEY_MAX);
    if (good == 0)
        return error_set(err, "label key '%.*s' must begin with a letter", (int)len, key);
    if (good < len)
        return error_set(err, "label key '%.*s' may hold letters, digits, '_', '.' and '-' only",
                         (int)len, key);
    if (len == 4 && memcmp(key, "time", 4) == 0)
        return error_set(err, "a label cannot be called 'time': databases keep that name");
    return 0;
}

/* The place of `key` among the rules, or where it belongs. */
static size_t find(const struct tag_plan *plan, const char *key)
{
    size_t i = 0;
    while (i < plan->count && strcmp(plan->rules[i].key, key) < 0)
        i++;
    return i;
}

static bool is_at(const struct tag_plan *plan, size_t i, const char *key)
{
    return i < plan->count && strcmp(plan->rules[i].key, key) == 0;
}

static void free_rule(struct tag_rule *rule)
{
    free(rule->key);
    free(rule->value);
    free(rule->own);
}

/* The rule's strings belong to the plan from here on, or are freed on failure. */
static int insert(struct tag_plan *plan, size_t i, struct tag_rule rule, struct error *err)
{
    if (plan->count == TRANSFER_TAGS_MAX || !rule.key) {
        free_rule(&rule);
        return error_set(err, "more than %d tags", TRANSFER_TAGS_MAX);
    }
    memmove(&plan->rules[i + 1], &plan->rules[i], (plan->count - i) * sizeof rule);
    plan->rules[i] = rule;
    plan->count++;
    return 0;
}

/* The same as make_value, for a key that field_table does not know. */
static int make_own_value(const char *name, const struct transfer *transfer, tag_alloc *alloc,
                          const char **value)
{
    char room[TEXT_ROOM];
    const char *const found = transfer_own_value(transfer, name, room);
    *value = found ? alloc(strlen(found) + 1) : NULL;
    if (*value)
        strcpy((char *)(uintptr_t)*value, found);
    return found && !*value ? -1 : 0;
}

/* Sets `*value` to the value of a rule that is no label, in memory from `alloc`, or to
 * NULL if there is none. -1: no memory. */
static int make_value(const struct tag_rule *rule, const struct transfer *transfer,
                      tag_alloc *alloc, const char **value)
{
    *value = NULL;
    if (rule->own)
        return make_own_value(rule->own, transfer, alloc, value);
    const char *const text = rule->make ? NULL : transfer->text[rule->field];
    if (!rule->make && !text && !transfer_has(transfer, rule->field))
        return 0;
    /* an invalid byte becomes a character of three */
    const size_t grown = text ? 3 * strlen(text) + 1 : NUMBER_ROOM;
    char *const room = alloc(grown < TEXT_ROOM ? grown : TEXT_ROOM);
    if (!room)
        return -1;
    *value =
        rule->make ? rule->make(transfer, room) : transfer_field_value(transfer, rule->field, room);
    return 0;
}

void tag_plan_init(struct tag_plan *plan)
{
    plan->count = 0;
}

void tag_plan_release(struct tag_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        free_rule(&plan->rules[i]);
    plan->count = 0;
}

int tag_plan_add_label(struct tag_plan *plan, const char *label, bool yields, bool *changed,
                       struct error *err)
{
    char clean[TEXT_ROOM];
    const char *const equals = strchr(label, '=');
    const char *const key = equals ? label : "label";
    const size_t key_len = equals ? (size_t)(equals - label) : strlen("label");
    const char *const value = equals ? equals + 1 : label;
    if (check_key(key, key_len, err) < 0)
        return -1;
    if (text_clean(clean, value, true) == 0)
        return error_set(err, "label '%.*s' is empty; databases take no empty label", (int)key_len,
                         key);
    *changed = strcmp(clean, value) != 0;
    struct tag_rule rule = {
        .key = strndup(key, key_len), .value = strdup(clean), .field = FIELD_NONE};
    const size_t i = rule.key ? find(plan, rule.key) : 0;
    int failed = 0;
    if (!rule.key || !rule.value)
        failed = error_set(err, "out of memory");
    else if (!is_at(plan, i, rule.key))
        return insert(plan, i, rule, err);
    else if (plan->rules[i].value && !yields)
        failed = error_set(err, "label '%s' is given twice", rule.key);
    if (failed || plan->rules[i].value) {
        free(rule.key);
        free(rule.value);
        return failed;
    }
    free_rule(&plan->rules[i]);
    plan->rules[i] = rule;
    return 0;
}

int tag_plan_add_source(struct tag_plan *plan, const struct tag_source *source, struct error *err)
{
    const size_t i = find(plan, source->key);
    if (is_at(plan, i, source->key))
        return 0;
    return insert(
        plan, i,
        (struct tag_rule){.key = strdup(source->key), .field = source->field, .make = source->make},
        err);
}

int tag_plan_add_field(struct tag_plan *plan, const char *name, struct error *err)
{
    char key[KEY_MAX + 1];
    const char *const equals = strchr(name, '=');
    const size_t key_len = equals ? (size_t)(equals - name) : 0;
    if (equals && check_key(name, key_len, err) < 0)
        return -1;
    if (equals) {
        memcpy(key, name, key_len);
        key[key_len] = '\0';
        name = equals + 1;
    }
    enum field_id field;
    if (field_or_own_named(name, &field, err) < 0)
        return -1;
    if (field != FIELD_NONE && field_table[field].kind == FIELD_SECRET)
        return error_set(err, "'%s' can hold secrets and is never sent", name);
    const struct tag_source source = {.key = equals ? key : name, .field = field};
    if (field != FIELD_NONE)
        return tag_plan_add_source(plan, &source, err);
    const size_t i = find(plan, source.key);
    if (is_at(plan, i, source.key))
        return 0;
    if (!equals && check_key(name, strlen(name), err) < 0)
        return -1;
    struct tag_rule rule = {.key = strdup(source.key), .field = FIELD_NONE, .own = strdup(name)};
    if (!rule.own) {
        free(rule.key);
        return error_set(err, "out of memory");
    }
    return insert(plan, i, rule, err);
}

int tag_plan_apply(const struct tag_plan *plan, struct transfer *transfer, tag_alloc *alloc)
{
    size_t bytes = 0;
    transfer->tag_count = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const struct tag_rule *const rule = &plan->rules[i];
        const char *value = rule->value;
        if (!value && make_value(rule, transfer, alloc, &value) < 0)
            return -1;
        if (!value || !*value)
            continue;
        bytes += strlen(rule->key) + 2 * strlen(value) + 2; /* any byte may need a backslash */
        if (bytes > TAG_BYTES_MAX)
            return -1;
        transfer->tags[transfer->tag_count++] = (struct tag){rule->key, value};
    }
    return 0;
}
