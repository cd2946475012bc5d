/* Why: a drainer reads while others append, cut torn lines off and begin new
 * segments. What it may rely on stands here: a newline is the only proof that a
 * line is complete, a next segment the only proof that this one is. */
#include "spool/reader.h"

#include "base/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_BYTES = 128 * 1024, LINE_BYTES_MAX = 4 * 1024 * 1024 };

static int open_at(const struct queue_reader *reader, uint32_t segment)
{
    char name[SEGMENT_NAME_ROOM];
    segment_name(name, segment);
    return openat(reader->dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
}

/* Goes back to the beginning of the line, should the offset be within one: after
 * a power cut the segment may be shorter than the cursor thinks. */
static void find_line(struct queue_reader *reader)
{
    struct stat info = {0};
    char last = '\n';
    fstat(reader->fd, &info);
    if (reader->at.offset > (uint64_t)info.st_size)
        reader->at.offset = 0; /* what is new in it cannot be told from what is old */
    while (reader->at.offset > 0 &&
           pread(reader->fd, &last, 1, (off_t)reader->at.offset - 1) == 1 && last != '\n')
        reader->at.offset--;
}

/* Opens the segment, or the one that follows it. 1, 0 if neither is there, -1. */
static int open_segment(struct queue_reader *reader)
{
    reader->fd = fault("read-open") < 0 ? -1 : open_at(reader, reader->at.segment);
    if (reader->fd < 0 && errno == ENOENT) {
        reader->fd = open_at(reader, reader->at.segment + 1);
        if (reader->fd >= 0)
            reader->at = (struct queue_place){reader->at.segment + 1, 0};
    }
    if (reader->fd < 0)
        return errno == ENOENT ? 0 : -1;
    find_line(reader);
    return 1;
}

/* Reads more. A line that was not whole is read anew, from its beginning: it may
 * have been cut off since, and another one written in its place. 1, 0 when there
 * is no more, -1. */
static int read_more(struct queue_reader *reader)
{
    const size_t part = reader->bytes.len - reader->used;
    buf_clear(&reader->bytes);
    reader->used = 0;
    char *const to = buf_reserve(&reader->bytes, part + PIECE_BYTES + 1);
    if (!to) {
        errno = ENOMEM;
        return -1;
    }
    const ssize_t n = fault("read") < 0
                          ? -1
                          : pread(reader->fd, to, part + PIECE_BYTES, (off_t)reader->at.offset);
    if (n < 0)
        return -1;
    reader->bytes.len = (size_t)n;
    return (size_t)n > part || memchr(to, '\n', (size_t)n);
}

static bool take_line(struct queue_reader *reader, char **line, size_t *len)
{
    char *const begin = reader->bytes.data ? reader->bytes.data + reader->used : NULL;
    const size_t there = reader->bytes.len - reader->used;
    const char *const newline = there ? memchr(begin, '\n', there) : NULL;
    if (!newline)
        return false;
    *line = begin;
    *len = (size_t)(newline - begin);
    reader->used += *len + 1;
    reader->at.offset += *len + 1;
    return true;
}

void queue_reader_init(struct queue_reader *reader, int dir, struct queue_place from)
{
    *reader = (struct queue_reader){.dir = dir, .fd = -1, .at = from};
    buf_init(&reader->bytes, LINE_BYTES_MAX);
}

void queue_reader_release(struct queue_reader *reader)
{
    if (reader->fd >= 0)
        close(reader->fd);
    buf_release(&reader->bytes);
}

int queue_reader_next(struct queue_reader *reader, char **line, size_t *len, struct error *err)
{
    int result = 1;
    int next = -1; /* the following segment: once it is there, this one is complete */
    while (!take_line(reader, line, len)) {
        if (reader->fd < 0 && (result = open_segment(reader)) <= 0)
            break;
        if ((result = read_more(reader)) < 0)
            break;
        if (result > 0)
            continue;
        if (next < 0 && (next = open_at(reader, reader->at.segment + 1)) >= 0)
            continue; /* look once more: it may have grown before the next one came */
        /* a torn line is not kept: its writer's successor cuts it off */
        buf_clear(&reader->bytes);
        if (next < 0)
            break;
        close(reader->fd);
        reader->fd = next;
        next = -1;
        reader->at = (struct queue_place){reader->at.segment + 1, 0};
    }
    const int why = errno;
    if (next >= 0)
        close(next);
    return result >= 0 ? result : error_set(err, "cannot read the spool: %s", strerror(why));
}

int queue_reader_survey(int dir, struct queue_place from, struct queue_survey *survey,
                        struct error *err)
{
    struct queue_reader reader;
    char *line;
    size_t len;
    int got;
    *survey = (struct queue_survey){0};
    queue_reader_init(&reader, dir, from);
    while ((got = queue_reader_next(&reader, &line, &len, err)) > 0) {
        line[len] = '\0';
        const char *const space = strrchr(line, ' ');
        if (survey->transfers++ == 0 && space)
            survey->oldest_ns = strtoll(space, NULL, 10);
        survey->bytes += len + 1;
    }
    queue_reader_release(&reader);
    return got;
}
