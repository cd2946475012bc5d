/* Why: the two layouts that use curl's own names. Both send the same fields; they only
 * differ in what is a series and what is a field of one. */
#include "layout/curl.h"

const struct tag_source layout_metric_tags[] = {{0}};
const struct tag_source layout_wide_tags[] = {
    {"host", F_HOST, NULL},
    {"http_code", F_HTTP_CODE, NULL},
    {"http_version", F_HTTP_VERSION, NULL},
    {"method", F_METHOD, NULL},
    {"scheme", F_SCHEME, NULL},
    {0},
};

/* Whether the key becomes a field of `series`. A key that is a tag is none: InfluxDB 3
 * refuses a line that has both of one name, and InfluxDB 1 renames the tag. Without a
 * series no field has a key's name, so nothing is in the way. */
static bool is_field(const struct transfer *t, const char *series, const char *key)
{
    return !series || !transfer_has_tag(t, key);
}

/* The point of a number, or of a text if there is one. */
static struct point make_point(const char *series, const char *key, double number, const char *text)
{
    return (struct point){.series = series ? series : key,
                          .field = series ? key
                                   : text ? "value_text"
                                          : "value",
                          .number = number,
                          .text = text};
}

/* A point for each field: in a series of its own, or all in `series`. */
static size_t field_points(const struct layout *layout, const struct transfer *t,
                           const char *series, struct point *points)
{
    size_t n = 0;
    for (int f = 0; f < FIELD_COUNT; f++) {
        const char *const name = field_table[f].name;
        const char *const text = layout->text && !t->present[f] ? t->text[f] : NULL;
        if (layout->selected[f] && (t->present[f] || text) && is_field(t, series, name))
            points[n++] = make_point(series, name, text ? 0 : t->number[f], text);
    }
    for (size_t i = 0; i < t->extra_count; i++) {
        const char *const name = t->extras[i].name;
        if (layout_selects(layout, name) && is_field(t, series, name))
            points[n++] = make_point(series, name, t->extras[i].value, NULL);
    }
    for (size_t i = 0; layout->text && i < t->own_text_count; i++) {
        const char *const name = t->own_texts[i].name;
        if (*t->own_texts[i].text && layout_selects(layout, name) && is_field(t, series, name))
            points[n++] = make_point(series, name, 0, t->own_texts[i].text);
    }
    return n;
}

size_t layout_metric_points(const struct layout *layout, const struct transfer *transfer,
                            struct point *points)
{
    return field_points(layout, transfer, NULL, points);
}

size_t layout_wide_points(const struct layout *layout, const struct transfer *transfer,
                          struct point *points)
{
    return field_points(layout, transfer, "curl", points);
}
