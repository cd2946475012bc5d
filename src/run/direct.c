/* Why: a stream must not be read faster than the outputs take it, nor wait for them while
 * there is room. So one loop reads and sends, and waits for both at once. */
#include "run/direct.h"

#include "base/signals.h"
#include "input/input.h"
#include "send/fanout.h"

#include <unistd.h>

/* Passes transfers from the input to the outputs until the input ends or a signal comes,
 * and each of them is delivered, refused or lost. */
static void deliver_all(struct input *input, struct fanout *fanout, struct report *report,
                        size_t outputs, int stop_fd)
{
    enum { SIGNAL, STANDARD_INPUT, FDS };
    struct transfer transfer;
    bool reading = true;
    while (reading || !fanout_is_done(fanout)) {
        enum input_result result = INPUT_TRANSFER;
        while (reading && !fanout_is_full(fanout) &&
               (result = input_next(input, &transfer)) == INPUT_TRANSFER) {
            fanout_add(fanout, &transfer);
            report_add(report, &transfer);
        }
        if (result == INPUT_WAIT && report_is_over(report))
            result = INPUT_END; /* the object that has only come in part is left unread */
        if (result == INPUT_END) {
            reading = false;
            fanout_end(fanout);
        }
        struct pollfd fds[FDS] = {{.fd = stop_fd, .events = POLLIN},
                                  {.fd = STDIN_FILENO, .events = POLLIN}};
        fanout_limit_wait(fanout, report_step(report, fanout_tallies(fanout), outputs));
        fanout_step(fanout, fds, result == INPUT_WAIT ? FDS : STANDARD_INPUT);
        if (fds[SIGNAL].revents) {
            char byte;
            (void)!read(stop_fd, &byte, 1);
            input_stop(input);
        } else if (fds[STANDARD_INPUT].revents) {
            input_read(input);
        }
    }
}

static enum exit_code tell_result(const struct input *input, const struct fanout *fanout,
                                  size_t count, const struct notice *to)
{
    const struct input_tally *const in = input_tally(input);
    const struct output_tally *const out = fanout_tallies(fanout);
    const enum exit_code code = tally_exit_code(in, out, count);
    tally_report(to, code == EXIT_OK ? NOTICE_DETAIL : NOTICE_RESULT, in, out, count);
    return code;
}

enum exit_code direct_run(const struct session *session)
{
    const struct options *const options = session->options;
    const size_t count = session->output_count;
    enum exit_code code = EXIT_LOST;
    struct error err;
    struct input *const input = input_new(STDIN_FILENO, options->input.tee ? STDOUT_FILENO : -1,
                                          &options->input, session->notice);
    struct fanout *const fanout =
        fanout_new(session->outputs, count, &options->send, session->notice);
    int stop_fd = signals_catch(&err);
    if (!input || !fanout)
        stop_fd = error_set(&err, "out of memory");
    if (stop_fd < 0) {
        notice(session->notice, NOTICE_RESULT, "%s; nothing was read", err.text);
    } else {
        deliver_all(input, fanout, session->report, count, stop_fd);
        report_end(session->report);
        code = report_finish(session->report, tell_result(input, fanout, count, session->notice));
    }
    fanout_free(fanout);
    input_free(input);
    return code;
}
