/* Why: a person who saves curl's output on Windows, or compresses it, has lost nothing; they
 * must not be told that their file is the body of a response. */
#include "input/decode.h"

#include "base/gzip.h"

#include <stdlib.h>
#include <string.h>

enum kind { UNKNOWN, PLAIN, UTF16_LE, UTF16_BE, GZIP, FOREIGN };

struct decoder {
    enum kind kind;
    bool ended;
    bool is_inner;       /* its bytes have been unpacked already */
    const char *foreign; /* the reason why it cannot be read */
    uint32_t high;       /* UTF-16: the first half of a character, or 0 */
    struct gzip_reader *gzip;
    struct decoder *inner; /* reads what gzip unpacks */
    size_t len;            /* of the bytes that wait in `raw` */
    char raw[DECODE_RAW_SIZE];
};

enum { SIGNATURE = 4 };

static const struct {
    char begin[SIGNATURE + 1];
    unsigned char len;
    enum kind kind;
    const char *foreign;
} signatures[] = {
    {"\x1F\x8B", 2, GZIP, NULL},
    {"\xFF\xFE\0\0", 4, FOREIGN, "UTF-32: save it as UTF-8"},
    {"\0\0\xFE\xFF", 4, FOREIGN, "UTF-32: save it as UTF-8"},
    {"\xFF\xFE", 2, UTF16_LE, NULL},
    {"\xFE\xFF", 2, UTF16_BE, NULL},
    {"\x28\xB5\x2F\xFD", 4, FOREIGN, "compressed with zstd: unpack it first, with zstd -dc"},
    {"\xFD"
     "7zX",
     4, FOREIGN, "compressed with xz: unpack it first, with xz -dc"},
    {"BZh", 3, FOREIGN, "compressed with bzip2: unpack it first, with bzip2 -dc"},
    {"\x04\x22\x4D\x18", 4, FOREIGN, "compressed with lz4: unpack it first, with lz4 -dc"},
    {"\x1F\x9D", 2, FOREIGN, "compressed with compress: unpack it first, with zcat"},
    {"PK\3\4", 4, FOREIGN, "compressed with zip: unpack it first, with unzip -p"},
    {"7z\xBC\xAF", 4, FOREIGN, "compressed with 7z: unpack it first, with 7z x -so"},
};

/* UTF-16 without a mark: JSON begins with ASCII, so every other byte is 0. */
static enum kind find_utf16(const char *raw)
{
    if (raw[0] && !raw[1] && raw[2] && !raw[3])
        return UTF16_LE;
    return !raw[0] && raw[1] && !raw[2] && raw[3] ? UTF16_BE : PLAIN;
}

static void find_kind(struct decoder *d)
{
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
        if (d->len >= signatures[i].len &&
            memcmp(d->raw, signatures[i].begin, signatures[i].len) == 0) {
            d->kind = signatures[i].kind;
            d->foreign = signatures[i].foreign;
            return;
        }
    d->kind = d->len < SIGNATURE ? PLAIN : find_utf16(d->raw);
}

static void consume(struct decoder *d, size_t count)
{
    d->len -= count;
    memmove(d->raw, d->raw + count, d->len);
}

static size_t copy(struct decoder *d, char *out, size_t room)
{
    const size_t count = d->len < room ? d->len : room;
    memcpy(out, d->raw, count);
    consume(d, count);
    return count;
}

static char *append_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
        return out;
    }
    if (c < 0x800) {
        *out++ = (char)(0xC0 | c >> 6);
    } else {
        if (c < 0x10000) {
            *out++ = (char)(0xE0 | c >> 12);
        } else {
            *out++ = (char)(0xF0 | c >> 18);
            *out++ = (char)(0x80 | (c >> 12 & 0x3F));
        }
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
    }
    *out++ = (char)(0x80 | (c & 0x3F));
    return out;
}

