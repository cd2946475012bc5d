/* Why: both versions of remote write say the same things in other words. What they have in
 * common is here. */
#include "output/remote_write_series.h"

#include <string.h>

static const char *first_label(const char *definition)
{
    return series_next_string(series_next_string(series_next_string(definition)));
}

static void add_label(struct series_labels *labels, const char *name, const char *value)
{
    labels->names[labels->count] = name;
    labels->values[labels->count++] = value;
}

const char *series_next_string(const char *string)
{
    return string + strlen(string) + 1;
}

const char *series_next_definition(const char *definition)
{
    const char *at = first_label(definition);
    while (*at)
        at = series_next_string(series_next_string(at));
    return at + 1;
}

void series_labels_init(struct series_labels *labels, const char *definition)
{
    static const char name_label[] = "__name__";
    bool named = false;
    labels->count = 0;
    labels->unit = series_next_string(definition);
    labels->help = series_next_string(labels->unit);
    for (const char *at = first_label(definition);
         *at && labels->count + !named < SERIES_LABELS_MAX;
         at = series_next_string(series_next_string(at))) {
        if (!named && strcmp(at, name_label) > 0) {
            add_label(labels, name_label, definition);
            named = true;
        }
        add_label(labels, at, series_next_string(at));
    }
    if (!named)
        add_label(labels, name_label, definition);
}
