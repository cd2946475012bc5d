/* library: shared libraries that are loaded when they are first needed.
 *
 * Starting libcurl costs 6 ms, six times everything else a short process does;
 * a process that sends nothing over HTTP must not pay for it. */
#ifndef TSDB_EXPORTER_BASE_LIBRARY_H
#define TSDB_EXPORTER_BASE_LIBRARY_H

#include "base/error.h"

#include <stddef.h>

struct library_symbol {
    const char *name;
    void *function; /* address of the function pointer to fill */
};

/* Loads `file` ("libcurl.so.4") and fills the symbols. It stays loaded. 0 or -1. */
int library_load(const char *file, const struct library_symbol *symbols, size_t count,
                 struct error *err);

#endif
