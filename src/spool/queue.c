/* Why: twenty short processes that each push one sample cost more than what they
 * measure. Here each appends a line to a file and goes; one lock for a few
 * microseconds is all they share. The order of the system calls is what makes the
 * promises of the header true; change it with them in view. */
#include "spool/queue.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/text.h"
#include "spool/head.h"
#include "spool/record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    COMMIT_BYTES = 64 * 1024, /* more at once would hold the lock for longer */
    LINE_BYTES_MAX = 2 * 1024 * 1024,
    LOCK_WAIT_MS = 10000 /* nobody holds it for that long, unless stopped */
};

/* Waits by looking again: a signal that ends flock would be the caller's. */
static int lock(struct queue *spool, struct error *err)
{
    enum { YIELDS = 20 }; /* as good as always enough: it is held for microseconds */
    sched_yield();        /* with a fresh slice of time nobody is stopped while holding it */
    int result = fault("lock") < 0 ? -1 : flock(spool->lock, LOCK_EX | LOCK_NB);
    for (int i = 0; result < 0 && errno == EWOULDBLOCK && i < YIELDS + LOCK_WAIT_MS; i++) {
        if (i < YIELDS)
            sched_yield();
        else
            poll(NULL, 0, 1);
        result = flock(spool->lock, LOCK_EX | LOCK_NB);
    }
    if (result < 0 && errno == EWOULDBLOCK)
        return error_set(err, "another process has held its lock for %d s", LOCK_WAIT_MS / 1000);
    if (result < 0)
        return error_set(err, "cannot lock it: %s", strerror(errno));
    fault("locked");
    return 0;
}

static void unlock(struct queue *spool)
{
    flock(spool->lock, LOCK_UN);
}

static int open_segment(struct queue *spool, uint32_t segment, struct error *err)
{
    char name[SEGMENT_NAME_ROOM];
    if (spool->segment_fd >= 0 && spool->segment == segment)
        return 0;
    if (spool->segment_fd >= 0)
        close(spool->segment_fd);
    segment_name(name, segment);
    spool->segment_fd =
        fault("segment") < 0
            ? -1
            : openat(spool->dir, name, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    spool->segment = segment;
    if (spool->segment_fd < 0)
        return error_set(err, "cannot open its file %s: %s", name, strerror(errno));
    return 0;
}

/* Cuts the segment behind its last whole line; returns how many bytes are left, or
 * -1 and errno. */
static off_t cut_torn_line(int fd)
{
    struct stat info;
    if (fstat(fd, &info) < 0)
        return -1;
    off_t size = info.st_size;
    char last = '\n';
    if (size > 0 && pread(fd, &last, 1, size - 1) != 1)
        return -1;
    if (last == '\n')
        return size;
    while (size > 0) {
        char piece[4096];
        const size_t len = size < (off_t)sizeof piece ? (size_t)size : sizeof piece;
        if (pread(fd, piece, len, size - (off_t)len) != (ssize_t)len)
            return -1;
        size_t keep = len;
        while (keep > 0 && piece[keep - 1] != '\n')
            keep--;
        size -= (off_t)(len - keep);
        if (keep > 0)
            break;
    }
    return ftruncate(fd, size) < 0 ? -1 : size;
}

/* The lines with their times, as they are to be appended. Under the lock. */
static int stamp(struct queue *spool, struct queue_head *head, struct buf *out)
{
    size_t from = 0;
    for (size_t i = 0; i < spool->count; i++) {
        const struct queue_times *const line = &spool->times[i];
        int64_t time_ns = line->time_ns;
        if (!line->timed) {
            const int64_t passed_ns = line->time_ns - head->clock_ns;
            head->clock_ns = line->time_ns;
            if (time_ns <= head->last_ns)
                time_ns = head->last_ns + (passed_ns > 2 ? passed_ns / 2 : 1);
            head->last_ns = time_ns;
        }
        char *const to = buf_reserve(out, line->end - from + NUMBER_ROOM + 1);
        if (!to)
            return -1;
        memcpy(to, spool->lines.data + from, line->end - from);
        out->len += line->end - from;
        out->len += text_integer(out->data + out->len, time_ns);
        buf_append(out, "\n", 1);
        from = line->end;
    }
    return out->failed ? -1 : 0;
}

static size_t count_lines(const char *at, size_t len)
{
    size_t count = 0;
    for (const char *const end = at + len; at < end; count++) {
        const char *const newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline)
            break;
        at = newline + 1;
    }
    return count;
}

