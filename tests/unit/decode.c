/* decode: saved bytes become UTF-8, or a reason, in whatever pieces they come. */
#include "input/decode.h"

#include "base/buf.h"
#include "base/gzip.h"

#include "tap.h"

#include <string.h>

static struct error err;

/* What comes out of bytes that come in pieces of `piece` bytes and are read in pieces of
 * `room`; behind it the reason, if there is one. */
static const char *decoded(const char *bytes, size_t len, size_t piece, size_t room)
{
    static struct buf out;
    struct decoder *const d = decoder_new();
    const char *reason = NULL;
    char text[64];
    buf_release(&out);
    buf_init(&out, 16 * 1024 * 1024);
    for (size_t done = 0; !reason;) {
        const size_t count = decoder_read(d, text, room, &reason);
        buf_append(&out, text, count);
        if (count || reason)
            continue;
        if (done == len + 1)
            break;
        size_t space;
        char *const to = decoder_space(d, &space);
        size_t next = len - done < piece ? len - done : piece;
        next = next < space ? next : space;
        memcpy(to, bytes + done, next);
        decoder_fill(d, next);
        done += next;
        if (next == 0) {
            decoder_end(d);
            done = len + 1;
        }
    }
    if (reason)
        buf_printf(&out, "!%s", reason);
    decoder_free(d);
    return buf_text(&out);
}

#define BYTES(literal) literal, sizeof(literal) - 1
#define FFFD "\xEF\xBF\xBD"

static const struct {
    const char *name, *bytes;
    size_t len;
    const char *want;
} cases[] = {
    {"nothing", BYTES(""), ""},
    {"one byte", BYTES("{"), "{"},
    {"UTF-8", BYTES("{\"\xC3\xA4\":1}"), "{\"\xC3\xA4\":1}"},
    {"UTF-8 with a mark", BYTES("\xEF\xBB\xBF{}"), "\xEF\xBB\xBF{}"},
    {"any bytes behind the fourth", BYTES("{\"a\xFF\xFE\x1F\x8B"), "{\"a\xFF\xFE\x1F\x8B"},
    {"UTF-16LE with a mark", BYTES("\xFF\xFE{\0\"\0a\0"), "\xEF\xBB\xBF{\"a"},
    {"UTF-16BE with a mark", BYTES("\xFE\xFF\0{\0\"\0a"), "\xEF\xBB\xBF{\"a"},
    {"UTF-16LE without a mark", BYTES("{\0\"\0\xE4\0\xAC\x20"), "{\"\xC3\xA4\xE2\x82\xAC"},
    {"UTF-16BE without a mark", BYTES("\0{\0\"\0\xE4\x20\xAC"), "{\"\xC3\xA4\xE2\x82\xAC"},
    {"UTF-16 after a newline", BYTES("\r\0\n\0{\0"), "\r\n{"},
    {"a character of two halves", BYTES("\xFF\xFEx\0\x3D\xD8\x00\xDE"),
     "\xEF\xBB\xBFx\xF0\x9F\x98\x80"},
    {"a first half alone", BYTES("\xFF\xFE\x3D\xD8x\0"), "\xEF\xBB\xBF" FFFD "x"},
    {"a first half at the end", BYTES("\xFF\xFEx\0\x3D\xD8"), "\xEF\xBB\xBFx" FFFD},
    {"a second half alone", BYTES("\xFF\xFE\x00\xDEx\0"), "\xEF\xBB\xBF" FFFD "x"},
    {"an odd byte", BYTES("\xFF\xFEx\0y"), "\xEF\xBB\xBFx" FFFD},
    {"UTF-32", BYTES("\xFF\xFE\0\0{\0\0\0"), "!UTF-32: save it as UTF-8"},
    {"zstd", BYTES("\x28\xB5\x2F\xFD\x04\x58"),
     "!compressed with zstd: unpack it first, with zstd -dc"},
    {"bzip2", BYTES("BZh91AY"), "!compressed with bzip2: unpack it first, with bzip2 -dc"},
    {"half a gzip signature", BYTES("\x1F"), "\x1F"},
    {"no gzip behind its signature", BYTES("\x1F\x8B{}{}{}{}{}{}"),
     "!compressed with gzip, and broken"},
    {"only gzip's signature", BYTES("\x1F\x8B"), "!compressed with gzip, and cut off"},
};

static void reads_gzip(void)
{
    struct buf packed, twice, plain;
    buf_init(&packed, 1024 * 1024);
    buf_init(&twice, 1024 * 1024);
    buf_init(&plain, 1024 * 1024);
    for (int i = 0; i < 20000; i++)
        buf_printf(&plain, "{\"a\":%d}\n", i);
    const char *const want = buf_text(&plain);
    if (gzip_compress(&packed, plain.data, plain.len, &err) < 0) {
        OK(0, err.text);
        return;
    }
    const size_t one = packed.len;
    OK(strcmp(decoded(packed.data, one, 4096, 64), want) == 0, "gzip");
    OK(strcmp(decoded(packed.data, one, 65536, 64), want) == 0, "gzip, read at once");
    static char joined[1024 * 1024];
    memcpy(joined, packed.data, one);
    memset(joined + one, 0, 100);
    OK(strcmp(decoded(joined, one + 100, 4096, 64), want) == 0, "with zeros behind it");
    memcpy(joined + one, packed.data, one);
    const char *const got = decoded(joined, 2 * one, 4096, 64);
    OK(strlen(got) == 2 * strlen(want) && strcmp(got + strlen(want), want) == 0, "two members");
    const char *const cut = decoded(packed.data, one / 2, 4096, 64);
    OK(strncmp(cut, want, 1000) == 0 && strstr(cut, "!compressed with gzip, and cut off"),
       "what is cut off is read as far as it goes");
    joined[one / 2] ^= 0x55;
    joined[one / 2 + 1] ^= 0x55;
    const char *const broken = decoded(joined, one, 4096, 64);
    OK(strncmp(broken, want, 1000) == 0 && strstr(broken, "!compressed with gzip, and broken"),
       "what is broken too");
    gzip_compress(&packed, BYTES("\xFF\xFE{\0}\0"), &err);
    IS_TEXT(decoded(packed.data, packed.len, 1, 64), "\xEF\xBB\xBF{}", "UTF-16 in gzip");
    gzip_compress(&twice, packed.data, packed.len, &err);
    IS_TEXT(decoded(twice.data, twice.len, 1, 64),
            "!compressed twice with gzip: unpack it first, with gzip -dc", "gzip in gzip");
    buf_release(&packed);
    buf_release(&twice);
    buf_release(&plain);
}

int main(void)
{
    static const size_t pieces[] = {1, 2, 3, 5, 64};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++)
            IS_TEXT(decoded(cases[i].bytes, cases[i].len, pieces[p], p % 2 ? 8 : 64), cases[i].want,
                    cases[i].name);
    reads_gzip();
    return tap_done();
}
