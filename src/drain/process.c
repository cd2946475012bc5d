/* Why: a loop in a shell must not need a daemon, and a shell must not wait for what its
 * pipe has left behind. So whoever adds transfers starts the process that sends them, and
 * that process gives up everything that ties it to its parent. */
#define _GNU_SOURCE /* close_range */
#include "drain/process.h"

#include "base/fault.h"
#include "base/signals.h"
#include "drain/lock.h"
#include "drain/patience.h"
#include "drain/rest.h"
#include "spool/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAME_ROOM = 32 };
#define CANNOT_LOCK "cannot lock the destination: %s"

/* Makes the destination's log the standard error. A log that is long is renamed first. */
static void open_log(int queue_dir, size_t index)
{
    char name[NAME_ROOM], old[NAME_ROOM];
    struct stat info;
    snprintf(name, sizeof name, "%zu.log", index);
    snprintf(old, sizeof old, "%zu.log.old", index);
    if (fstatat(queue_dir, name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
        info.st_size > PROCESS_LOG_BYTES / 2)
        renameat(queue_dir, name, queue_dir, old);
    const int fd =
        openat(queue_dir, name, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0) {
        dup2(fd, STDERR_FILENO);
        close(fd);
    }
}

/* Closes all files but the standard ones, `a` and `b`. */
static void close_others(int a, int b)
{
    const unsigned low = (unsigned)(a < b ? a : b), high = (unsigned)(a < b ? b : a);
    if (low > STDERR_FILENO + 1)
        close_range(STDERR_FILENO + 1, low - 1, 0);
    if (high > low + 1)
        close_range(low + 1, high - 1, 0);
    close_range(high + 1, ~0U, 0);
}

/* In a child: gives up everything that belongs to its parent. A pipe that stayed open
 * here would keep whoever reads from it waiting. */
static void detach(int queue_dir, int lock)
{
    setsid();
    const int null = open("/dev/null", O_RDWR);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        dup2(null >= 0 ? null : queue_dir, fd); /* which can be neither read nor written */
    close_others(queue_dir, lock);
}

/* Counts what the destination has not got, for the report. */
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
    /* what waits could not be counted, so the counts give no reason */
    if (unknown && !tally->why_told)
        notice(drain->notice, NOTICE_RESULT, "%s: %s", tally->name, tally->why);
    tally_report(drain->notice, code ? NOTICE_RESULT : NOTICE_DETAIL, NULL, tally, 1);
    return code;
}

/* Drains while it holds the lock, and closes it. Whoever adds a transfer between the last
 * look at the queue and that moment sees the lock held and starts no process. So the queue
 * is looked at once more after the lock is closed. */
static enum exit_code drain_and_unlock(const struct drain *drain, int lock)
{
    const int queue_dir = drain->spool->dir;
    enum exit_code code = EXIT_OK;
    while (lock >= 0) {
        struct output_tally tally = {0};
        if (drain->mode == DRAIN_LINGER)
            open_log(queue_dir, drain->index);
        const enum drain_result result = drain_run(drain, &tally);
        code = tally_first(code, tell_result(drain, result, &tally));
        fault("unlocking");
        close(lock);
        lock = -1;
        if (result == DRAIN_DONE && drain_is_needed(drain))
            lock = drain_lock_take(queue_dir, drain->index);
    }
    return code == EXIT_OK && drain->spool->damages ? EXIT_REFUSED : code;
}

static struct drain drain_of(const struct drain_job *job, size_t index, enum drain_mode mode,
                             int stop_fd)
{
    return (struct drain){.spool = job->queue,
                          .index = index,
                          .count = job->count,
                          .output = &job->outputs[index],
                          .options = job->options,
                          .notice = job->notice,
                          .mode = mode,
                          .stop_fd = stop_fd};
}

/* In a child: opens the job's queue anew as `queue` and takes over the signals. The
 * parent's queue cannot be used, since a lock belongs to the open file, which parent and
 * child share. Returns the descriptor that a signal makes readable, or -1. */
