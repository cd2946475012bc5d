/* Why: a process that adds one transfer learns the last time and the last segment from
 * one short read. And when just this one line is lost, no transfer may be lost with it:
 * the files of the queue say the same, only slower. */
#include "spool/head.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/hash.h"
#include "model/transfer.h"
#include "spool/cursor.h"
#include "spool/place.h"
#include "spool/record.h"
#include "spool/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "tsdb-exporter-spool "
enum { HEAD_ROOM = 192, TAIL_BYTES = 4096, CURSORS_MAX = 64, OLD_FIELDS = 5, FIELDS = 7 };

/* The time of the last whole line of a segment, 0 if there is none. */
static int64_t last_time(int dir, uint32_t segment)
{
    char name[SEGMENT_NAME_ROOM], tail[TAIL_BYTES];
    struct stat info = {0};
    segment_name(name, segment);
    const int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return 0;
    fstat(fd, &info);
    const off_t from = info.st_size > TAIL_BYTES ? info.st_size - TAIL_BYTES : 0;
    ssize_t len = pread(fd, tail, TAIL_BYTES, from);
    close(fd);
    while (len > 0 && tail[len - 1] != '\n')
        len--;
    return len > 0 ? record_time(tail, (size_t)len - 1) : 0;
}

/* Makes the head from the segments that exist, and from the cursors: a new segment below
 * the place that a cursor has reached would never be sent. The last time is the later one
 * of head->last_ns and what the newest segment ends with. */
static int recover(int dir, struct queue_head *head, struct error *err)
{
    struct queue_place reached = {0};
    uint32_t lowest, highest;
    if (fault("list") < 0 || segment_list(dir, 0, &lowest, &highest) < 0)
        return error_set(err, "cannot list it: %s", strerror(errno));
    for (size_t i = 0; i < CURSORS_MAX; i++) {
        struct cursor cursor;
        struct error ignored;
        if (cursor_load(dir, i, &cursor, NULL, &ignored) == 0 &&
            cursor.at.segment < UINT32_MAX / 2 && /* more is a damage */
            queue_compare(cursor.at, reached) > 0)
            reached = cursor.at;
    }
    const uint32_t next = reached.segment + (reached.offset > 0); /* if all was passed */
    head->last = reached.segment > highest ? next : highest > 0 ? highest : 1;
    head->first = lowest > 0 ? lowest : head->last;
    head->end = 0;
    const int64_t found_ns = last_time(dir, highest);
    head->last_ns = found_ns > head->last_ns ? found_ns : head->last_ns;
    return 0;
}

/* True when a segment exists that the head does not know of. Then a power cut has brought
 * back an older head. */
static bool is_behind(int dir, const struct queue_head *head)
{
    char name[SEGMENT_NAME_ROOM];
    segment_name(name, head->last + 1);
    return faccessat(dir, name, F_OK, 0) == 0;
}

/* Drops times that cannot be: one that a wrong clock left behind would be continued for
 * as long as the clock needs to come to it. */
static void drop_wrong_times(struct queue_head *head)
{
    const int64_t now_ns = clock_wall_ns(), most_ns = now_ns + TRANSFER_AHEAD_NS;
    if (head->last_ns >= 0 && head->last_ns <= most_ns && head->clock_ns >= 0 &&
        head->clock_ns <= most_ns)
        return;
    head->ahead_ns = head->last_ns > now_ns ? head->last_ns - now_ns : 1;
    head->last_ns = head->clock_ns = 0;
}

int queue_head_read(int dir, int lock, struct queue_head *head, struct error *err)
{
    char line[HEAD_ROOM];
    int version = 0, old_len = 0, sum_at = 0;
    uint32_t sum = 0;
    *head = (struct queue_head){0};
    ssize_t len = fault("head-read") < 0 ? -1 : pread(lock, line, sizeof line - 1, 0);
    if (len < 0 && errno != EISDIR)
        return error_set(err, "cannot read its lock: %s", strerror(errno));
    len = len < 0 ? 0 : len; /* a directory: see queue_open_to_look */
    line[len] = '\0';
    const int found = sscanf(
        line, MAGIC "%d %" SCNd64 " %" SCNd64 " %" SCNu32 " %" SCNu32 "%n %" SCNu64 " %n%8" SCNx32,
        &version, &head->last_ns, &head->clock_ns, &head->first, &head->last, &old_len, &head->end,
        &sum_at, &sum);
    const bool is_whole = found == FIELDS && sum == hash_checksum(line, (size_t)sum_at);
    if (found >= 1 && found < FIELDS + is_whole && version > QUEUE_FORMAT)
        return error_set(err, "it is of format %d, made by a newer version; this one knows %d",
                         version, QUEUE_FORMAT);
    /* the form that had no checksum is only believed about the last time */
    const bool is_old = found == OLD_FIELDS && line[old_len] == '\n';
    if (!is_whole && !is_old)
        *head = (struct queue_head){.damaged = len > 0};
    if ((!is_whole || is_behind(dir, head)) && recover(dir, head, err) < 0)
        return -1;
    drop_wrong_times(head);
    return 0;
}

int queue_head_write(int lock, const struct queue_head *head, struct error *err)
{
    char line[HEAD_ROOM];
    int len = snprintf(
        line, sizeof line,
        MAGIC "%d %019" PRId64 " %019" PRId64 " %010" PRIu32 " %010" PRIu32 " %010" PRIu64 " ",
        QUEUE_FORMAT, head->last_ns, head->clock_ns, head->first, head->last, head->end);
    len += snprintf(line + len, sizeof line - (size_t)len, "%08" PRIx32 "\n",
                    hash_checksum(line, (size_t)len));
    if (fault("head-write") == 0 && pwrite(lock, line, (size_t)len, 0) == len)
        return 0;
    return error_set(err, "cannot write to its lock: %s", strerror(errno));
}
