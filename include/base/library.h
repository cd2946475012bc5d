/* library: shared libraries that are loaded when they are first needed.
 *
 * Loading libcurl takes 6 ms, six times as long as everything else in a short process. A
 * process that sends nothing over HTTP must not pay for that. */
#ifndef TSDB_EXPORTER_BASE_LIBRARY_H
#define TSDB_EXPORTER_BASE_LIBRARY_H

#include "base/error.h"

#include <stddef.h>

struct library_symbol {
    const char *name;
    void *function; /* address of the function pointer to fill */
};

/* Loads the library `file` ("libcurl.so.4"), which stays loaded, and fills the function
 * pointers. 0, or -1 when there is no such library or function. */
int library_load(const char *file, const struct library_symbol *symbols, size_t count,
                 struct error *err);

#endif
