/* Why: line protocol shrinks tenfold, which matters over a slow link and to
 * nobody else; so zlib, too, is loaded only when it is asked for. */
#include "net/gzip.h"

#include "base/library.h"

#include <stdint.h>
#include <zlib.h>

static struct {
    __typeof__(deflateInit2_) *deflate_init2;
    __typeof__(deflateBound) *deflate_bound;
    __typeof__(deflate) *deflate;
    __typeof__(deflateEnd) *deflate_end;
    __typeof__(zlibVersion) *version;
} lib;

static int load(struct error *err)
{
    const struct library_symbol symbols[] = {
        {"deflateInit2_", &lib.deflate_init2},
        {"deflateBound", &lib.deflate_bound},
        {"deflate", &lib.deflate},
        {"deflateEnd", &lib.deflate_end},
        {"zlibVersion", &lib.version},
    };
    return lib.version ? 0
                       : library_load("libz.so.1", symbols, sizeof symbols / sizeof *symbols, err);
}

int gzip_compress(struct buf *out, const void *bytes, size_t len, struct error *err)
{
    /* windowBits 15 + 16: zlib's way to ask for a gzip header */
    enum { GZIP_WINDOW = 15 + 16, MEMORY = 8 };
    z_stream stream = {0};
    if (load(err) < 0)
        return -1;
    if (lib.deflate_init2(&stream, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, MEMORY,
                          Z_DEFAULT_STRATEGY, ZLIB_VERSION, (int)sizeof stream) != Z_OK)
        return error_set(err, "zlib: out of memory");
    buf_clear(out);
    char *const room = buf_reserve(out, lib.deflate_bound(&stream, len));
    int code = Z_MEM_ERROR;
    if (room) {
        stream.next_in = (z_const Bytef *)(uintptr_t)bytes;
        stream.avail_in = (uInt)len;
        stream.next_out = (Bytef *)room;
        stream.avail_out = (uInt)(out->cap - out->len);
        code = lib.deflate(&stream, Z_FINISH);
        out->len = stream.total_out;
    }
    lib.deflate_end(&stream);
    return code == Z_STREAM_END ? 0 : error_set(err, "zlib: cannot compress (%d)", code);
}

const char *gzip_library_version(struct error *err)
{
    return load(err) < 0 ? err->text : lib.version();
}
