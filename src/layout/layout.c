/* Why: dashboards depend on names, and different users have different dashboards.
 * What all ways of naming share is here; each has a file of its own beside it. */
#include "layout/layout.h"

#include "base/text.h"

#include <fnmatch.h>
#include <string.h>

/* True if `name` is in the comma-separated list of names and patterns. */
static bool is_listed(const char *list, const char *name)
{
    char pattern[128];
    while (*list) {
        const size_t len = strcspn(list, ",");
        if (len < sizeof pattern) {
            memcpy(pattern, list, len);
            pattern[len] = '\0';
            if (fnmatch(pattern, name, 0) == 0)
                return true;
        }
        list += len + (list[len] == ',');
    }
    return false;
}

/* True if the pattern names a field that this layout would send. */
static bool selects_something(const struct layout *layout, const char *pattern)
{
    for (size_t f = 0; f < FIELD_COUNT; f++) {
        const enum field_kind kind = field_table[f].kind;
        const bool number = kind == FIELD_NUMBER || kind == FIELD_VERSION || kind == FIELD_DERIVED;
        if ((number || (layout->text && kind != FIELD_SECRET)) &&
            fnmatch(pattern, field_table[f].name, 0) == 0)
            return true;
    }
    return false;
}

static int check_list(const struct layout *layout, const char *list, struct error *err)
{
    char name[128];
    do {
        const size_t len = strcspn(list, ",");
        if (len == 0 || len >= sizeof name)
            return error_set(err, "a name in the list is empty or too long");
        memcpy(name, list, len);
        name[len] = '\0';
        if (!strpbrk(name, "*?[") && field_named(name, err) == FIELD_NONE)
            return -1;
        if (!selects_something(layout, name))
            return error_set(err,
                             layout->text ? "'%s' names no field that is sent"
                                          : "'%s' is not a number; add --text to send text fields",
                             name);
        list += len;
    } while (*list++ == ',');
    return 0;
}

int layout_init(struct layout *layout, const struct layout_type *type, const char *prefix,
                bool text, const char *fields, struct error *err)
{
    *layout = (struct layout){.type = type, .prefix = prefix, .text = text, .fields = fields};
    if (fields && type->lines_only)
        return error_set(err, "the layout %s always sends all that it has", type->name);
    if (fields && check_list(layout, fields, err) < 0)
        return -1;
    for (size_t f = 0; f < FIELD_COUNT; f++)
        layout->selected[f] = !fields || is_listed(fields, field_table[f].name);
    return 0;
}

bool layout_selects(const struct layout *layout, const char *name)
{
    return !layout->fields || is_listed(layout->fields, name);
}

size_t layout_points(const struct layout *layout, const struct transfer *transfer,
                     struct point *points)
{
    return layout->type->points(layout, transfer, points);
}
