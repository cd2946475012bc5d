/* Why: twenty short processes that each send one transfer cost more than what they
 * measure. Here each appends a line to a file and ends. The order of the system calls
 * makes the numbered promises of queue.h true: keep them in view when you change it. */
#include "spool/queue_commit.h"

#include "base/fault.h"
#include "base/hash.h"
#include "base/text.h"
#include "spool/record.h"
#include "spool/segment.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MORE = SEGMENT_SUM_LEN + NUMBER_ROOM + 1 }; /* what a commit adds to each */

/* The time for a transfer that arrived at `arrival_ns`: that time, if it is later than
 * all that the queue has handed out. Otherwise the clock was set back, and the last time
 * plus half of what has passed since then: later than the last one, and yet the clock
 * catches up. */
static int64_t next_time(struct queue_head *head, int64_t arrival_ns)
{
    const int64_t passed_ns = arrival_ns - head->clock_ns;
    head->clock_ns = arrival_ns;
    if (arrival_ns > head->last_ns)
        head->last_ns = arrival_ns;
    else
        head->last_ns += passed_ns > 2 ? passed_ns / 2 : 1;
    return head->last_ns;
}

static void write_sum(char *to, uint32_t sum)
{
    *to++ = '#';
    for (int shift = 28; shift >= 0; shift -= 4)
        *to++ = "0123456789abcdef"[sum >> shift & 15];
    *to = '\n';
}

/* Writes the waiting lines with their times and checksums to `out`, as they are to be appended. */
static int add_times(struct queue *queue, struct queue_head *head, struct buf *out)
{
    size_t from = 0;
    for (size_t i = 0; i < queue->count; i++) {
        const struct queue_line *const line = &queue->waiting[i];
        const int64_t time_ns = line->timed ? line->time_ns : next_time(head, line->time_ns);
        const size_t len = line->end - from;
        char *const to = buf_reserve(out, len + LINE_MORE);
        if (!to)
            return -1;
        char *const record = to + SEGMENT_SUM_LEN;
        memcpy(record, queue->lines.data + from, len);
        const size_t record_len = len + text_integer(record + len, time_ns);
        write_sum(to, hash_checksum(record, record_len));
        record[record_len] = '\n';
        out->len += SEGMENT_SUM_LEN + record_len + 1;
        from = line->end;
    }
    return out->failed ? -1 : 0;
}

static size_t count_records(const char *at, size_t len)
{
    size_t count = 0;
    for (const char *const end = at + len; at < end;) {
        count += *at != '#';
        at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
    }
    return count;
}

static int check_room(const struct queue *queue, const struct queue_head *head, off_t size,
                      size_t more, struct error *err)
{
    const uint64_t used =
        (uint64_t)(head->last - head->first) * QUEUE_SEGMENT_BYTES + (uint64_t)size + more;
    if (used <= queue->bytes_max)
        return 0;
    return error_set(err,
                     "it is full (--spool-max is %" PRIu64
                     " MiB): the database must take what waits first; see --spool-status",
                     queue->bytes_max / 1048576);
}

/* The part of a commit that needs the lock. `out` is empty, with room for all lines. */
static int commit_locked(struct queue *queue, struct buf *out, struct queue_commit *done,
                         struct error *err)
{
    struct queue_head head;
    if (queue_read_head(queue, &head, err) < 0)
        return -1;
    off_t size = queue_open_last(queue, &head, &done->torn_bytes, err);
    if (size < 0)
        return -1;
    const int64_t clock_ns = head.clock_ns;
    if (add_times(queue, &head, out) < 0)
        return error_set(err, "out of memory");
    done->clock_back_ns = clock_ns > head.clock_ns ? clock_ns - head.clock_ns : 0;
    if (check_room(queue, &head, size, out->len, err) < 0)
        return -1;
    const bool full = size >= QUEUE_SEGMENT_BYTES;
    if (full) {
        head.last++;
        head.end = 0;
        size = 0;
    }
    /* The head is written before the segment that it names. In the other order a
     * process that is killed in between would leave a segment that the head does not
     * know: a cursor in it would be behind the end of the queue, and be moved back to
     * the beginning. */
    if (queue_head_write(queue->lock, &head, err) < 0)
        return -1;
    if (full)
        fault("rotated");
    if (queue_open_segment(queue, head.last, err) < 0)
        return -1;
    fault("timed");
    const size_t kept = segment_append(queue->segment_fd, size, out);
    const int why = errno;
    fault("written");
    /* Only what is known to be there may be missed later. An older end is harmless. */
    struct error ignored;
    head.end = (uint64_t)size + kept;
    (void)queue_head_write(queue->lock, &head, &ignored);
    done->kept = count_records(out->data, kept);
    queue->end = (struct queue_place){queue->segment, (uint64_t)size + kept};
    return kept == out->len ? 0 : error_set(err, "cannot write to it: %s", strerror(why));
}

/* Makes room for one more. There are never more than `lines` has bytes. */
static int reserve_waiting(struct queue *queue)
{
    if (queue->count < queue->room)
        return 0;
    const size_t room = queue->room ? 2 * queue->room : 16;
    struct queue_line *const waiting = realloc(queue->waiting, room * sizeof *waiting);
    if (!waiting)
        return -1;
    queue->waiting = waiting;
    queue->room = room;
    return 0;
}

int queue_add(struct queue *queue, const struct transfer *transfer, struct error *err)
{
    const size_t before = queue->lines.len;
    record_write(&queue->lines, transfer, queue->text);
    if (fault("add") < 0 || queue->lines.failed || reserve_waiting(queue) < 0) {
        queue->lines.len = before;
        queue->lines.failed = false;
        return error_set(err, "out of memory, or a transfer of more than %d MiB",
                         QUEUE_LINE_BYTES_MAX / 1048576);
    }
    /* without its time, which the commit adds */
    queue->lines.len =
        before + record_time_begin(queue->lines.data + before, queue->lines.len - before);
    queue->waiting[queue->count++] =
        (struct queue_line){queue->lines.len, transfer->time_ns, transfer->timed};
    return 0;
}

bool queue_is_full(const struct queue *queue)
{
    return queue->lines.len >= QUEUE_COMMIT_BYTES;
}

int queue_commit(struct queue *queue, struct queue_commit *done, struct error *err)
{
    struct buf out;
    *done = (struct queue_commit){0};
    if (queue->count == 0)
        return 0;
    buf_init(&out, 2 * (QUEUE_COMMIT_BYTES + QUEUE_LINE_BYTES_MAX));
    /* allocated here, so that nobody waits for it under the lock */
    buf_reserve(&out, queue->lines.len + queue->count * LINE_MORE);
    int result = queue_lock(queue, err);
    if (result == 0) {
        result = commit_locked(queue, &out, done, err);
        queue_unlock(queue);
    }
    if (result == 0 && queue->sync &&
        (fault("sync") < 0 || fdatasync(queue->segment_fd) < 0 || fsync(queue->dir) < 0)) {
        done->kept = 0;
        result = error_set(err, "cannot bring it to the disk: %s", strerror(errno));
    }
    done->lost = queue->count - done->kept;
    buf_release(&out);
    buf_clear(&queue->lines);
    queue->count = 0;
    return result;
}
