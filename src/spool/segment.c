/* Why: a writer may be killed, or meet a full disk, after any byte that it writes. Its
 * half a line must not become the beginning of somebody else's. */
#include "spool/segment.h"

#include "base/fault.h"
#include "spool/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int segment_list(int dir, uint32_t after, uint32_t *lowest, uint32_t *highest)
{
    const int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *const list = fd < 0 ? NULL : fdopendir(fd);
    *lowest = *highest = 0;
    if (!list) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    for (struct dirent *entry; (entry = readdir(list));) {
        char name[SEGMENT_NAME_ROOM];
        const unsigned long number = strtoul(entry->d_name, NULL, 10);
        segment_name(name, (uint32_t)number);
        if (number <= after || number >= UINT32_MAX || strcmp(name, entry->d_name) != 0)
            continue;
        *lowest = *lowest == 0 || number < *lowest ? (uint32_t)number : *lowest;
        *highest = number > *highest ? (uint32_t)number : *highest;
    }
    closedir(list);
    return 0;
}

/* The size without a checksum at the end that has no record. */
static off_t without_lone_sum(int fd, off_t size)
{
    char line[SEGMENT_SUM_LEN + 1] = "\n"; /* and the newline before it */
    const off_t begin = size - SEGMENT_SUM_LEN;
    const off_t from = begin > 0 ? begin - 1 : 0;
    if (begin < 0 || pread(fd, line + (begin == 0), (size_t)(size - from), from) < 0)
        return size;
    return line[0] == '\n' && line[1] == '#' && line[SEGMENT_SUM_LEN] == '\n' ? begin : size;
}

off_t segment_cut_torn_line(int fd)
{
    struct stat info;
    if (fstat(fd, &info) < 0)
        return -1;
    off_t size = info.st_size;
    char last = '\n';
    if (size > 0 && pread(fd, &last, 1, size - 1) != 1)
        return -1;
    while (size > 0 && last != '\n') {
        char piece[4096];
        const size_t len = size < (off_t)sizeof piece ? (size_t)size : sizeof piece;
        if (pread(fd, piece, len, size - (off_t)len) != (ssize_t)len)
            return -1;
        size_t whole = len;
        while (whole > 0 && piece[whole - 1] != '\n')
            whole--;
        size -= (off_t)(len - whole);
        if (whole > 0)
            break;
    }
    size = without_lone_sum(fd, size);
    return size < info.st_size && ftruncate(fd, size) < 0 ? -1 : size;
}

size_t segment_append(int fd, off_t size, const struct buf *lines)
{
    size_t written = 0;
    while (written < lines->len) {
        const size_t len = fault_length("write-half", lines->len - written);
        const ssize_t n = fault(written ? "write-rest" : "write") < 0
                              ? -1
                              : write(fd, lines->data + written, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            break;
        written += (size_t)n;
    }
    if (written == lines->len)
        return written;
    const int why = errno;
    const off_t left = segment_cut_torn_line(fd);
    errno = why;
    return left > size ? (size_t)(left - size) : 0;
}
