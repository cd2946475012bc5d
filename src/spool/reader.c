/* Why: while this reads, other processes append, cut off torn lines and begin new
 * segments. Only two things are certain: a line that has its newline is complete, and a
 * segment is complete once the next one exists. */
#include "spool/reader.h"

#include "base/fault.h"
#include "spool/record.h"

#include <errno.h>
#include <fcntl.h>
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

/* Moves back to the beginning of the line that the offset is in. An offset can be within
 * a line, or behind the end, when a power cut has shortened the segment after the
 * cursor was saved. */
static void find_line(struct queue_reader *reader)
{
    struct stat info = {0};
    char last = '\n';
    fstat(reader->fd, &info);
    if (reader->at.offset > (uint64_t)info.st_size)
        reader->at.offset = 0; /* which lines are new since then cannot be known */
    while (reader->at.offset > 0 &&
           pread(reader->fd, &last, 1, (off_t)reader->at.offset - 1) == 1 && last != '\n')
        reader->at.offset--;
}

/* Opens the segment, or the next one if it is gone. 1; 0 if neither exists; -1 and
 * errno. */
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

/* Reads the next bytes. The part of a line that was read before is not kept but read
 * again: it may have been cut off since, and another line written in its place. 1; 0 if
 * there is nothing new; -1 and errno. */
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
    int next = -1; /* the next segment, open: once it exists, this one is complete */
    while (!take_line(reader, line, len)) {
        if (reader->fd < 0 && (result = open_segment(reader)) <= 0)
            break;
        if ((result = read_more(reader)) < 0)
            break;
        if (result > 0)
            continue;
        if (next < 0 && (next = open_at(reader, reader->at.segment + 1)) >= 0)
            continue; /* read once more: this one may have grown before the next began */
        /* what is left is a torn line, which the next commit cuts off */
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
        if (survey->transfers++ == 0)
            survey->oldest_ns = record_time(line, len);
        survey->bytes += len + 1;
    }
    queue_reader_release(&reader);
    return got;
}
