/* Why: a process that adds one transfer learns the last time and the last segment from
 * one short read. And when just this one line is lost, no transfer may be lost with it:
 * the files of the queue say the same, only slower. */
#include "spool/head.h"

#include "base/fault.h"
#include "spool/cursor.h"
#include "spool/place.h"
#include "spool/record.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "tsdb-exporter-spool "
enum { HEAD_ROOM = 128, TAIL_BYTES = 4096 };

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

/* The segment number that a file of the queue speaks of: its own, or the one that a
 * cursor has reached. A cursor counts, because a new segment below its number would
 * never be sent. 0: it speaks of none. */
static uint32_t number_in(int dir, const char *name, bool *is_segment)
{
    char *end;
    const unsigned long number = strtoul(name, &end, 10);
    struct cursor cursor = {0};
    struct error ignored;
    *is_segment = end > name && strcmp(end, ".lp") == 0;
    if (*is_segment)
        return (uint32_t)number;
    if (end > name && strcmp(end, ".cursor") == 0)
        cursor_load(dir, number, &cursor, NULL, &ignored);
    return cursor.at.segment + (cursor.at.offset > 0);
}

/* Makes the head from the files in the directory. The last time is the later one of what
 * the old head says and what the newest segment ends with. */
static int recover(int dir, struct queue_head *head, struct error *err)
{
    const int fd = fault("list") < 0 ? -1 : openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *const list = fd < 0 ? NULL : fdopendir(fd);
    const int64_t known_ns = head->last_ns;
    uint32_t newest = 0; /* the highest segment that exists */
    *head = (struct queue_head){.first = UINT32_MAX, .last = 1};
    if (!list) {
        if (fd >= 0)
            close(fd);
        return error_set(err, "cannot list it: %s", strerror(errno));
    }
    for (struct dirent *entry; (entry = readdir(list));) {
        bool is_segment;
        const uint32_t number = number_in(dir, entry->d_name, &is_segment);
        if (number > head->last)
            head->last = number;
        if (is_segment && number < head->first)
            head->first = number;
        if (is_segment && number > newest)
            newest = number;
    }
    closedir(list);
    if (head->first > head->last)
        head->first = head->last;
    const int64_t found_ns = last_time(dir, newest);
    head->last_ns = found_ns > known_ns ? found_ns : known_ns;
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

int queue_head_read(int dir, int lock, struct queue_head *head, struct error *err)
{
    char line[HEAD_ROOM];
    int version = 0;
    *head = (struct queue_head){0};
    const ssize_t len = fault("head-read") < 0 ? -1 : pread(lock, line, sizeof line - 1, 0);
    if (len < 0)
        return error_set(err, "cannot read its lock: %s", strerror(errno));
    line[len] = '\0';
    const int found = sscanf(line, MAGIC "%d %" SCNd64 " %" SCNd64 " %" SCNu32 " %" SCNu32,
                             &version, &head->last_ns, &head->clock_ns, &head->first, &head->last);
    if (found >= 1 && version > QUEUE_FORMAT)
        return error_set(err, "it is of format %d, made by a newer version; this one knows %d",
                         version, QUEUE_FORMAT);
    if (found == 5 && head->first >= 1 && head->first <= head->last && !is_behind(dir, head))
        return 0;
    return recover(dir, head, err);
}

int queue_head_write(int lock, const struct queue_head *head, struct error *err)
{
    char line[HEAD_ROOM];
    const int len = snprintf(
        line, sizeof line, MAGIC "%d %019" PRId64 " %019" PRId64 " %010" PRIu32 " %010" PRIu32 "\n",
        QUEUE_FORMAT, head->last_ns, head->clock_ns, head->first, head->last);
    if (fault("head-write") == 0 && pwrite(lock, line, (size_t)len, 0) == len)
        return 0;
    return error_set(err, "cannot write to its lock: %s", strerror(errno));
}
