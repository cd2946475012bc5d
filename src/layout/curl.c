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
        if (layout_selects(layout, name))
            points[n++] = (struct point){.series = series ? series : name,
                                         .field = series ? name : "value",
                                         .number = t->extras[i].value};
    }
    for (size_t i = 0; layout->text && i < t->own_text_count; i++) {
        const char *const name = t->own_texts[i].name;
        if (*t->own_texts[i].text && layout_selects(layout, name) &&
            !(series && transfer_has_tag(t, name)))
            points[n++] = (struct point){.series = series ? series : name,
                                         .field = series ? name : "value_text",
                                         .text = t->own_texts[i].text};
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
