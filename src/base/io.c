/* Why: write() may write less, be interrupted, or find a pipe that another process
 * has made non-blocking. None of that is a reason to lose data. */
#include "base/io.h"

#include "base/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

int io_write(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len) {
        const ssize_t written = write(fd, at, len);
        if (written < 0 && errno == EAGAIN)
            poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
        else if (written < 0 && errno != EINTR)
            return -1;
        if (written > 0) {
            at += written;
            len -= (size_t)written;
        }
    }
    return 0;
}

int io_replace_file(int dir, const char *name, const char *beside, mode_t mode, const void *bytes,
                    size_t len)
{
    const int fd = openat(dir, beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0)
        return -1;
    bool done = io_write(fd, bytes, len) == 0;
    done = close(fd) == 0 && done;
    done = done && fault("replace") == 0 && renameat(dir, beside, dir, name) == 0;
    if (done)
        return 0;
    const int why = errno;
    unlinkat(dir, beside, 0);
    errno = why;
    return -1;
}
