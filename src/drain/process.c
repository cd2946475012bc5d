/* Why: nobody wants to run a daemon for a shell loop, and a shell must not wait for
 * what its pipe has left behind. All that has to do with processes stands here:
 * who may drain, starting one that nobody waits for, waiting for one. */
#define _GNU_SOURCE /* close_range */
#include "drain/process.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/signals.h"
#include "spool/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAME_ROOM = 32, LOOK_MS = 50 };

static int open_lock(int queue, size_t index)
{
    char name[NAME_ROOM];
    snprintf(name, sizeof name, "%zu.drainer", index);
    return fault("drainer-lock") < 0
               ? -1
               : openat(queue, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* Takes the destination's lock. A descriptor that holds it; -1 and errno
 * (EWOULDBLOCK: a drainer has it). */
static int take_lock(int queue, size_t index)
{
    const int fd = open_lock(queue, index);
    int held = fd < 0 ? -1 : flock(fd, LOCK_EX | LOCK_NB);
    while (fd >= 0 && held < 0 && errno == EWOULDBLOCK && flock(fd, LOCK_SH | LOCK_NB) == 0) {
        sched_yield(); /* no drainer: somebody looks, see drainer_is_running */
        held = flock(fd, LOCK_EX | LOCK_NB);
    }
    if (fd < 0 || held == 0)
        return fd;
    const int why = errno;
    close(fd);
    errno = why;
    return -1;
}

/* Makes standard error the destination's log; a long one becomes the old one. */
static void open_log(int queue, size_t index)
{
    char name[NAME_ROOM], old[NAME_ROOM];
    struct stat info;
    snprintf(name, sizeof name, "%zu.log", index);
    snprintf(old, sizeof old, "%zu.log.old", index);
    if (fstatat(queue, name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
        info.st_size > DRAINER_LOG_BYTES / 2)
        renameat(queue, name, queue, old);
    const int fd =
        openat(queue, name, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0) {
        dup2(fd, STDERR_FILENO);
        close(fd);
    }
}

static void close_others(int a, int b)
{
    const unsigned low = (unsigned)(a < b ? a : b), high = (unsigned)(a < b ? b : a);
    if (low > STDERR_FILENO + 1)
        close_range(STDERR_FILENO + 1, low - 1, 0);
    if (high > low + 1)
        close_range(low + 1, high - 1, 0);
    close_range(high + 1, ~0U, 0);
}

/* In the child: gives up all that belongs to its parent's pipeline. */
static void detach(int queue, int lock)
{
    setsid();
    const int null = open("/dev/null", O_RDWR);
    for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
        dup2(null, fd);
    close_others(queue, lock);
}

/* Counts what is left, for the report. */
static void count_waiting(const struct drain *drain, struct output_tally *tally)
{
    struct cursor cursor;
    struct queue_survey survey;
    struct error err;
    if (queue_find_cursor(drain->spool, drain->index, &cursor, NULL, &err) == 0 &&
        queue_reader_survey(drain->spool->dir, cursor.at, &survey, &err) == 0)
        tally->waiting = survey.transfers;
    else
        snprintf(tally->why, sizeof tally->why, "%s", err.text);
}

static enum exit_code tell_result(const struct drain *drain, enum drain_result result,
                                  struct output_tally *tally)
{
    if (result != DRAIN_DONE)
        count_waiting(drain, tally);
    const bool unknown = result == DRAIN_FAILED && !tally->waiting;
    const enum exit_code code = unknown ? EXIT_WAITING : tally_exit_code(NULL, tally, 1);
    if (unknown && !tally->why_told) /* what waits could not be counted, and the counts do not say why */
        notice(drain->notice, NOTICE_RESULT, "%s: %s", tally->name, tally->why);
    tally_report(drain->notice, code || tally->merged ? NOTICE_RESULT : NOTICE_DETAIL, NULL, tally,
                 1);
    return code;
}

/* Drains under the lock, and lets go of it; again if something has come between
 * the last look and that: whoever put it there has seen the lock taken. */
static enum exit_code drain_and_unlock(struct drain *drain, int lock)
{
    const int queue = drain->spool->dir;
    enum exit_code code = EXIT_OK;
    while (lock >= 0) {
        struct output_tally tally = {0};
        if (drain->mode == DRAIN_LINGER)
            open_log(queue, drain->index);
        const enum drain_result result = drain_run(drain, &tally);
        code = tally_first(code, tell_result(drain, result, &tally));
        fault("unlocking");
        close(lock);
        lock = -1;
        if (result == DRAIN_DONE && drain_is_needed(drain))
            lock = take_lock(queue, drain->index);
    }
    return code;
}

static struct drain drain_of(const struct drainer *drainer, size_t index, enum drain_mode mode,
                             int stop_fd)
{
    return (struct drain){.spool = drainer->spool,
                          .index = index,
                          .count = drainer->count,
                          .output = &drainer->outputs[index],
                          .options = drainer->options,
                          .notice = drainer->notice,
                          .mode = mode,
                          .stop_fd = stop_fd};
}

/* What a process of its own needs: signals, and a spool, since a lock belongs to
 * the open file, which a parent and its child share. The descriptor for signals, or -1. */
static int become_child(struct drainer *child, struct queue *spool)
{
    struct error err;
    const struct queue *const parents = child->spool;
    const int stop_fd = signals_catch();
    child->spool = spool;
    if (stop_fd < 0 || queue_open(spool, parents->dir, parents->bytes_max, false, false, &err) < 0)
        return -1;
    return stop_fd;
}

/* The child of drainer_start. */
static enum exit_code drain_in_background(const struct drainer *drainer, size_t index, int lock)
{
    const struct notice log = {.level = drainer->notice->level == NOTICE_DETAIL ? NOTICE_DETAIL
                                                                                : NOTICE_WARN,
                               .dated = true};
    struct drainer own = *drainer;
    struct queue spool;
    own.notice = &log;
    detach(drainer->spool->dir, lock);
    const int stop_fd = become_child(&own, &spool);
    struct drain drain = drain_of(&own, index, DRAIN_LINGER, stop_fd);
    return stop_fd < 0 ? EXIT_WAITING : drain_and_unlock(&drain, lock);
}

enum drainer_state drainer_start(const struct drainer *drainer, size_t index, struct error *err)
{
    const int queue = drainer->spool->dir;
    const int64_t now_ms = clock_wall_ns() / 1000000;
    struct cursor cursor;
    const int lock = take_lock(queue, index);
    if (lock < 0 && errno == EWOULDBLOCK)
        return DRAINER_RUNS;
    if (lock < 0)
        return error_set(err, "cannot lock the destination: %s", strerror(errno)), DRAINER_FAILED;
    pid_t child = -1;
    enum drainer_state state = DRAINER_FAILED;
    if (cursor_load(queue, index, &cursor, NULL, err) < 0) {
        /* err says why */
    } else if (now_ms < cursor.retry_ms && cursor.retry_ms <= now_ms + DRAIN_RETRY_MAX_MS) {
        error_set(err, "%s", cursor.why);
        state = DRAINER_RESTS;
    } else if (fault("fork") < 0 || (child = fork()) < 0) {
        error_set(err, "cannot start a process: %s", strerror(errno));
    } else if (child == 0) {
        _exit((int)drain_in_background(drainer, index, lock));
    } else {
        state = DRAINER_RUNS;
    }
    close(lock);
    return state;
}

bool drainer_is_running(int queue, size_t index)
{
    const int fd = open_lock(queue, index);
    /* shared: whoever wants to start one meanwhile can tell it from a drainer's */
    const bool runs = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
    if (fd >= 0)
        close(fd);
    return runs;
}

int drainer_wait(const struct drainer *drainer, size_t index, struct queue_place end, int stop_fd,
                 struct cursor *cursor, struct error *err)
{
    for (;;) {
        if (cursor_load(drainer->spool->dir, index, cursor, NULL, err) < 0)
            return -1;
        if (queue_compare(cursor->at, end) >= 0)
            return 0;
        if (drainer_start(drainer, index, err) != DRAINER_RUNS)
            return -1;
        if (poll(&(struct pollfd){.fd = stop_fd, .events = POLLIN}, 1, LOOK_MS) > 0)
            return error_set(err, "stopped before it was delivered");
    }
}

/* Waits for the lock; or, unless it follows, until another drainer has sent all that
 * was there. -1: there is nothing to do any more, `*code` says why. */
static int wait_for_lock(const struct drainer *drainer, size_t index, enum drain_mode mode,
                         int stop_fd, enum exit_code *code)
{
    struct queue_place first, end;
    struct cursor cursor;
    struct error err;
    bool said = false;
    int bounded = queue_bounds(drainer->spool, &first, &end, &err);
    *code = EXIT_WAITING;
    while (bounded == 0) {
        const int lock = take_lock(drainer->spool->dir, index);
        if (lock >= 0)
            return lock;
        if (errno != EWOULDBLOCK) {
            bounded = error_set(&err, "cannot lock the destination: %s", strerror(errno));
        } else if ((bounded = cursor_load(drainer->spool->dir, index, &cursor, NULL, &err)) < 0) {
            /* err says why */
        } else if (mode == DRAIN_ALL && queue_compare(cursor.at, end) >= 0) {
            *code = EXIT_OK;
            return -1;
        } else if (poll(&(struct pollfd){.fd = stop_fd, .events = POLLIN}, 1, LOOK_MS) > 0) {
            bounded = error_set(&err, "stopped while another drainer is at work");
        }
        if (!said)
            notice(drainer->notice, NOTICE_DETAIL, "%s: a drainer in the background is at work",
                   drainer->outputs[index].name);
        said = true;
    }
    notice(drainer->notice, NOTICE_RESULT, "%s: %s", drainer->outputs[index].name, err.text);
    return -1;
}

static enum exit_code drain_one(const struct drainer *drainer, size_t index, enum drain_mode mode,
                                int stop_fd)
{
    enum exit_code code;
    const int lock = wait_for_lock(drainer, index, mode, stop_fd, &code);
    struct drain drain = drain_of(drainer, index, mode, stop_fd);
    return lock < 0 ? code : drain_and_unlock(&drain, lock);
}

/* A process for each destination, so that a slow one holds nobody up. */
static enum exit_code drain_each(const struct drainer *drainer, enum drain_mode mode, int stop_fd)
{
    enum exit_code code = EXIT_OK;
    size_t running = 0;
    pid_t *const children = calloc(drainer->count, sizeof *children);
    signal(SIGCHLD, SIG_DFL); /* or there is nothing to wait for, if it was inherited ignored */
    for (size_t i = 0; children && i < drainer->count; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            setsid(); /* a signal to the group is told by the parent, once */
            struct queue spool;
            struct drainer own = *drainer;
            const int stop = become_child(&own, &spool);
            _exit(stop < 0 ? EXIT_WAITING : (int)drain_one(&own, i, mode, stop));
        }
        running += children[i] > 0;
    }
    if (running < drainer->count)
        code = EXIT_WAITING;
    while (running) {
        bool stopped = poll(&(struct pollfd){.fd = stop_fd, .events = POLLIN}, 1, LOOK_MS) > 0;
        stop_fd = stopped ? -1 : stop_fd; /* told once */
        for (size_t i = 0; i < drainer->count; i++) {
            int status = -1;
            if (children[i] <= 0)
                continue;
            if (stopped)
                kill(children[i], SIGTERM);
            if (waitpid(children[i], &status, WNOHANG) == 0)
                continue;
            code = tally_first(code, WIFEXITED(status) ? (enum exit_code)WEXITSTATUS(status)
                                                       : EXIT_WAITING);
            children[i] = 0;
            running--;
        }
    }
    free(children);
    return code;
}

enum exit_code drainer_drain(const struct drainer *drainer, enum drain_mode mode, int stop_fd)
{
    return drainer->count == 1 ? drain_one(drainer, 0, mode, stop_fd)
                               : drain_each(drainer, mode, stop_fd);
}