static int become_child(struct drain_job *job, struct queue *queue, struct error *err)
{
    const struct queue *const parents = job->queue;
    job->queue = queue;
    if (queue_open(queue, parents->dir, parents->bytes_max, false, false, err) < 0)
        return -1;
    queue->notice = job->notice;
    return signals_catch(err);
}

/* What the child of process_start does. */
static enum exit_code drain_in_background(struct drain_job job, size_t index, int lock)
{
    const struct notice log = {
        .level = job.notice->level == NOTICE_DETAIL ? NOTICE_DETAIL : NOTICE_WARN, .dated = true};
    struct queue queue;
    struct error err;
    detach(job.queue->dir, lock);
    job.notice = &log;
    const int stop_fd = become_child(&job, &queue, &err);
    if (stop_fd < 0) {
        open_log(queue.dir, index);
        notice(&log, NOTICE_RESULT, "%s: %s", job.outputs[index].name, err.text);
        return EXIT_WAITING;
    }
    const struct drain drain = drain_of(&job, index, DRAIN_LINGER, stop_fd);
    return drain_and_unlock(&drain, lock);
}

enum process_state process_start(const struct drain_job *job, size_t index, struct error *err)
{
    struct cursor cursor;
    const int lock = drain_lock_take(job->queue->dir, index);
    if (lock < 0 && errno == EWOULDBLOCK)
        return PROCESS_RUNS;
    if (lock < 0)
        return error_set(err, CANNOT_LOCK, strerror(errno)), PROCESS_FAILED;
    pid_t child = -1;
    enum process_state state = PROCESS_FAILED;
    if (cursor_load(job->queue->dir, index, &cursor, NULL, err) < 0) {
        /* err says why */
    } else if (rest_is_on(&cursor)) {
        error_set(err, "%s", cursor.why);
        state = PROCESS_RESTS;
    } else if (fault("fork") < 0 || (child = fork()) < 0) {
        error_set(err, "cannot start a process: %s", strerror(errno));
    } else if (child == 0) {
        _exit((int)drain_in_background(*job, index, lock));
    } else {
        state = PROCESS_RUNS;
    }
    close(lock);
    return state;
}

int process_wait(const struct drain_job *job, size_t index, struct queue_place end, int stop_fd,
                 struct cursor *cursor, struct error *err)
{
    struct patience patience = {0};
    for (;;) {
        if (cursor_load(job->queue->dir, index, cursor, NULL, err) < 0)
            return -1;
        if (queue_compare(cursor->at, end) >= 0)
            return 0;
        if (process_start(job, index, err) != PROCESS_RUNS)
            return -1;
        if (patience_wait(&patience, job->options, cursor, stop_fd, err) < 0)
            return -1;
    }
}

/* Waits for the lock or, with DRAIN_ALL, until another process has sent everything that is
 * in the queue now. Returns the lock, or -1: there is nothing left to do, and `*code` is
 * the result. */
static int wait_for_lock(const struct drain_job *job, size_t index, enum drain_mode mode,
                         int stop_fd, enum exit_code *code)
{
    const char *const name = job->outputs[index].name;
    struct queue_place first, end;
    struct cursor cursor;
    struct patience patience = {0};
    struct error err;
    bool told = false;
    int result = queue_bounds(job->queue, &first, &end, &err);
    *code = EXIT_WAITING;
    while (result == 0) {
        const int lock = drain_lock_take(job->queue->dir, index);
        if (lock >= 0)
            return lock;
        if (errno != EWOULDBLOCK) {
            result = error_set(&err, CANNOT_LOCK, strerror(errno));
            break;
        }
        if (!told)
            notice(job->notice, NOTICE_DETAIL, "%s: another process is sending; waiting for it",
                   name);
        told = true;
        result = cursor_load(job->queue->dir, index, &cursor, NULL, &err);
        if (result == 0 && mode == DRAIN_ALL && queue_compare(cursor.at, end) >= 0) {
            *code = EXIT_OK;
            return -1;
        }
        if (mode == DRAIN_FOLLOW)
            patience = (struct patience){0}; /* a service waits for as long as it takes */
        if (result == 0)
            result = patience_wait(&patience, job->options, &cursor, stop_fd, &err);
    }
    notice(job->notice, NOTICE_RESULT, "%s: %s", name, err.text);
    return -1;
}

