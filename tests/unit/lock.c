/* lock: one sender a destination; who only looks whether there is one is in nobody's way. */
#include "drain/lock.h"

#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

static int dir;

static void one_holds_it(void)
{
    OK(!drain_lock_is_held(dir, 0), "nobody holds it");
    const int fd = drain_lock_take(dir, 0);
    OK(fd >= 0, "it is taken");
    OK(drain_lock_is_held(dir, 0), "it is held");
    OK(!drain_lock_is_held(dir, 1), "another destination's is not");
    OK(drain_lock_take(dir, 0) < 0 && errno == EWOULDBLOCK, "it cannot be taken again");
    close(fd);
    OK(!drain_lock_is_held(dir, 0), "closed, it is free");
}

/* Holds a shared lock, as drain_lock_is_held does, until `wait_ms` are over. */
static pid_t look(int wait_ms)
{
    int ready[2];
    char byte = 0;
    if (pipe(ready) < 0)
        return -1;
    const pid_t child = fork();
    if (child == 0) {
        const int fd = openat(dir, "0.drainer", O_RDWR);
        if (flock(fd, LOCK_SH | LOCK_NB) == 0 && write(ready[1], "x", 1) == 1)
            poll(NULL, 0, wait_ms);
        _exit(0);
    }
    close(ready[1]);
    OK(read(ready[0], &byte, 1) == 1, "somebody looks");
    close(ready[0]);
    return child;
}

static void another_looks(void)
{
    pid_t child = look(50);
    const int fd = drain_lock_take(dir, 0);
    OK(fd >= 0, "it is taken when the look is over");
    close(fd);
    waitpid(child, NULL, 0);
    child = look(60000);
    OK(!drain_lock_is_held(dir, 0), "a look is not a sender");
    OK(drain_lock_take(dir, 0) < 0 && errno == EWOULDBLOCK, "a look without end is given up on");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

int main(void)
{
    char path[] = "/tmp/lock.XXXXXX", command[64];
    if (!mkdtemp(path))
        return 1;
    dir = open(path, O_RDONLY | O_DIRECTORY);
    one_holds_it();
    another_looks();
    OK(symlinkat("outside", dir, "7.drainer") == 0 && drain_lock_take(dir, 7) < 0 && errno == ELOOP,
       "a symbolic link is not followed");
    close(dir);
    snprintf(command, sizeof command, "rm -r %s", path);
    return system(command) == 0 ? tap_done() : 1;
}
