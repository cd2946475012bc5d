/* Why: a value means the same, has the same limits and is refused in the same words
 * wherever it comes from: the command line, the environment, or a row's default. */
#include "cli/option_value.h"

#include "base/amount.h"
#include "layout/layouts.h"
#include "model/key_rules.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What an amount is called, and how amount reads it. */
static const struct {
    const char *what;
    enum amount_kind unit;
} amounts[] = {
    [OPTION_SIZE] = {"a size", AMOUNT_SIZE},
    [OPTION_SPACE] = {"a size", AMOUNT_SIZE},
    [OPTION_COUNT] = {"a whole number", AMOUNT_COUNT},
    [OPTION_CHOICE] = {"a whole number", AMOUNT_COUNT},
    [OPTION_DURATION] = {"a time", AMOUNT_DURATION},
};

static int read_amount(const struct option_row *row, const char *value, double *amount,
                       struct error *err)
{
    const enum amount_kind unit = amounts[row->kind].unit;
    double min = 0, max = 0;
    (void)amount_parse(row->min, unit, 0, INFINITY, &min); /* else even the default is refused */
    (void)amount_parse(row->max, unit, 0, INFINITY, &max);
    if (amount_parse(value, unit, min, max, amount) == 0 &&
        (unit != AMOUNT_COUNT || *amount == floor(*amount)))
        return 0;
    if (row->kind == OPTION_CHOICE)
        return error_set(err, "'%.100s' is neither %s nor %s", value, row->min, row->max);
    return error_set(err, "'%.100s' is not %s from %s to %s, such as %s", value,
                     amounts[row->kind].what, row->min, row->max, row->preset);
}

static int set_amount(void *at, const struct option_row *row, const char *value, struct error *err)
{
    double amount = 0;
    if (read_amount(row, value, &amount, err) < 0)
        return -1;
    if (row->kind == OPTION_SPACE)
        *(uint64_t *)at = (uint64_t)amount;
    else if (row->kind == OPTION_CHOICE)
        *(int *)at = (int)amount;
    else if (row->kind == OPTION_DURATION)
        *(int64_t *)at = (int64_t)ceil(amount * 1000);
    else
        *(size_t *)at = (size_t)amount;
    return 0;
}

enum { PREFIX_MAX = 64 };

/* A prefix becomes the beginning of names that every database must be able to query. */
static bool is_prefix(const char *text)
{
    const size_t len = strlen(text);
    return len <= PREFIX_MAX && key_rules_span(text, len, "_", ":") == len;
}

static int add_tag_fields(struct tag_plan *tags, const char *list, struct error *err)
{
    char name[128];
    int found;
    while ((found = list_next(&list, name, sizeof name)) > 0)
        if (tag_plan_add_field(tags, name, err) < 0)
            return -1;
    return found == 0 ? 0 : error_set(err, "a key in the list is empty or too long");
}

static int add_label(struct options *o, const char *value, bool yields, struct error *err)
{
    bool changed = false;
    if (tag_plan_add_label(&o->input.tags, value, yields, &changed, err) < 0)
        return -1;
    if (changed) {
        const char *const equals = strchr(value, '=');
        snprintf(o->changed_label, sizeof o->changed_label, "%.*s",
                 equals ? (int)(equals - value) : 5, equals ? value : "label");
    }
    return 0;
}

int option_value_set(struct options *options, const struct option_row *row, const char *value,
                     bool yields, struct error *err)
{
    void *const at = (char *)options + row->offset;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)at = true;
        return 0;
    case OPTION_SIZE:
    case OPTION_SPACE:
    case OPTION_COUNT:
    case OPTION_CHOICE:
    case OPTION_DURATION:
        return set_amount(at, row, value, err);
    case OPTION_PREFIX:
        if (!is_prefix(value))
            return error_set(err,
                             "'%.100s' is not a letter or '_' and then up to %d letters, digits, "
                             "'_', '.', ':' or '-'",
                             value, PREFIX_MAX - 1);
        /* fall through */
    case OPTION_STRING:
        *(const char **)at = value;
        return 0;
    case OPTION_LIST:
        return string_list_add(at, value) == 0 ? 0 : error_set(err, "out of memory");
    case OPTION_LABEL:
        return add_label(options, value, yields, err);
    case OPTION_TAG_FIELD:
        return add_tag_fields(&options->input.tags, value, err);
    case OPTION_LAYOUT:
        options->layout.type = layout_named(value, err);
        return options->layout.type ? 0 : -1;
    case OPTION_HELP:
        options->action = ACTION_HELP;
        return 0;
    case OPTION_VERSION:
        options->action = ACTION_VERSION;
        return 0;
    }
    return 0;
}
