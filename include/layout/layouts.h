/* layouts: the table of all layouts. A new one is a row here and a function in a file
 * beside this one. */
#ifndef TSDB_EXPORTER_LAYOUT_LAYOUTS_H
#define TSDB_EXPORTER_LAYOUT_LAYOUTS_H

#include "layout/layout.h"

extern const struct layout_type layout_table[]; /* ends with a NULL name */

/* The layout called `name`, or NULL and an error that names the nearest. */
const struct layout_type *layout_named(const char *name, struct error *err);

#endif
