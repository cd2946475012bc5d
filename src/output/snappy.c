/* Why: remote write is always compressed, and always with snappy. */
#include "output/snappy.h"

#include "base/library.h"

#include <snappy-c.h>

static struct {
    __typeof__(snappy_compress) *compress;
    __typeof__(snappy_max_compressed_length) *max_compressed_length;
    __typeof__(snappy_uncompressed_length) *uncompressed_length;
    __typeof__(snappy_uncompress) *uncompress;
} lib;

static int load(struct error *err)
{
    const struct library_symbol symbols[] = {
        {"snappy_compress", &lib.compress},
        {"snappy_max_compressed_length", &lib.max_compressed_length},
        {"snappy_uncompressed_length", &lib.uncompressed_length},
        {"snappy_uncompress", &lib.uncompress},
    };
    return lib.compress
               ? 0
               : library_load("libsnappy.so.1", symbols, sizeof symbols / sizeof *symbols, err);
}

int snappy_block_compress(struct buf *out, const char *bytes, size_t len, struct error *err)
{
    if (load(err) < 0)
        return -1;
    size_t count = lib.max_compressed_length(len);
    buf_clear(out);
    char *const room = buf_reserve(out, count);
    if (!room || lib.compress(bytes, len, room, &count) != SNAPPY_OK)
        return error_set(err, "snappy: out of memory");
    out->len = count;
    return 0;
}

int snappy_block_uncompress(struct buf *out, const char *bytes, size_t len, struct error *err)
{
    size_t count = 0;
    if (load(err) < 0)
        return -1;
    buf_clear(out);
    char *const room =
        lib.uncompressed_length(bytes, len, &count) == SNAPPY_OK ? buf_reserve(out, count) : NULL;
    if (!room || lib.uncompress(bytes, len, room, &count) != SNAPPY_OK)
        return error_set(err, "snappy: out of memory");
    out->len = count;
    return 0;
}
