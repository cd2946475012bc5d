/* Why: dashboards depend on names, and different users have different
 * dashboards. All that is peculiar to one way of naming stands in one row and
 * one function here. */
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

static bool is_extra_selected(const struct layout *layout, const char *name)
{
    return !layout->fields || is_listed(layout->fields, name);
}

/* A point for each field: in a series of its own, or all in `series`. */
static size_t field_points(const struct layout *layout, const struct transfer *t,
                           const char *series, struct point *points)
{
    size_t n = 0;
    for (int f = 0; f < FIELD_COUNT; f++) {
        const char *const name = field_table[f].name;
        if (!layout->selected[f])
            continue;
        if (t->present[f])
            points[n++] = (struct point){.series = series ? series : name,
                                         .field = series ? name : "value",
                                         .number = t->number[f]};
        else if (layout->text && t->text[f] && !(series && transfer_has_tag(t, name)))
            points[n++] = (struct point){.series = series ? series : name,
                                         .field = series ? name : "value_text",
                                         .text = t->text[f]};
    }
    for (size_t i = 0; i < t->extra_count; i++) {
        const char *const name = t->extras[i].name;
        if (is_extra_selected(layout, name))
            points[n++] = (struct point){.series = series ? series : name,
                                         .field = series ? name : "value",
                                         .number = t->extras[i].value};
    }
    for (size_t i = 0; layout->text && i < t->own_text_count; i++) {
        const char *const name = t->own_texts[i].name;
        if (is_extra_selected(layout, name) && !(series && transfer_has_tag(t, name)))
            points[n++] = (struct point){.series = series ? series : name,
                                         .field = series ? name : "value_text",
                                         .text = t->own_texts[i].text};
    }
    return n;
}

static size_t metric_points(const struct layout *layout, const struct transfer *transfer,
                            struct point *points)
{
    return field_points(layout, transfer, NULL, points);
}

static size_t wide_points(const struct layout *layout, const struct transfer *transfer,
                          struct point *points)
{
    return field_points(layout, transfer, "curl", points);
}

static const struct tag_source no_tags[] = {{0}};
static const struct tag_source request_tags[] = {
    {"host", F_HOST, NULL},
    {"http_code", F_HTTP_CODE, NULL},
    {"http_version", F_HTTP_VERSION, NULL},
    {"method", F_METHOD, NULL},
    {"scheme", F_SCHEME, NULL},
    {0},
};

const struct layout_type layout_table[] = {
    {"metric", no_tags, metric_points, false},
    {"wide", request_tags, wide_points, false},
    {"k6", layout_k6_tags, layout_k6_points, true},
    {0},
};

const struct layout_type *layout_named(const char *name, struct error *err)
{
    const char *names[sizeof layout_table / sizeof *layout_table] = {0};
    for (size_t i = 0; layout_table[i].name; i++) {
        if (strcmp(layout_table[i].name, name) == 0)
            return &layout_table[i];
        names[i] = layout_table[i].name;
    }
    char room[SPELLING_ROOM];
    const char *const hint = spelling_hint(room, name, names, "'", "'");
    error_set(err, "there is no layout '%.100s'%s", name,
              *hint ? hint : "; use metric, wide or k6");
    return NULL;
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

size_t layout_points(const struct layout *layout, const struct transfer *transfer,
                     struct point *points)
{
    return layout->type->points(layout, transfer, points);
}
