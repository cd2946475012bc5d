/* Why: a writer may be killed, or meet a full disk, after any byte that it writes. Its
 * half a line must not become the beginning of somebody else's. */
#include "spool/segment.h"

#include "base/fault.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

off_t segment_cut_torn_line(int fd)
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
        size_t whole = len;
        while (whole > 0 && piece[whole - 1] != '\n')
            whole--;
        size -= (off_t)(len - whole);
        if (whole > 0)
            break;
    }
    return ftruncate(fd, size) < 0 ? -1 : size;
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
