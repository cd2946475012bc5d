/* Why: write() may write less, be interrupted, or find a pipe that another process
 * has made non-blocking. None of that is a reason to lose data. */
#include "base/io.h"

#include <errno.h>
#include <poll.h>
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