static enum exit_code drain_one(const struct drain_job *job, size_t index, enum drain_mode mode,
                                int stop_fd)
{
    enum exit_code code;
    const int lock = wait_for_lock(job, index, mode, stop_fd, &code);
    const struct drain drain = drain_of(job, index, mode, stop_fd);
    if (lock < 0) /* what wait_for_lock told of the queue counts here too */
        return code == EXIT_OK && job->queue->damages ? EXIT_REFUSED : code;
    return drain_and_unlock(&drain, lock);
}

/* What a child of drain_each does. */
static enum exit_code drain_in_child(struct drain_job job, size_t index, enum drain_mode mode)
{
    struct queue queue;
    struct error err;
    setsid(); /* the parent passes a signal on: one that the group gets would come twice */
    const int stop_fd = become_child(&job, &queue, &err);
    signals_let_go();
    if (stop_fd >= 0)
        return drain_one(&job, index, mode, stop_fd);
    notice(job.notice, NOTICE_RESULT, "%s: %s", job.outputs[index].name, err.text);
    return EXIT_WAITING;
}

/* Waits for `count` children, of which those that could not be started are -1, and passes
 * a signal on to them. */
static enum exit_code wait_for_children(pid_t *children, size_t count, int stop_fd)
{
    enum exit_code code = EXIT_OK;
    for (size_t running = 1; running;) {
        const bool stopped = patience_is_stopped(stop_fd);
        stop_fd = stopped ? -1 : stop_fd; /* pass it on once */
        running = 0;
        for (size_t i = 0; i < count; i++) {
            int status = -1;
            if (children[i] <= 0)
                continue;
            if (stopped)
                kill(children[i], SIGTERM);
            if (waitpid(children[i], &status, WNOHANG) == 0) {
                running++;
                continue;
            }
            code = tally_first(code, WIFEXITED(status) ? (enum exit_code)WEXITSTATUS(status)
                                                       : EXIT_WAITING);
            children[i] = 0;
        }
    }
    return code;
}

/* Drains each destination in a process of its own, so that a slow one delays no other. */
static enum exit_code drain_each(const struct drain_job *job, enum drain_mode mode, int stop_fd)
{
    enum exit_code code = EXIT_OK;
    pid_t *const children = calloc(job->count, sizeof *children);
    if (!children) {
        notice(job->notice, NOTICE_RESULT, "out of memory; nothing was sent");
        return EXIT_WAITING;
    }
    signal(SIGCHLD, SIG_DFL); /* if it was inherited as ignored, waitpid would learn nothing */
    signals_hold(); /* until a child has a handler of its own: it has inherited the parent's */
    for (size_t i = 0; i < job->count; i++) {
        children[i] = fault("fork") < 0 ? -1 : fork();
        if (children[i] == 0)
            _exit((int)drain_in_child(*job, i, mode));
        if (children[i] > 0)
            continue;
        notice(job->notice, NOTICE_RESULT, "%s: cannot start a process: %s", job->outputs[i].name,
               strerror(errno));
        code = EXIT_WAITING;
    }
    signals_let_go();
    code = tally_first(code, wait_for_children(children, job->count, stop_fd));
    free(children);
    return code;
}

enum exit_code process_drain(const struct drain_job *job, enum drain_mode mode, int stop_fd)
{
    return job->count == 1 ? drain_one(job, 0, mode, stop_fd) : drain_each(job, mode, stop_fd);
}
