/* Why: tags are what people group by, and what makes a series. They are decided
 * once, checked against what every database takes, and kept in sorted order,
 * so that a transfer's tags are a walk down one short list. */
#include "tsdb_exporter/tags.h"

#include "tsdb_exporter/text.h"

#include <stdlib.h>
#include <string.h>

/* Line protocol takes nearly any key, Prometheus only [a-zA-Z_][a-zA-Z0-9_]*
 * (its output rewrites '.' and '-'); InfluxDB reserves "time" and keys that
 * begin with '_' (its own _field, _measurement). */
static int check_key(const char *key, size_t len, struct error *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char others[] = "0123456789_.-";
    if (len == 0)
        return error_set(err, "a label's key is empty: write --label KEY=VALUE");
    if (len > 128)
        return error_set(err, "a label's key is longer than 128 bytes");
    if (!strchr(letters, key[0]))
        return error_set(err, "label key '%.*s' must begin with a letter", (int)len, key);
    for (size_t i = 1; i < len; i++)
        if (!strchr(letters, key[i]) && !strchr(others, key[i]))
            return error_set(err,
                             "label key '%.*s' may hold letters, digits, '_', '.' and '-' only",
                             (int)len, key);
    if (len == 4 && memcmp(key, "time", 4) == 0)
        return error_set(err, "a label cannot be called 'time': databases keep that name");
    return 0;
}

/* The place of `key`, or where it would stand. */
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

/* Takes the strings over, also on failure. */
static int insert(struct tag_plan *plan, size_t i, struct tag_rule rule, struct error *err)
{
    if (plan->count == TRANSFER_TAGS_MAX || !rule.key) {
        free(rule.key);
        free(rule.value);
        return error_set(err, "more than %d tags", TRANSFER_TAGS_MAX);
    }
    memmove(&plan->rules[i + 1], &plan->rules[i], (plan->count - i) * sizeof rule);
    plan->rules[i] = rule;
    plan->count++;
    return 0;
}

void tag_plan_init(struct tag_plan *plan)
{
    plan->count = 0;
}

void tag_plan_release(struct tag_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        free(plan->rules[i].key);
        free(plan->rules[i].value);
    }
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
    free(plan->rules[i].key);
    plan->rules[i] = rule;
    return 0;
}

int tag_plan_add_field(struct tag_plan *plan, const char *name, struct error *err)
{
    const enum field_id field = field_named(name, err);
    if (field == FIELD_NONE)
        return -1;
    if (field_table[field].kind == FIELD_SECRET)
        return error_set(err, "'%s' can hold secrets and is never sent", name);
    const size_t i = find(plan, name);
    if (is_at(plan, i, name))
        return 0;
    return insert(plan, i, (struct tag_rule){.key = strdup(name), .field = field}, err);
}

int tag_plan_apply(const struct tag_plan *plan, struct transfer *transfer, tag_alloc *alloc)
{
    size_t bytes = 0;
    transfer->tag_count = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const struct tag_rule *const rule = &plan->rules[i];
        const char *value = rule->value;
        if (!value && transfer->text[rule->field]) {
            /* an invalid byte grows to three */
            const size_t grown = 3 * strlen(transfer->text[rule->field]) + 1;
            char *const room = alloc(grown < TEXT_ROOM ? grown : TEXT_ROOM);
            if (!room)
                return -1;
            text_clean(room, transfer->text[rule->field], true);
            value = room;
        } else if (!value && transfer_has(transfer, rule->field)) {
            char *const room = alloc(NUMBER_ROOM);
            if (!room)
                return -1;
            text_number(room, transfer->number[rule->field]);
            value = room;
        }
        if (!value || !*value)
            continue;
        bytes += strlen(rule->key) + 2 * strlen(value) + 2; /* any byte may need a backslash */
        if (bytes > TAG_BYTES_MAX)
            return -1;
        transfer->tags[transfer->tag_count++] = (struct tag){rule->key, value};
    }
    return 0;
}