/* Appends at `size`; on failure what is whole stays. Returns how many of the bytes
 * are in the file to stay, which is all of them unless errno says why not. */
static size_t append(int fd, off_t size, const struct buf *out)
{
    size_t done = 0;
    while (done < out->len) {
        const size_t len = fault_length("write-half", out->len - done);
        const ssize_t n =
            fault(done ? "write-rest" : "write") < 0 ? -1 : write(fd, out->data + done, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            break;
        done += (size_t)n;
    }
    if (done == out->len)
        return done;
    const int why = errno;
    const off_t kept = cut_torn_line(fd);
    errno = why;
    return kept > size ? (size_t)(kept - size) : 0;
}

static int check_room(const struct queue *spool, const struct queue_head *head, off_t size,
                      size_t more, struct error *err)
{
    const uint64_t used =
        (uint64_t)(head->last - head->first) * QUEUE_SEGMENT_BYTES + (uint64_t)size + more;
    if (used <= spool->bytes_max)
        return 0;
    return error_set(err,
                     "it is full (--spool-max is %" PRIu64
                     " MiB): the database must take what waits first; see --spool-status",
                     spool->bytes_max / 1048576);
}

/* All that happens under the lock. */
static int commit_locked(struct queue *spool, struct buf *out, struct queue_commit *done,
                         struct error *err)
{
    struct queue_head head;
    struct stat info = {0};
    if (queue_head_read(spool->dir, spool->lock, &head, err) < 0 ||
        open_segment(spool, head.last, err) < 0)
        return -1;
    if (fault("cut") < 0 || fstat(spool->segment_fd, &info) < 0)
        return error_set(err, "cannot read its last file: %s", strerror(errno));
    off_t size = cut_torn_line(spool->segment_fd);
    if (size < 0)
        return error_set(err, "cannot cut off a torn line: %s", strerror(errno));
    done->torn_bytes = (size_t)(info.st_size - size);
    const int64_t clock_ns = head.clock_ns;
    if (stamp(spool, &head, out) < 0)
        return error_set(err, "out of memory");
    done->clock_back_ns = clock_ns > head.clock_ns ? clock_ns - head.clock_ns : 0;
    if (check_room(spool, &head, size, out->len, err) < 0)
        return -1;
    const bool full = size >= QUEUE_SEGMENT_BYTES;
    if (full) {
        head.last++;
        size = 0;
    }
    /* the head first: a segment that it does not know would be beyond the end, and
     * its reader sent back to the beginning */
    if (queue_head_write(spool->lock, &head, err) < 0)
        return -1;
    if (full)
        fault("rotated");
    if (open_segment(spool, head.last, err) < 0)
        return -1;
    fault("timed");
    const size_t kept = append(spool->segment_fd, size, out);
    const int why = errno;
    fault("written");
    done->kept = count_lines(out->data, kept);
    spool->end = (struct queue_place){spool->segment, (uint64_t)size + kept};
    return kept == out->len ? 0 : error_set(err, "cannot write to it: %s", strerror(why));
}

int queue_open(struct queue *spool, int dir, uint64_t bytes_max, bool sync, bool text,
               struct error *err)
{
    *spool = (struct queue){
        .dir = dir, .segment_fd = -1, .bytes_max = bytes_max, .sync = sync, .text = text};
    buf_init(&spool->lines, COMMIT_BYTES + LINE_BYTES_MAX);
    spool->lock = openat(dir, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fault("open") == 0 && spool->lock >= 0)
        return 0;
    return error_set(err, "cannot open its lock: %s", strerror(errno));
}

void queue_close(struct queue *spool)
{
    if (spool->segment_fd >= 0)
        close(spool->segment_fd);
    if (spool->lock >= 0)
        close(spool->lock);
    buf_release(&spool->lines);
    free(spool->times);
}

int queue_put(struct queue *spool, const struct transfer *transfer, struct error *err)
{
    if (spool->count == spool->room) {
        const size_t room = spool->room ? 2 * spool->room : 16;
        struct queue_times *const times = realloc(spool->times, room * sizeof *times);
        if (!times)
            return error_set(err, "out of memory");
        spool->times = times;
        spool->room = room;
    }
    const size_t before = spool->lines.len;
    record_write(&spool->lines, transfer, spool->text);
    if (spool->lines.failed) {
        spool->lines.len = before;
        spool->lines.failed = false;
        return error_set(err, "out of memory, or a transfer of more than %d MiB",
                         LINE_BYTES_MAX / 1048576);
    }
    while (spool->lines.data[spool->lines.len - 1] != ' ')
        spool->lines.len--; /* the time is given at the commit */
    spool->times[spool->count++] =
        (struct queue_times){spool->lines.len, transfer->time_ns, transfer->timed};
    return 0;
}

bool queue_is_full(const struct queue *spool)
{
    return spool->lines.len >= COMMIT_BYTES;
}

int queue_commit(struct queue *spool, struct queue_commit *done, struct error *err)
{
    struct buf out;
    *done = (struct queue_commit){0};
    if (spool->count == 0)
        return 0;
    buf_init(&out, 2 * (COMMIT_BYTES + LINE_BYTES_MAX));
    buf_reserve(&out, spool->lines.len + spool->count * NUMBER_ROOM); /* not under the lock */
    int result = lock(spool, err);
    if (result == 0) {
        result = commit_locked(spool, &out, done, err);
        unlock(spool);
    }
    if (result == 0 && spool->sync &&
        (fault("sync") < 0 || fdatasync(spool->segment_fd) < 0 || fsync(spool->dir) < 0)) {
        done->kept = 0;
        result = error_set(err, "cannot bring it to the disk: %s", strerror(errno));
    }
    done->lost = spool->count - done->kept;
    buf_release(&out);
    buf_clear(&spool->lines);
    spool->count = 0;
    return result;
}

int queue_bounds(struct queue *spool, struct queue_place *first, struct queue_place *end,
                 struct error *err)
{
    struct queue_head head;
    struct stat info = {0};
    char name[SEGMENT_NAME_ROOM];
    if (lock(spool, err) < 0)
        return -1;
    const int result = queue_head_read(spool->dir, spool->lock, &head, err);
    segment_name(name, head.last);
    if (result == 0 && fstatat(spool->dir, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
        info.st_size = 0; /* it will be made by the next commit */
    unlock(spool);
    *first = (struct queue_place){head.first, 0};
    *end = (struct queue_place){head.last, (uint64_t)info.st_size};
    return result;
}

int queue_find_cursor(struct queue *spool, size_t index, struct cursor *cursor, struct buf *state,
                      struct error *err)
{
    struct queue_place first, end;
    if (cursor_load(spool->dir, index, cursor, state, err) < 0 ||
        queue_bounds(spool, &first, &end, err) < 0)
        return -1;
    if (queue_compare(cursor->at, first) < 0 || queue_compare(cursor->at, end) > 0)
        cursor->at = first;
    return 0;
}

int queue_remove(struct queue *spool, struct queue_place until, struct error *err)
{
    struct queue_head head;
    struct stat info = {0};
    char name[SEGMENT_NAME_ROOM];
    if (lock(spool, err) < 0)
        return -1;
    int result = queue_head_read(spool->dir, spool->lock, &head, err);
    uint32_t begin = head.first;
    segment_name(name, head.last);
    if (result == 0 && until.segment == head.last && until.offset > 0 &&
        fstatat(spool->dir, name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
        (uint64_t)info.st_size == until.offset)
        until.segment = ++head.last;
    if (until.segment > head.first)
        head.first = until.segment < head.last ? until.segment : head.last;
    if (result == 0 && head.first > begin)
        result = queue_head_write(spool->lock, &head, err);
    unlock(spool);
    if (result < 0 || head.first == begin)
        return result;
    /* the head first, and to the disk: a number is never used again */
    if (fdatasync(spool->lock) < 0)
        return error_set(err, "cannot bring its lock to the disk: %s", strerror(errno));
    fault("removing");
    do /* what one who was killed here has left */
        segment_name(name, begin - 1);
    while (faccessat(spool->dir, name, F_OK, 0) == 0 && --begin > 0);
    for (uint32_t segment = begin; segment < head.first; segment++) {
        segment_name(name, segment);
        if (unlinkat(spool->dir, name, 0) < 0 && errno != ENOENT)
            result = error_set(err, "cannot remove %s: %s", name, strerror(errno));
    }
    return result;
}
