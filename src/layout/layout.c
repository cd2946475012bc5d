/* Why: dashboards depend on names, and different users have different dashboards.
 * What all ways of naming share is here; each has a file of its own beside it. */
#include "layout/layout.h"

#include "base/list.h"
#include "base/spelling.h"

#include <fnmatch.h>
#include <string.h>

/* True if `name` is in the comma-separated list of names and patterns. */
static bool is_listed(const char *list, const char *name)
{
    char pattern[128];
    while (list_next(&list, pattern, sizeof pattern) > 0)
        if (fnmatch(pattern, name, 0) == 0)
            return true;
    return false;
}

/* True if the pattern names a field that this layout would send. */
static bool selects_something(const struct layout *layout, const char *pattern)
{
    for (enum field_id f = 0; f < FIELD_COUNT; f++)
        if ((field_is_number(f) || (layout->text && field_table[f].kind != FIELD_SECRET)) &&
            fnmatch(pattern, field_table[f].name, 0) == 0)
            return true;
    return false;
}

static int check_list(const struct layout *layout, const char *list, struct error *err)
{
    char name[128];
    int found;
    while ((found = list_next(&list, name, sizeof name)) > 0) {
        const bool pattern = strpbrk(name, "*?[") != NULL;
        enum field_id field = FIELD_NONE;
        if (!pattern && field_or_own_named(name, &field, err) < 0)
            return -1;
        if (selects_something(layout, name) || (!pattern && field == FIELD_NONE))
            continue;
        if (!pattern && field_table[field].kind == FIELD_SECRET)
            return error_set(err, "'%s' can hold secrets and is never sent", name);
        return error_set(err, "'%s' %s", name,
                         layout->text ? "matches no field"
                                      : "is not a number; add --text to send text fields");
    }
    return found == 0 ? 0 : error_set(err, "a name in the list is empty or too long");
}

int layout_init(struct layout *layout, const struct layout_type *type, const char *prefix,
                bool text, const char *fields, struct error *err)
{
    *layout = (struct layout){.type = type, .prefix = prefix, .text = text, .fields = fields};
    if (fields && type->observe)
        return error_set(err, "the layout %s always sends all that it has", type->name);
    if (fields && check_list(layout, fields, err) < 0)
        return -1;
    for (size_t f = 0; f < FIELD_COUNT; f++)
        layout->selected[f] = !fields || is_listed(fields, field_table[f].name);
    return 0;
}

void layout_hide_tag(struct layout *layout, const char *key)
{
    const struct tag_source *own = layout->type->tags;
    while (own->key && strcmp(own->key, key) != 0)
        own++;
    if (!own->key && layout->hidden_count < TRANSFER_TAGS_MAX)
        layout->hidden[layout->hidden_count++] = key;
}

static bool is_hidden(const struct layout *layout, const char *key)
{
    for (size_t i = 0; i < layout->hidden_count; i++)
        if (strcmp(layout->hidden[i], key) == 0)
            return true;
    return false;
}

const struct transfer *layout_view(const struct layout *layout, const struct transfer *transfer,
                                   struct transfer *room)
{
    if (!layout->hidden_count)
        return transfer;
    *room = *transfer;
    room->tag_count = 0;
    for (size_t i = 0; i < transfer->tag_count; i++)
        if (!is_hidden(layout, transfer->tags[i].key))
            room->tags[room->tag_count++] = transfer->tags[i];
    return room;
}

bool layout_selects(const struct layout *layout, const char *name)
{
    return !layout->fields || is_listed(layout->fields, name);
}

size_t layout_observe(const struct layout *layout, const struct transfer *transfer,
                      struct observation *observations)
{
    return layout->type->observe(transfer, observations);
}

size_t layout_points(const struct layout *layout, const struct transfer *transfer,
                     struct point *points)
{
    return layout->type->points(layout, transfer, points);
}
