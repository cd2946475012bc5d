/* Why: a file that uses such a library (net/http.c, base/gzip.c, output/snappy.c,
 * output/protobuf.c) needs only a table of functions; how they are found stands here. */
#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

int library_load(const char *file, const struct library_symbol *symbols, size_t count,
                 struct error *err)
{
    void *const library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
    if (!library)
        return error_set(err, "cannot load %s: %s", file, dlerror());
    for (size_t i = 0; i < count; i++) {
        void *const address = dlsym(library, symbols[i].name);
        if (!address)
            return error_set(err, "%s has no %s; it is too old", file, symbols[i].name);
        memcpy(symbols[i].function, &address, sizeof address);
    }
    return 0;
}
