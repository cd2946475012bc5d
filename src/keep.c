/* Why: the short way of a process that has one transfer: read, append, go. Neither
 * libcurl nor a database is touched on it; that is the drainer's work. */
#include "tsdb_exporter/keep.h"

#include "tsdb_exporter/clock.h"
#include "tsdb_exporter/drainer.h"
#include "tsdb_exporter/input.h"
#include "tsdb_exporter/signals.h"
#include "tsdb_exporter/spool_dir.h"
#include "tsdb_exporter/spool_status.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Brings what was put to the disk, and counts it. */
static void commit(struct spool *spool, struct output_tally *tally, const struct notice *to)
{
    struct spool_commit done;
    struct error err;
    if (spool_commit(spool, &done, &err) < 0) {
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
static enum input_result take(struct input *input, struct spool *spool, struct watch *watch,
                              struct output_tally *tally)
{
    struct transfer transfer;
    enum input_result result = INPUT_TRANSFER;
    while (!spool_is_full(spool) && (result = input_next(input, &transfer)) == INPUT_TRANSFER) {
        watch_add(watch, &transfer);
        struct error err;
        if (spool_put(spool, &transfer, &err) == 0)
            continue;
        tally->lost++;
        tally->no_spool = true;
        snprintf(tally->why, sizeof tally->why, "%s", err.text);
    }
    return result;
}

/* Moves transfers from the input to the spool until the input ends or a signal
 * comes. What has been read is on the disk before more is waited for. */
static void run(struct input *input, const struct drainer *drainer, struct watch *watch,
                struct output_tally *tally, int stop_fd)
{
    enum { SIGNAL, STANDARD_INPUT, FDS };
    enum input_result result = INPUT_TRANSFER;
    while (result != INPUT_END) {
        result = take(input, drainer->spool, watch, tally);
        if (drainer->spool->count) {
            commit(drainer->spool, tally, drainer->notice);
            start_drainers(drainer);
        }
        if (result != INPUT_WAIT)
            continue;
        struct pollfd fds[FDS] = {{.fd = stop_fd, .events = POLLIN},
                                  {.fd = STDIN_FILENO, .events = POLLIN}};
        poll(fds, FDS, (int)watch_step(watch, tally, 1));
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

static enum exit_code keep_input(const struct drainer *drainer, struct watch *watch, int stop_fd)
{
    const struct options *const options = drainer->options;
    struct output_tally tally = {.name = options->spool};
    struct input *const input =
        input_new(STDIN_FILENO, options->tee ? STDOUT_FILENO : -1, options, drainer->notice);
    uint64_t *const refused = calloc(drainer->count, sizeof *refused);
    if (!input || !refused || stop_fd < 0) {
        notice(drainer->notice, NOTICE_RESULT,
               "out of memory or file descriptors; nothing was read");
        free(refused);
        input_free(input);
        return EXIT_NOT_SPOOLED;
    }
    if (options->wait)
        count_refused(drainer, refused);
    signal(SIGCHLD, SIG_IGN); /* drainers may end before a long input does */
    run(input, drainer, watch, &tally, stop_fd);
    watch_end(watch);
    if (options->wait && tally.spooled)
        wait_for_all(drainer, refused, stop_fd, &tally);
    const enum exit_code code = tally_exit_code(input_tally(input), &tally, 1);
    tally_report(drainer->notice, code == EXIT_OK ? NOTICE_DETAIL : NOTICE_RESULT,
                 input_tally(input), &tally, 1);
    free(refused);
    input_free(input);
    return watch_report(watch, code);
}

/* Writers and --drain that differ in -o or the layout use different queues, which
 * must not go unnoticed. */
static void drain_hint(int dir, const char *queue, const struct notice *to)
{
    struct error err;
    uint64_t elsewhere = 0;
    if (spool_status_elsewhere(dir, queue, &elsewhere, &err) == 0 && elsewhere)
        notice(to, NOTICE_WARN,
               "%" PRIu64 " transfers wait in this spool for other outputs or layouts; "
               "--spool-status names them, --drain with the same -o and --layout sends them",
               elsewhere);
}

static enum exit_code keep_in(const struct options *options, struct output *outputs,
                              struct watch *watch, int dir, const struct notice *to,
                              struct error *err)
{
    struct spool spool;
    char name[SPOOL_QUEUE_NAME_ROOM];
    enum exit_code code = EXIT_NOT_SPOOLED;
    const int stop_fd = signals_catch();
    const int queue = spool_dir_queue(dir, outputs, options, name, err);
    if (queue < 0)
        return code;
    const int opened =
        spool_open(&spool, queue, options->spool_max, options->fsync, options->layout.text, err);
    const struct drainer drainer = {&spool, outputs, options->outputs.count, options, to};
    if (opened == 0 && options->action == ACTION_DRAIN) {
        err->text[0] = '\0';
        code = drainer_drain(&drainer, options->follow ? DRAIN_FOLLOW : DRAIN_ALL, stop_fd);
        drain_hint(dir, name, to);
    } else if (opened == 0) {
        err->text[0] = '\0';
        code = keep_input(&drainer, watch, stop_fd);
    }
    spool_close(&spool);
    close(queue);
    return code;
}

enum exit_code keep(const struct options *options, struct output *outputs, struct watch *watch,
                    const struct notice *to)
{
    struct error err;
    const int dir = spool_dir_open(options->spool, true, &err);
    const enum exit_code code =
        dir < 0 ? EXIT_NOT_SPOOLED : keep_in(options, outputs, watch, dir, to, &err);
    if (err.text[0])
        notice(to, NOTICE_RESULT, "--spool %s: %s%s", options->spool, err.text,
               options->action == ACTION_DRAIN ? "" : "; nothing was read");
    if (dir >= 0)
        close(dir);
    return code;
}
