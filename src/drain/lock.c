/* Why: two processes that send from one queue would send everything twice. */
#include "drain/lock.h"

#include "base/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

static int open_file(int queue_dir, size_t index, int flags)
{
    char name[32];
    snprintf(name, sizeof name, "%zu.drainer", index);
    return fault("drainer-lock") < 0
               ? -1
               : openat(queue_dir, name, flags | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* A sender's lock is exclusive. drain_lock_is_held tests it with a shared one, which is
 * held for a moment only. So where an exclusive lock is refused but a shared one is
 * granted, there is no sender, and it is worth trying again. */
int drain_lock_take(int queue_dir, size_t index)
{
    enum { TRIES_MAX = 1000 };
    const int fd = open_file(queue_dir, index, O_RDWR | O_CREAT);
    if (fd < 0)
        return -1;
    for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; tries++) {
        const int why = errno;
        if (why != EWOULDBLOCK || tries == TRIES_MAX || flock(fd, LOCK_SH | LOCK_NB) < 0) {
            close(fd);
            errno = why;
            return -1;
        }
        flock(fd, LOCK_UN); /* or two processes that try would refuse each other for ever */
        poll(NULL, 0, 1);
    }
    return fd;
}

bool drain_lock_is_held(int queue_dir, size_t index)
{
    const int fd = open_file(queue_dir, index, O_RDONLY);
    const bool held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
    if (fd >= 0)
        close(fd);
    return held;
}
