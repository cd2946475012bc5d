/* Why: processes that know nothing of each other share these files; all they agree on is a
 * lock, for a few microseconds. The order of the system calls makes the numbered promises
 * of the header true: keep them in view when you change it. */
#include "spool/queue.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/hash.h"
#include "base/text.h"
#include "spool/head.h"
#include "spool/record.h"
#include "spool/segment.h"

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

/* Only a process that is stopped holds the lock for that long. */
enum { LOCK_WAIT_MS = 10000 };

/* Opens the file "lock" anew if it was removed while it was open: whoever came since has
 * made and locked another one. Where the whole directory was removed it cannot be. 1 when
 * that was done, 0 when it was not needed, -1. */
static int open_lock_again(struct queue *queue, struct error *err)
{
    struct stat info;
    if (fstat(queue->lock, &info) < 0 || info.st_nlink > 0)
        return 0;
    close(queue->lock);
    queue->lock = openat(queue->dir, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (queue->segment_fd >= 0)
        close(queue->segment_fd);
    queue->segment_fd = -1;
    if (queue->lock >= 0)
        return 1;
    return error_set(err, "its directory was removed while it was in use: %s", strerror(errno));
}

/* Takes the queue's lock. It tries again each millisecond, since only a signal could end
 * a flock that waits, and signals are the caller's. */
int queue_lock(struct queue *queue, struct error *err)
{
    int waited_ms = 0;
    /* With a fresh slice of time nobody is interrupted while holding the lock: without
     * this, one lock in a hundred is held ten times as long. */
    sched_yield();
    int again = 1;
    while (again > 0) {
        while (fault("lock") < 0 || flock(queue->lock, LOCK_EX | LOCK_NB) < 0) {
            if (errno != EWOULDBLOCK)
                return error_set(err, "cannot lock it: %s", strerror(errno));
            if (waited_ms++ == LOCK_WAIT_MS)
                return error_set(err, "another process has held its lock for %d s",
                                 LOCK_WAIT_MS / 1000);
            poll(NULL, 0, 1);
        }
        again = open_lock_again(queue, err);
    }
    fault("locked");
    return again;
}

void queue_unlock(struct queue *queue)
{
    flock(queue->lock, LOCK_UN);
}

int queue_read_head(struct queue *queue, struct queue_head *head, struct error *err)
{
    if (queue_head_read(queue->dir, queue->lock, head, err) < 0)
        return -1;
    if (!queue->notice || !(head->damaged || head->ahead_ns))
        return 0;
    if (head->damaged)
        notice(queue->notice, NOTICE_WARN,
               "spool: the file lock was damaged; it was made again from the other files");
    if (head->ahead_ns)
        notice(queue->notice, NOTICE_WARN,
               "spool: the last time in it was %" PRId64 " s ahead of the clock: a clock was "
               "wrong, or the file lock was damaged; transfers get the clock's time again",
               head->ahead_ns / NS_PER_S);
    return queue_head_write(queue->lock, head, err);
}

int queue_open_segment(struct queue *queue, uint32_t segment, struct error *err)
{
    char name[SEGMENT_NAME_ROOM];
    if (queue->segment_fd >= 0 && queue->segment == segment)
        return 0;
    if (queue->segment_fd >= 0)
        close(queue->segment_fd);
    segment_name(name, segment);
    queue->segment_fd =
        fault("segment") < 0
            ? -1
            : openat(queue->dir, name, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    queue->segment = segment;
    if (queue->segment_fd < 0)
        return error_set(err, "cannot open its file %s: %s", name, strerror(errno));
    return 0;
}

off_t queue_open_last(struct queue *queue, struct queue_head *head, size_t *torn_bytes,
                      struct error *err)
{
    struct stat info = {0};
    if (queue_open_segment(queue, head->last, err) < 0)
        return -1;
    if (fault("cut") < 0 || fstat(queue->segment_fd, &info) < 0)
        return error_set(err, "cannot read its last file: %s", strerror(errno));
    const off_t size = segment_cut_torn_line(queue->segment_fd);
    if (size < 0)
        return error_set(err, "cannot cut off a torn line: %s", strerror(errno));
    const uint64_t was = (uint64_t)info.st_size, left = (uint64_t)size;
    *torn_bytes = (size_t)(was - left);
    if (left >= head->end) {
        head->end = left;
        return size;
    }
    *torn_bytes = was > head->end ? (size_t)(was - head->end) : 0;
    queue->damages++;
    if (queue->notice)
        notice(queue->notice, NOTICE_RESULT,
               "spool: %" PRIu64 " bytes at the end of segment %" PRIu32
               " are missing or damaged; the transfers in them are lost",
               head->end - left, head->last);
    /* What comes now goes into a new segment: a cursor may be behind the end of this one,
     * and what took the place of the lost lines would count as sent. */
    head->last++;
    head->end = 0;
    return queue_head_write(queue->lock, head, err) < 0 ||
                   queue_open_segment(queue, head->last, err) < 0
               ? -1
               : 0;
}

/* Looks whether the last segment still ends as the last commit left it, and corrects the
 * head if not. 0 or -1. */
static int check_end(struct queue *queue, struct queue_head *head, struct error *err)
{
    size_t torn_bytes;
    char name[SEGMENT_NAME_ROOM], last = '\0';
    segment_name(name, head->last);
    if (!queue->notice || head->end == 0)
        return 0;
    const int fd = openat(queue->dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    (void)!pread(fd, &last, 1, (off_t)head->end - 1);
    if (fd >= 0)
        close(fd);
    if (last == '\n')
        return 0;
    if (queue_open_last(queue, head, &torn_bytes, err) < 0)
        return -1;
    close(queue->segment_fd); /* a removed segment that is open still takes room */
    queue->segment_fd = -1;
    return queue_head_write(queue->lock, head, err);
}

int queue_open(struct queue *queue, int dir, uint64_t bytes_max, bool sync, bool text,
               struct error *err)
{
    *queue = (struct queue){
        .dir = dir, .segment_fd = -1, .bytes_max = bytes_max, .sync = sync, .text = text};
    buf_init(&queue->lines, QUEUE_COMMIT_BYTES + QUEUE_LINE_BYTES_MAX);
    queue->lock = openat(dir, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fault("open") == 0 && queue->lock >= 0)
        return 0;
    return error_set(err, "cannot open its lock: %s", strerror(errno));
}

int queue_open_to_look(struct queue *queue, int dir, struct error *err)
{
    *queue = (struct queue){.dir = dir, .segment_fd = -1};
    buf_init(&queue->lines, 0);
    queue->lock = openat(dir, "lock", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (queue->lock < 0 && errno == ENOENT) /* an empty head, and nobody to wait for */
        queue->lock = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return queue->lock < 0 ? error_set(err, "cannot open its lock: %s", strerror(errno)) : 0;
}

void queue_close(struct queue *queue)
{
    if (queue->segment_fd >= 0)
        close(queue->segment_fd);
    if (queue->lock >= 0)
        close(queue->lock);
    buf_release(&queue->lines);
    free(queue->waiting);
}

int queue_bounds(struct queue *queue, struct queue_place *first, struct queue_place *end,
                 struct error *err)
{
    struct queue_head head;
    struct stat info = {0};
    char name[SEGMENT_NAME_ROOM];
    if (queue_lock(queue, err) < 0)
        return -1;
    int result = queue_read_head(queue, &head, err);
    if (result == 0)
        result = check_end(queue, &head, err);
    segment_name(name, head.last);
    if (result == 0 && fstatat(queue->dir, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
        info.st_size = 0; /* the next commit will create it */
    queue_unlock(queue);
    *first = (struct queue_place){head.first, 0};
    *end = (struct queue_place){head.last, (uint64_t)info.st_size};
    return result;
}

int queue_find_cursor(struct queue *queue, size_t index, struct cursor *cursor, struct buf *state,
                      struct error *err)
{
    struct queue_place first, end;
    if (cursor_load(queue->dir, index, cursor, state, err) < 0 ||
        queue_bounds(queue, &first, &end, err) < 0)
        return -1;
    if (cursor->damaged && queue->notice)
        notice(queue->notice, NOTICE_WARN,
               "spool: the file %zu.cursor was damaged; what is still here is sent again, with "
               "the same times",
               index);
    if (queue_compare(cursor->at, first) < 0 || queue_compare(cursor->at, end) > 0)
        cursor->at = first;
    return 0;
}

int queue_remove(struct queue *queue, struct queue_place until, struct error *err)
{
    struct queue_head head;
    struct stat info = {0};
    char name[SEGMENT_NAME_ROOM];
    if (queue_lock(queue, err) < 0)
        return -1;
    int result = queue_read_head(queue, &head, err);
    const uint32_t begin = head.first;
    segment_name(name, head.last);
    if (result == 0 && until.segment == head.last && until.offset > 0 &&
        fstatat(queue->dir, name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
        (uint64_t)info.st_size == until.offset)
        until.segment = ++head.last, head.end = 0;
    if (until.segment > head.first)
        head.first = until.segment < head.last ? until.segment : head.last;
    if (result == 0 && head.first > begin)
        result = queue_head_write(queue->lock, &head, err);
    queue_unlock(queue);
    if (result < 0 || head.first == begin)
        return result;
    /* The head goes to the disk before a segment is removed. Otherwise an older head
     * could come back after a power cut, and a number could be used a second time. */
    if (fdatasync(queue->lock) < 0)
        return error_set(err, "cannot bring its lock to the disk: %s", strerror(errno));
    fault("removing");
    /* by the directory: a process that was killed here has left some before the first */
    uint32_t segment, highest;
    while (result == 0 && segment_list(queue->dir, 0, &segment, &highest) == 0 && segment > 0 &&
           segment < head.first) {
        segment_name(name, segment);
        if (unlinkat(queue->dir, name, 0) < 0 && errno != ENOENT)
            result = error_set(err, "cannot remove %s: %s", name, strerror(errno));
    }
    return result;
}
