/* Why: the one loop between input and outputs when there is no spool: it reads
 * while there is room, and waits for both sides at once. */
#include "tsdb_exporter/deliver.h"

#include "tsdb_exporter/input.h"
#include "tsdb_exporter/push.h"
#include "tsdb_exporter/signals.h"

#include <unistd.h>

/* Moves transfers from input to push until the input ends or a signal comes,
 * and all of them have been settled. */
static void run(struct input *input, struct push *push, struct watch *watch, size_t outputs,
                int stop_fd)
{
    enum { SIGNAL, STANDARD_INPUT, FDS };
    struct transfer transfer;
    bool reading = true;
    while (reading || !push_is_done(push)) {
        enum input_result result = INPUT_TRANSFER;
        while (reading && !push_is_full(push) &&
               (result = input_next(input, &transfer)) == INPUT_TRANSFER) {
            push_add(push, &transfer);
            watch_add(watch, &transfer);
        }
        if (result == INPUT_END) {
            reading = false;
            push_flush(push);
        }
        struct pollfd fds[FDS] = {{.fd = stop_fd, .events = POLLIN},
                                  {.fd = STDIN_FILENO, .events = POLLIN}};
        push_limit_wait(push, watch_step(watch, push_tallies(push), outputs));
        push_step(push, fds, result == INPUT_WAIT ? FDS : STANDARD_INPUT);
        if (fds[SIGNAL].revents) {
            char byte;
            (void)!read(stop_fd, &byte, 1);
            input_stop(input);
        } else if (fds[STANDARD_INPUT].revents) {
            input_read(input);
        }
    }
}

static enum exit_code report(const struct input *input, const struct push *push, size_t count,
                             const struct notice *to)
{
    const struct input_tally *const in = input_tally(input);
    const struct output_tally *const out = push_tallies(push);
    const enum exit_code code = tally_exit_code(in, out, count);
    bool folded = false;
    for (size_t i = 0; i < count; i++)
        folded |= out[i].folded > 0;
    tally_report(to, code == EXIT_OK && !folded ? NOTICE_DETAIL : NOTICE_RESULT, in, out, count);
    return code;
}

enum exit_code deliver(const struct options *options, struct output *outputs, struct watch *watch,
                       const struct notice *to)
{
    const size_t count = options->outputs.count;
    enum exit_code code = EXIT_LOST;
    struct input *const input =
        input_new(STDIN_FILENO, options->tee ? STDOUT_FILENO : -1, options, to);
    struct push *const push = push_new(outputs, count, options, to);
    const int stop_fd = signals_catch();
    if (!input || !push || stop_fd < 0) {
        notice(to, NOTICE_RESULT, "out of memory or file descriptors; nothing was read");
    } else {
        run(input, push, watch, count, stop_fd);
        watch_end(watch);
        code = watch_report(watch, report(input, push, count, to));
    }
    push_free(push);
    input_free(input);
    return code;
}
