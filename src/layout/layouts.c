/* Why: the one place that knows every layout. */
#include "layout/layouts.h"

#include "base/spelling.h"
#include "layout/curl.h"
#include "layout/k6.h"
#include "layout/k6_totals.h"
#include "layout/totals.h"

#include <string.h>

const struct layout_type layout_table[] = {
    {"metric", layout_metric_tags, layout_metric_points, NULL, NULL},
    {"wide", layout_wide_tags, layout_wide_points, NULL, NULL},
    {"k6", layout_k6_tags, layout_k6_points, layout_k6_observe, layout_k6_instruments},
    {"totals", layout_totals_tags, NULL, layout_totals_observe, layout_totals_instruments},
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
              *hint ? hint : "; use metric, wide, k6 or totals");
    return NULL;
}
