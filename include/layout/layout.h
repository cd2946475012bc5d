/* layout: transfer -> points, that is: what things are called in a database.
 *
 * A layout is a row in layouts.c, a list of tags, and a function that makes the
 * points. */
#ifndef TSDB_EXPORTER_LAYOUT_LAYOUT_H
#define TSDB_EXPORTER_LAYOUT_LAYOUT_H

#include "layout/instrument.h"
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
    /* The transfer itself; NULL: nothing for InfluxDB and files. */
    size_t (*points)(const struct layout *layout, const struct transfer *transfer,
                     struct point *points);
    /* What Prometheus gets instead, as totals; NULL: it gets the points. --fields can
     * choose nothing of such a layout. */
    size_t (*observe)(const struct transfer *transfer, struct observation *observations);
    const struct instrument *instruments; /* those of observe; ends with a NULL name */
};

struct layout {
    const struct layout_type *type;
    const char *prefix; /* before every series' name; "" for none; not owned */
    bool text;          /* texts as well as numbers */
    const char *fields; /* the --fields list, NULL for all; not owned */
    bool selected[FIELD_COUNT];
    /* Keys of tags that transfers carry for other layouts, and this one leaves out. */
    const char *hidden[TRANSFER_TAGS_MAX];
    size_t hidden_count;
};

/* `fields` is a comma-separated list of names and shell patterns, or NULL for
 * all. 0 or -1 (a name that curl does not write). The strings must outlive the
 * layout. */
int layout_init(struct layout *layout, const struct layout_type *type, const char *prefix,
                bool text, const char *fields, struct error *err);

/* Leaves out the tag `key` from now on, unless the layout itself has one of that name. The
 * string must outlive the layout. */
void layout_hide_tag(struct layout *layout, const char *key);
/* The transfer without the tags that this layout leaves out: itself, or a copy in `room`. */
const struct transfer *layout_view(const struct layout *layout, const struct transfer *transfer,
                                   struct transfer *room);

/* True if --fields takes a number called `name` that field_table does not know. */
bool layout_selects(const struct layout *layout, const char *name);

/* Writes what a layout with `instruments` counts of the transfer (OBSERVATIONS_MAX at most),
 * and returns how many. */
size_t layout_observe(const struct layout *layout, const struct transfer *transfer,
                      struct observation *observations);

/* Writes the transfer's points (LAYOUT_POINTS_MAX at most), those of one series
 * side by side, and returns how many. */
size_t layout_points(const struct layout *layout, const struct transfer *transfer,
                     struct point *points);

#endif
