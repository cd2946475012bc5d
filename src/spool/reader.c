/* Why: while this reads, other processes append, cut off torn lines and begin new
 * segments. Only two things are certain: a line that has its newline is complete, and a
 * segment is complete once the next one exists. */
#include "spool/reader.h"

#include "base/fault.h"
#include "base/hash.h"
#include "spool/head.h"
#include "spool/record.h"
#include "spool/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
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

/* Moves to the beginning of the segment if the place is not behind a line. The segment has
 * changed then, and which of its lines are new cannot be known: to send them all again, with
 * the same times, is harmless. A power cut can shorten it after the cursor was saved. */
static void check_place(struct queue_reader *reader)
{
    char last = '\0';
    if (reader->at.offset > 0)
        (void)!pread(reader->fd, &last, 1, (off_t)(reader->at.offset - 1));
    if (last != '\n')
        reader->at.offset = 0;
}

/* True when a segment may be missing or short: all destinations have passed it. */
static bool is_passed(const struct queue_reader *reader, uint32_t segment)
{
    struct queue_head head = {0};
    struct error ignored;
    const int lock = openat(reader->dir, "lock", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    const bool known = lock >= 0 && queue_head_read(reader->dir, lock, &head, &ignored) == 0;
    if (lock >= 0)
        close(lock);
    return known && segment < head.first;
}

/* Counts and tells that segments up to `until` lack transfers, unless they are passed. */
static void tell_loss(struct queue_reader *reader, uint32_t from, uint32_t until, const char *what)
{
    if (is_passed(reader, until))
        return;
    reader->damages++;
    if (reader->notice)
        notice(reader->notice, NOTICE_RESULT,
               "spool: segments %" PRIu32 " to %" PRIu32 " %s; the transfers in them are lost, "
               "those behind them are sent",
               from, until, what);
}

/* Opens the first segment from `segment` on that exists. It and a place: 1; 0 if there is
 * none; -1 and errno. */
static int open_from(struct queue_reader *reader, uint32_t segment, int *fd)
{
    uint32_t lowest, highest;
    *fd = fault("read-open") < 0 ? -1 : open_at(reader, segment);
    if (*fd >= 0)
        return 1;
    if (errno != ENOENT || segment_list(reader->dir, segment, &lowest, &highest) < 0)
        return -1;
    if (lowest == 0)
        return 0;
    *fd = open_at(reader, lowest);
    if (*fd < 0)
        return errno == ENOENT ? 0 : -1;
    if (segment > 0)
        tell_loss(reader, segment, lowest - 1, "are missing");
    reader->next = lowest;
    return 1;
}

/* The length of the first record at `at` with its checksum and newline, 0 if it is not
 * there as a whole. `*sum` is the length of the checksum, 0 if it has none. */
static size_t unit_length(const char *at, size_t len, size_t *sum)
{
    const bool summed = len >= SEGMENT_SUM_LEN && at[0] == '#' && at[SEGMENT_SUM_LEN - 1] == '\n' &&
                        strspn(at + 1, "0123456789abcdef") == SEGMENT_SUM_LEN - 2;
    *sum = summed ? SEGMENT_SUM_LEN : 0;
    const char *const newline = len > *sum ? memchr(at + *sum, '\n', len - *sum) : NULL;
    return newline ? (size_t)(newline + 1 - at) : 0;
}

/* Reads the next bytes. The part of a line that was read before is not kept but read
 * again: it may have been cut off since, and another line written in its place. 1; 0 if
 * there is nothing new; -1 and errno. */
static int read_more(struct queue_reader *reader)
{
    const size_t part = reader->bytes.len - reader->used;
    size_t sum;
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
    to[n] = '\0';
    return (size_t)n > part || unit_length(to, (size_t)n, &sum) > 0;
}

/* Takes the next record from what has been read. What is longer than any record is taken
 * as a broken one. */
static bool take_line(struct queue_reader *reader, char **line, size_t *len)
{
    const size_t there = reader->bytes.len - reader->used;
    size_t sum = 0;
    char *const begin = there ? reader->bytes.data + reader->used : NULL;
    size_t unit = there ? unit_length(begin, there, &sum) : 0;
    const bool too_long = unit == 0 && there > LINE_BYTES_MAX - 2 * PIECE_BYTES;
    if (too_long)
        unit = there;
    if (unit == 0)
        return false;
    *line = begin + sum;
    *len = unit - sum - !too_long;
    reader->used += unit;
    reader->at.offset += unit;
    reader->broken = too_long || (sum > 0 && (uint32_t)strtoul(begin + 1, NULL, 16) !=
                                                 hash_checksum(*line, *len));
    return true;
}

/* Goes to the next segment, which is open as `fd`. The one before is complete then: it has
 * reached its size and ends with a whole line, unless it is damaged. */
static void go_to_next(struct queue_reader *reader, int fd)
{
    struct stat info = {0};
    const uint32_t segment = reader->at.segment;
    if (fstat(reader->fd, &info) == 0 &&
        (info.st_size < QUEUE_SEGMENT_BYTES || reader->bytes.len > reader->used))
        tell_loss(reader, segment, segment, "are cut short");
    buf_clear(&reader->bytes);
    reader->used = 0;
    close(reader->fd);
    reader->fd = fd;
    reader->at = (struct queue_place){reader->next, 0};
}

/* Reads more, here or in the next segment. 1; 0 if there is nothing new; -1 and errno. */
static int read_on(struct queue_reader *reader)
{
    int result, next = -1;
    if (reader->fd < 0) {
        reader->next = reader->at.segment;
        if ((result = open_from(reader, reader->at.segment, &reader->fd)) <= 0)
            return result;
        if (reader->next != reader->at.segment)
            reader->at = (struct queue_place){reader->next, 0};
        check_place(reader);
    }
    if ((result = read_more(reader)) != 0)
        return result;
    reader->next = reader->at.segment + 1;
    if ((result = open_from(reader, reader->next, &next)) <= 0)
        return result;
    /* once more: this one may have grown before the next began */
    if ((result = read_more(reader)) == 0) {
        go_to_next(reader, next);
        return 1;
    }
    close(next);
    return result;
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
    while (result > 0 && !take_line(reader, line, len))
        result = read_on(reader);
    return result >= 0 ? result : error_set(err, "cannot read the spool: %s", strerror(errno));
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
