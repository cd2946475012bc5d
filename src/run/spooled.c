/* Why: the short way of a process that has one transfer: read, append, go. Neither
 * libcurl nor a database is touched on it; that is the drainer's work. */
#include "run/spooled.h"

#include "base/clock.h"
#include "base/signals.h"
#include "run/session_queue.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Brings what was put to the disk, and counts it. */
static void commit(struct queue *spool, struct output_tally *tally, const struct notice *to)
{
    struct queue_commit done;
    struct error err;
    if (queue_commit(spool, &done, &err) < 0) {
        tally->no_spool = true;
        snprintf(tally->why, sizeof tally->why, "%s", err.text);
    }
    tally->spooled += done.kept;
    tally->lost += done.lost;
    if (done.torn_bytes)
        notice(to, NOTICE_WARN,
               "%s: cut off %zu bytes of a line that another process, killed or out of disk, left "
               "unfinished",
               tally->name, done.torn_bytes);
    if (done.clock_back_ns >= NS_PER_S)
        notice(to, NOTICE_WARN,
               "%s: the clock has jumped back by %lld s; until it has caught up, times go on from "
               "the last one",
               tally->name, (long long)(done.clock_back_ns / NS_PER_S));
}

static void start_drainers(const struct drainer *drainer)
{
    struct error err;
    for (size_t i = 0; i < drainer->count; i++) {
        const enum drainer_state state = drainer_start(drainer, i, &err);
        if (state != DRAINER_RUNS)
            notice(drainer->notice, state == DRAINER_FAILED ? NOTICE_WARN : NOTICE_DETAIL,
                   "%s: %s: %s", drainer->outputs[i].name,
                   state == DRAINER_FAILED ? "nobody drains the spool" : "waits in the spool",
                   err.text);
    }
}

/* Takes from the input what is there. */
static enum input_result take(struct input *input, struct queue *spool, struct report *report,
                              struct output_tally *tally)
{
    struct transfer transfer;
    enum input_result result = INPUT_TRANSFER;
    while (!queue_is_full(spool) && (result = input_next(input, &transfer)) == INPUT_TRANSFER) {
        report_add(report, &transfer);
        struct error err;
        if (queue_add(spool, &transfer, &err) == 0)
            continue;
        tally->lost++;
        tally->no_spool = true;
        snprintf(tally->why, sizeof tally->why, "%s", err.text);
    }
    return result;
}

/* Moves transfers from the input to the spool until the input ends or a signal
 * comes. What has been read is on the disk before more is waited for. */
static void move_all(struct input *input, const struct drainer *drainer, struct report *report,
                     struct output_tally *tally, int stop_fd)
{
    enum { SIGNAL, STANDARD_INPUT, FDS };
    enum input_result result = INPUT_TRANSFER;
    while (result != INPUT_END) {
        result = take(input, drainer->spool, report, tally);
        if (drainer->spool->count) {
            commit(drainer->spool, tally, drainer->notice);
            start_drainers(drainer);
        }
        if (result != INPUT_WAIT)
            continue;
        struct pollfd fds[FDS] = {{.fd = stop_fd, .events = POLLIN},
                                  {.fd = STDIN_FILENO, .events = POLLIN}};
        poll(fds, FDS, (int)report_step(report, tally, 1));
        if (fds[SIGNAL].revents) {
            char byte;
            (void)!read(stop_fd, &byte, 1);
            input_stop(input);
        } else if (fds[STANDARD_INPUT].revents) {
            input_read(input);
        }
    }
}

/* Notes how many transfers each destination has not taken so far. */
static void count_refused(const struct drainer *drainer, uint64_t *refused)
{
    struct cursor cursor = {0};
    struct error err;
    for (size_t i = 0; i < drainer->count; i++)
        if (cursor_load(drainer->spool->dir, i, &cursor, NULL, &err) == 0)
            refused[i] = cursor.refused + cursor.partial;
}

/* --wait: until every destination has what was put. What was refused since then,
 * `refused`, may be another process's, but who waits wants to know. */
static void wait_for_all(const struct drainer *drainer, const uint64_t *refused, int stop_fd,
                         struct output_tally *tally)
{
    struct error err;
    for (size_t i = 0; i < drainer->count; i++) {
        struct cursor cursor = {0};
        if (drainer_wait(drainer, i, drainer->spool->end, stop_fd, &cursor, &err) < 0) {
            tally->waiting = tally->spooled;
            tally->denied |= cursor.denied > 0;
            snprintf(tally->why, sizeof tally->why, "%s: %.300s", drainer->outputs[i].name,
                     err.text);
        }
        if (cursor.refused + cursor.partial > refused[i])
            tally->refused += cursor.refused + cursor.partial - refused[i];
    }
}

static enum exit_code spool_input(const struct session *session, const struct drainer *drainer,
                                  int stop_fd)
{
    const struct options *const options = session->options;
    struct output_tally tally = {.name = options->spool.dir};
    struct input *const input = input_new(STDIN_FILENO, options->input.tee ? STDOUT_FILENO : -1,
                                          &options->input, session->notice);
    uint64_t *const refused = calloc(drainer->count, sizeof *refused);
    if (!input || !refused || stop_fd < 0) {
        notice(session->notice, NOTICE_RESULT,
               "out of memory or file descriptors; nothing was read");
        free(refused);
        input_free(input);
        return EXIT_NOT_SPOOLED;
    }
    if (options->wait)
        count_refused(drainer, refused);
    signal(SIGCHLD, SIG_IGN); /* drainers may end before a long input does */
    move_all(input, drainer, session->report, &tally, stop_fd);
    report_end(session->report);
    if (options->wait && tally.spooled)
        wait_for_all(drainer, refused, stop_fd, &tally);
    const enum exit_code code = tally_exit_code(input_tally(input), &tally, 1);
    tally_report(session->notice, code == EXIT_OK ? NOTICE_DETAIL : NOTICE_RESULT,
                 input_tally(input), &tally, 1);
    free(refused);
    input_free(input);
    return report_finish(session->report, code);
}

enum exit_code spooled_run(const struct session *session)
{
    struct session_queue queue;
    struct error err;
    enum exit_code code = EXIT_NOT_SPOOLED;
    const int stop_fd = signals_catch();
    if (session_queue_open(&queue, session, &err) < 0)
        notice(session->notice, NOTICE_RESULT, "--spool %s: %s; nothing was read",
               session->options->spool.dir, err.text);
    else
        code = spool_input(session, &queue.drainer, stop_fd);
    session_queue_close(&queue);
    return code;
}
