/* fuzz: what the fuzz targets share. A broken promise aborts, so that libFuzzer
 * and replay.c both see it, and says which one it was. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_require(bool kept, const char *promise, const char *file, int line)
{
    if (kept)
        return;
    fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, promise);
    abort();
}
#define REQUIRE(condition) fuzz_require((condition), #condition, __FILE__, __LINE__)

/* Written apart from src/text.c on purpose: valid UTF-8 (by decoding it) without
 * control characters. */
static inline bool fuzz_is_clean(const char *text)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)text;
    while (*p) {
        const unsigned char c = *p;
        const unsigned more = c < 0x80       ? 0
                              : c >> 5 == 6  ? 1
                              : c >> 4 == 14 ? 2
                              : c >> 3 == 30 ? 3
                                             : 9;
        if (more == 9)
            return false;
        uint32_t code = more ? *p & (0x3Fu >> more) : *p;
        p++;
        for (unsigned i = 0; i < more; i++, p++) {
            if (*p >> 6 != 2)
                return false;
            code = code << 6 | (*p & 0x3F);
        }
        if (code < least[more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
            return false;
        if (code < 0x20 || code == 0x7F)
            return false;
    }
    return true;
}

#endif
