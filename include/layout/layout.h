/* layout: transfer -> points, that is: what things are called in a database.
 *
 *   metric  a series a field, as exporter.py wrote it: time_total value=0.0639
 *   wide    one series, "curl", with a field for each: time_total=0.0639
 *   k6      k6's measurements, tags and units, for its dashboards (layout_k6.c)
 *
 * A layout is a row in layout_table, a list of tags, and a function that makes the
 * points. */
#ifndef TSDB_EXPORTER_LAYOUT_LAYOUT_H
#define TSDB_EXPORTER_LAYOUT_LAYOUT_H

#include "model/tags.h"
#include "model/transfer.h"

struct point {
    const char *series; /* InfluxDB's measurement, without the prefix; points of one series
                         * share the pointer */
    const char *field;  /* InfluxDB's field key */
    double number;
    const char *text; /* when not NULL the point is this text, not clean */
};

#define LAYOUT_POINTS_MAX (FIELD_COUNT + 2 * TRANSFER_EXTRAS_MAX)

struct layout;

struct layout_type {
    const char *name;
    const struct tag_source *tags; /* those that every transfer gets; ends with a NULL key */
    size_t (*points)(const struct layout *layout, const struct transfer *transfer,
                     struct point *points);
    bool lines_only; /* names that only InfluxDB's users know: nothing for Prometheus, and
                      * nothing that --fields could choose from */
};

extern const struct layout_type layout_table[]; /* ends with a NULL name */

struct layout {
    const struct layout_type *type;
    const char *prefix; /* before every series' name; "" for none; not owned */
    bool text;          /* texts as well as numbers */
    const char *fields; /* the --fields list, NULL for all; not owned */
    bool selected[FIELD_COUNT];
};

/* The layout called `name`, or NULL and an error that names the nearest. */
const struct layout_type *layout_named(const char *name, struct error *err);

/* `fields` is a comma-separated list of names and shell patterns, or NULL for
 * all. 0 or -1 (a name that curl does not write). The strings must outlive the
 * layout. */
int layout_init(struct layout *layout, const struct layout_type *type, const char *prefix,
                bool text, const char *fields, struct error *err);

/* Of k6's layout, for layout_table. */
extern const struct tag_source layout_k6_tags[];
size_t layout_k6_points(const struct layout *layout, const struct transfer *transfer,
                        struct point *points);

/* Writes the transfer's points (LAYOUT_POINTS_MAX at most), those of one series
 * side by side, and returns how many. */
size_t layout_points(const struct layout *layout, const struct transfer *transfer,
                     struct point *points);

#endif