/* Half a character without its other half becomes U+FFFD, and so does an odd last byte. */
static size_t convert_utf16(struct decoder *d, char *out, size_t room)
{
    enum { LONGEST = 3 + 4, REPLACEMENT = 0xFFFD };
    const unsigned char *const raw = (const unsigned char *)d->raw;
    const size_t low = d->kind == UTF16_BE;
    char *to = out;
    size_t at = 0;
    for (; d->len - at >= 2 && room - (size_t)(to - out) >= LONGEST; at += 2) {
        const uint32_t unit = (uint32_t)raw[at + low] | (uint32_t)raw[at + 1 - low] << 8;
        const bool second = unit >= 0xDC00 && unit < 0xE000;
        if (d->high && !second)
            to = append_utf8(to, REPLACEMENT);
        if (unit >= 0xD800 && unit < 0xDC00) {
            d->high = unit;
            continue;
        }
        if (second)
            to = append_utf8(to, d->high ? 0x10000 + ((d->high - 0xD800) << 10) + (unit - 0xDC00)
                                         : REPLACEMENT);
        else
            to = append_utf8(to, unit);
        d->high = 0;
    }
    consume(d, at);
    if (d->ended && d->len < 2 && (d->len || d->high) && room - (size_t)(to - out) >= LONGEST) {
        to = append_utf8(to, REPLACEMENT);
        d->len = d->high = 0;
    }
    return (size_t)(to - out);
}

/* Ends the inner decoder. What it has got is read before the reason is told. */
static void end_inner(struct decoder *d, const char *reason)
{
    d->foreign = reason;
    decoder_end(d->inner);
}

/* Unpacks what has been read into the inner decoder. True if that has got any further. */
static bool unpack(struct decoder *d)
{
    size_t room, count, left = d->len;
    char *const space = decoder_space(d->inner, &room);
    const char *from = d->raw;
    const int result = gzip_read(d->gzip, &from, &left, space, room, &count);
    decoder_fill(d->inner, count);
    consume(d, d->len - left);
    if (result < 0)
        end_inner(d, "compressed with gzip, and broken");
    else if (count == 0 && d->ended)
        end_inner(d, gzip_is_whole(d->gzip) ? NULL : "compressed with gzip, and cut off");
    return count > 0 || d->inner->ended;
}

static int begin_gzip(struct decoder *d)
{
    struct error err;
    d->foreign = "compressed with gzip, and there is no zlib: unpack it first, with gzip -dc";
    d->gzip = gzip_reader_new(&err);
    d->inner = d->gzip ? decoder_new() : NULL;
    if (!d->inner)
        return -1;
    d->foreign = NULL;
    d->inner->is_inner = true;
    return 0;
}

static size_t read_gzip(struct decoder *d, char *out, size_t room, const char **reason)
{
    if (d->is_inner)
        d->foreign = "compressed twice with gzip: unpack it first, with gzip -dc";
    if (!d->inner && (d->foreign || begin_gzip(d) < 0)) {
        *reason = d->foreign;
        return 0;
    }
    for (;;) {
        const size_t count = decoder_read(d->inner, out, room, reason);
        if (count > 0 || *reason)
            return count;
        if (d->inner->ended) {
            *reason = d->foreign;
            return 0;
        }
        if (!unpack(d))
            return 0;
    }
}

struct decoder *decoder_new(void)
{
    struct decoder *const decoder = malloc(sizeof *decoder);
    if (decoder) /* but not `raw`: a short process should not touch memory in vain */
        memset(decoder, 0, offsetof(struct decoder, raw));
    return decoder;
}

void decoder_free(struct decoder *decoder)
{
    if (!decoder)
        return;
    gzip_reader_free(decoder->gzip);
    decoder_free(decoder->inner);
    free(decoder);
}

bool decoder_is_idle(const struct decoder *decoder)
{
    return decoder->kind == PLAIN && decoder->len == 0;
}

char *decoder_space(struct decoder *decoder, size_t *room)
{
    *room = sizeof decoder->raw - decoder->len;
    return decoder->raw + decoder->len;
}

void decoder_fill(struct decoder *decoder, size_t count)
{
    decoder->len += count;
}

void decoder_end(struct decoder *decoder)
{
    decoder->ended = true;
}

size_t decoder_read(struct decoder *decoder, char *out, size_t room, const char **reason)
{
    *reason = NULL;
    if (decoder->kind == UNKNOWN) {
        if (decoder->len < SIGNATURE && !decoder->ended)
            return 0;
        find_kind(decoder);
    }
    switch (decoder->kind) {
    case UTF16_LE:
    case UTF16_BE:
        return convert_utf16(decoder, out, room);
    case GZIP:
        return read_gzip(decoder, out, room, reason);
    case FOREIGN:
        *reason = decoder->foreign;
        return 0;
    default:
        return copy(decoder, out, room);
    }
}
