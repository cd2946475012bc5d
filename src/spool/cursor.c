/* Why: what has been acknowledged must be known to the next process, and with it what
 * the output remembers, so that a batch that is sent again is the same batch. */
#include "spool/cursor.h"

#include "base/fault.h"
#include "base/hash.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The first piece holds all but the output's state. */
enum { NAME_ROOM = 32, PIECE_BYTES = 4096, BYTES_MAX = 2 * PIECE_BYTES + CURSOR_STATE_MAX };
#define FORM                                                                                       \
    "tsdb-exporter-cursor %d\nat %" PRIu32 " %" PRIu64 "\ntried %" PRIu32 " %" PRIu64              \
    "\nnot-stored %" PRIu64 " %" PRIu64 "\nfailures %u %u %" PRId64 " %" PRId64 "\n"
#define SCAN                                                                                       \
    "tsdb-exporter-cursor %d at %" SCNu32 " %" SCNu64 " tried %" SCNu32 " %" SCNu64                \
    " not-stored %" SCNu64 " %" SCNu64 " failures %u %u %" SCNd64 " %" SCNd64 "%n"
#define SUM_FORM "sum %08" PRIx32 " %08" PRIx32 "\n"
#define SUM_SCAN "sum %8" SCNx32 " %8" SCNx32
enum { SCANNED = 11, SUM_LEN = 22 };

static void name_of(char *name, size_t index, const char *end)
{
    snprintf(name, NAME_ROOM, "%zu.cursor%s", index, end);
}

/* Reads the file, up to `most` bytes. 1 if there is none. */
static int read_file(int dir, const char *name, size_t most, struct buf *text, struct error *err)
{
    const int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return 1;
    if (fd < 0)
        return error_set(err, "cannot open %s: %s", name, strerror(errno));
    ssize_t n = 1;
    while (n > 0 && text->len < most) {
        char *const to = buf_reserve(text, PIECE_BYTES);
        n = to && fault("cursor-read") == 0 ? read(fd, to, PIECE_BYTES) : -1;
        text->len += n > 0 ? (size_t)n : 0;
    }
    const int why = text->failed ? ENOMEM : errno;
    close(fd);
    return n >= 0 ? 0 : error_set(err, "cannot read %s: %s", name, strerror(why));
}

/* What begins with two checksums, of the lines up to "why" and of the state, must fit
 * them. Cursors were written without them once. */
static int parse(struct buf *file, struct cursor *c, struct buf *state, struct error *err)
{
    const char *const text = buf_text(file);
    int version = 0, len = 0;
    uint32_t sum = 0, state_sum = 0;
    const bool summed = strncmp(text, "sum ", 4) == 0 && file->len > SUM_LEN;
    const char *const body = text + (summed ? SUM_LEN : 0);
    if (summed)
        sscanf(text, SUM_SCAN, &sum, &state_sum);
    const int found = sscanf(body, SCAN, &version, &c->at.segment, &c->at.offset, &c->tried.segment,
                             &c->tried.offset, &c->partial, &c->refused, &c->failures, &c->denied,
                             &c->retry_ms, &c->failed_ms, &len);
    const char *const why = body + len + 5;
    bool fits = found == SCANNED && strncmp(body + len, "\nwhy ", 5) == 0;
    const char *const end = fits ? why + strcspn(why, "\n") : why;
    fits = fits && (!summed || (*end && hash_checksum(body, (size_t)(end + 1 - body)) == sum));
    if (found >= 1 && version > QUEUE_FORMAT && (fits || !summed))
        return error_set(err, "it is of format %d, made by a newer version; this one knows %d",
                         version, QUEUE_FORMAT);
    const char *const from = fits && *end ? end + 1 : end;
    const size_t state_len = fits ? file->len - (size_t)(from - text) : 0;
    if (!fits || (summed && state && hash_checksum(from, state_len) != state_sum)) {
        *c = (struct cursor){.damaged = true};
        return 0;
    }
    snprintf(c->why, sizeof c->why, "%.*s", (int)(end - why), why);
    if (!state)
        return 0;
    buf_append(state, from, strnlen(from, state_len));
    return state->failed ? error_set(err, "out of memory") : 0;
}

int cursor_load(int dir, size_t index, struct cursor *cursor, struct buf *state, struct error *err)
{
    char name[NAME_ROOM];
    struct buf text;
    struct cursor found = {0};
    buf_init(&text, BYTES_MAX);
    name_of(name, index, "");
    if (state)
        buf_clear(state);
    int result = read_file(dir, name, state ? BYTES_MAX : 1, &text, err);
    if (result == 0)
        result = parse(&text, &found, state, err);
    if (result >= 0)
        *cursor = found;
    buf_release(&text);
    return result < 0 ? -1 : 0;
}

int cursor_save(int dir, size_t index, const struct cursor *c, const struct buf *state,
                struct error *err)
{
    char name[NAME_ROOM], beside[NAME_ROOM], head[256 + CURSOR_WHY_MAX], sums[SUM_LEN + 1];
    name_of(name, index, "");
    name_of(beside, index, ".new");
    const int len = snprintf(head, sizeof head, FORM "why %s\n", QUEUE_FORMAT, c->at.segment,
                             c->at.offset, c->tried.segment, c->tried.offset, c->partial,
                             c->refused, c->failures, c->denied, c->retry_ms, c->failed_ms, c->why);
    snprintf(sums, sizeof sums, SUM_FORM, hash_checksum(head, (size_t)len),
             hash_checksum(state->data, state->len));
    const int fd = openat(dir, beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    const bool written = fd >= 0 && fault("cursor-write") == 0 &&
                         io_write(fd, sums, SUM_LEN) == 0 && io_write(fd, head, (size_t)len) == 0 &&
                         io_write(fd, state->data, state->len) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    fault("cursor-written");
    if (written && renameat(dir, beside, dir, name) == 0)
        return 0;
    why = written ? errno : why;
    return error_set(err, "cannot write %s: %s", name, strerror(why));
}
