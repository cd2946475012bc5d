/* Why: line protocol shrinks tenfold, which matters over a slow link, and saved input may be
 * compressed; most runs have neither. So zlib, too, is loaded only when it is needed. */
#include "base/gzip.h"

#include "base/library.h"

#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

static struct {
    __typeof__(deflateInit2_) *deflate_init2;
    __typeof__(deflateBound) *deflate_bound;
    __typeof__(deflate) *deflate;
    __typeof__(deflateEnd) *deflate_end;
    __typeof__(inflateInit2_) *inflate_init2;
    __typeof__(inflateReset) *inflate_reset;
    __typeof__(inflate) *inflate;
    __typeof__(inflateEnd) *inflate_end;
    __typeof__(zlibVersion) *version;
} lib;

/* windowBits 15 + 16: zlib's way to ask for a gzip header */
enum { GZIP_WINDOW = 15 + 16 };

struct gzip_reader {
    z_stream stream;
    bool inside; /* a member has begun, and has not ended */
};

static int load(struct error *err)
{
    const struct library_symbol symbols[] = {
        {"deflateInit2_", &lib.deflate_init2},
        {"deflateBound", &lib.deflate_bound},
        {"deflate", &lib.deflate},
        {"deflateEnd", &lib.deflate_end},
        {"inflateInit2_", &lib.inflate_init2},
        {"inflateReset", &lib.inflate_reset},
        {"inflate", &lib.inflate},
        {"inflateEnd", &lib.inflate_end},
        {"zlibVersion", &lib.version},
    };
    return lib.version ? 0
                       : library_load("libz.so.1", symbols, sizeof symbols / sizeof *symbols, err);
}

int gzip_compress(struct buf *out, const void *bytes, size_t len, struct error *err)
{
    enum { MEMORY = 8 };
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

struct gzip_reader *gzip_reader_new(struct error *err)
{
    if (load(err) < 0)
        return NULL;
    struct gzip_reader *const reader = calloc(1, sizeof *reader);
    if (reader && lib.inflate_init2(&reader->stream, GZIP_WINDOW, ZLIB_VERSION,
                                    (int)sizeof reader->stream) == Z_OK)
        return reader;
    free(reader);
    error_set(err, "zlib: out of memory");
    return NULL;
}

void gzip_reader_free(struct gzip_reader *reader)
{
    if (!reader)
        return;
    lib.inflate_end(&reader->stream);
    free(reader);
}

int gzip_read(struct gzip_reader *reader, const char **in, size_t *in_len, char *out, size_t room,
              size_t *count)
{
    z_stream *const z = &reader->stream;
    int code = Z_OK;
    z->next_in = (z_const Bytef *)(uintptr_t)*in;
    z->avail_in = (uInt)*in_len;
    z->next_out = (Bytef *)out;
    z->avail_out = (uInt)room;
    while (z->avail_out && code == Z_OK) {
        for (; !reader->inside && z->avail_in && !*z->next_in; z->avail_in--)
            z->next_in++; /* some programs fill up with zeros behind a member */
        if (!reader->inside && !z->avail_in)
            break;
        reader->inside = true;
        code = lib.inflate(z, Z_NO_FLUSH);
        if (code == Z_STREAM_END) {
            reader->inside = false;
            code = lib.inflate_reset(z);
        }
    }
    *in += *in_len - z->avail_in;
    *in_len = z->avail_in;
    *count = room - z->avail_out;
    return code == Z_OK || code == Z_BUF_ERROR ? 0 : -1; /* the latter: it needs more input */
}

bool gzip_is_whole(const struct gzip_reader *reader)
{
    return !reader->inside;
}

const char *gzip_library_version(struct error *err)
{
    return load(err) < 0 ? err->text : lib.version();
}
