/* Why: the last time that was given must be known to the next process in one read,
 * and nothing may be lost when just that one line is. */
#include "spool/head.h"

#include "base/fault.h"
#include "spool/cursor.h"
#include "spool/place.h"

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

/* The time at the end of a segment's last whole line, 0 if there is none. */
static int64_t last_time(int dir, uint32_t segment)
{
    char name[SEGMENT_NAME_ROOM], tail[TAIL_BYTES + 1];
    struct stat info = {0};
    int64_t time_ns = 0;
    segment_name(name, segment);
    const int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return 0;
    fstat(fd, &info);
    const off_t from = info.st_size > TAIL_BYTES ? info.st_size - TAIL_BYTES : 0;
    const ssize_t len = pread(fd, tail, TAIL_BYTES, from);
    tail[len > 0 ? len : 0] = '\0';
    char *const newline = strrchr(tail, '\n');
    if (newline) {
        *newline = '\0';
        const char *const space = strrchr(tail, ' ');
        time_ns = space ? strtoll(space, NULL, 10) : 0;
    }
    close(fd);
    return time_ns;
}

/* What a file's name says of segments: its own number, or that in a cursor, which
 * counts too: a new segment below one of them would never be sent. 0: nothing. */
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

/* Makes the head from what is in the directory. */
static int recover(int dir, struct queue_head *head, struct error *err)
{
    const int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *const list = fd < 0 ? NULL : fdopendir(fd);
    const int64_t known_ns = head->last_ns;
    uint32_t newest = 0; /* segment there is */
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

/* True when there is a segment that the head does not know: a power cut has brought
 * back an older one. */
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
