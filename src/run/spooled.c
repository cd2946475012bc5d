/* Why: a process that has one transfer must be fast: it reads, appends a line and ends. It
 * never waits for a database, unless --wait asks for that; the background processes send. */
#include "run/spooled.h"

#include "base/clock.h"
#include "base/signals.h"
#include "run/session_queue.h"
#include "spool/queue_commit.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void count_loss(struct output_tally *tally, const struct error *err)
{
    tally->no_spool = true;
    snprintf(tally->why, sizeof tally->why, "%s", err->text);
}

/* Writes what waits in memory to the spool, and counts it. */
static void commit(struct queue *queue, struct output_tally *tally, const struct notice *to)
{
    struct queue_commit done;
    struct error err;
    if (queue_commit(queue, &done, &err) < 0)
        count_loss(tally, &err);
    tally->spooled += done.kept;
    tally->lost += done.lost;
    if (done.torn_bytes)
        notice(to, NOTICE_WARN,
               "%s: removed %zu bytes of an unfinished line: the process that wrote it was killed "
               "or the disk was full",
               tally->name, done.torn_bytes);
    if (done.clock_back_ns >= NS_PER_S)
        notice(to, NOTICE_WARN,
               "%s: the clock was set back by %" PRId64 " s; until it has caught up, times "
               "continue from the last one",
               tally->name, done.clock_back_ns / NS_PER_S);
}

static void start_processes(const struct drain_job *job)
{
    for (size_t i = 0; i < job->count; i++) {
        struct error err;
        const enum process_state state = process_start(job, i, &err);
        if (state == PROCESS_FAILED)
            notice(job->notice, NOTICE_WARN, "%s: cannot start the background sender: %s",
                   job->outputs[i].name, err.text);
        else if (state == PROCESS_RESTS)
            notice(job->notice, NOTICE_DETAIL, "%s: waits in the spool: %s", job->outputs[i].name,
                   err.text);
    }
}

/* Adds the transfers that can be read without waiting, until a commit is due. */
static enum input_result add_transfers(struct input *input, struct queue *queue,
                                       struct report *report, struct output_tally *tally)
{
    struct transfer transfer;
    enum input_result result = INPUT_TRANSFER;
    while (!queue_is_full(queue) && (result = input_next(input, &transfer)) == INPUT_TRANSFER) {
        struct error err;
        report_add(report, &transfer);
        if (queue_add(queue, &transfer, &err) < 0) {
            tally->lost++;
            count_loss(tally, &err);
        }
    }
    return result;
}

/* Adds all transfers to the spool, until the input ends or a signal comes. What has been
 * read is written to the spool before this waits for more. */
static void spool_all(struct input *input, const struct drain_job *job, struct report *report,
                      struct output_tally *tally, int stop_fd)
{
    enum { SIGNAL, STANDARD_INPUT, FDS };
    enum input_result result = INPUT_TRANSFER;
    while (result != INPUT_END) {
        result = add_transfers(input, job->queue, report, tally);
        if (job->queue->count) {
            commit(job->queue, tally, job->notice);
            start_processes(job);
        }
        if (result == INPUT_WAIT && report_is_over(report))
            break; /* the object that has only come in part is left unread */
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

/* What the destinations have not taken since their queue was made, all together. */
struct not_taken {
    uint64_t refused, partial; /* transfers */
};

static void add_not_taken(struct not_taken *sum, const struct cursor *cursor)
{
    sum->refused += cursor->refused;
    sum->partial += cursor->partial;
}

static struct not_taken count_not_taken(const struct drain_job *job)
{
    struct not_taken sum = {0};
    for (size_t i = 0; i < job->count; i++) {
        struct cursor cursor;
        struct error err;
        if (cursor_load(job->queue->dir, i, &cursor, NULL, &err) == 0)
            add_not_taken(&sum, &cursor);
    }
    return sum;
}

/* --wait: waits until every destination has got what this process has added. What was not
 * taken since `before` may be another process's transfers, but whoever waits wants to know
 * of it. */
static void wait_for_all(const struct drain_job *job, struct not_taken before, int stop_fd,
                         struct output_tally *tally)
{
    struct not_taken now = {0};
    for (size_t i = 0; i < job->count; i++) {
        struct cursor cursor = {0};
        struct error err;
        if (process_wait(job, i, job->queue->end, stop_fd, &cursor, &err) < 0) {
            tally->waiting = tally->spooled;
            tally->denied |= cursor.denied > 0;
            snprintf(tally->why, sizeof tally->why, "%s: %.300s", job->outputs[i].name, err.text);
        }
        add_not_taken(&now, &cursor);
    }
    tally->refused += now.refused > before.refused ? now.refused - before.refused : 0;
    tally->partial += now.partial > before.partial ? now.partial - before.partial : 0;
}

static enum exit_code spool_input(const struct session *session, const struct drain_job *job,
                                  struct input *input, int stop_fd)
{
    const struct options *const options = session->options;
    struct output_tally tally = {.name = options->spool.dir};
    const struct not_taken before = options->wait ? count_not_taken(job) : (struct not_taken){0};
    signal(SIGCHLD, SIG_IGN); /* a background process may end before this one */
    spool_all(input, job, session->report, &tally, stop_fd);
    report_end(session->report);
    if (options->wait && tally.spooled)
        wait_for_all(job, before, stop_fd, &tally);
    const enum exit_code code = tally_exit_code(input_tally(input), &tally, 1);
    tally_report(session->notice, code == EXIT_OK ? NOTICE_DETAIL : NOTICE_RESULT,
                 input_tally(input), &tally, 1);
    return report_finish(session->report, code);
}

enum exit_code spooled_run(const struct session *session)
{
    const struct options *const options = session->options;
    struct session_queue queue;
    struct error err;
    enum exit_code code = EXIT_NOT_SPOOLED;
    struct input *const input = input_new(STDIN_FILENO, options->input.tee ? STDOUT_FILENO : -1,
                                          &options->input, session->notice);
    int stop_fd = session_queue_open(&queue, session, &err);
    if (stop_fd == 0)
        stop_fd = input ? signals_catch(&err) : error_set(&err, "out of memory");
    if (stop_fd < 0)
        notice(session->notice, NOTICE_RESULT, "--spool %s: %s; nothing was read",
               options->spool.dir, err.text);
    else
        code = spool_input(session, &queue.job, input, stop_fd);
    session_queue_close(&queue);
    input_free(input);
    return code;
}
