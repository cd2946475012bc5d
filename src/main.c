/* Why: the wiring. Input on one side, outputs on the other, one loop between
 * them, and the exit code. What each of them does is explained there. */
#include "tsdb_exporter/gzip.h"
#include "tsdb_exporter/help.h"
#include "tsdb_exporter/http.h"
#include "tsdb_exporter/input.h"
#include "tsdb_exporter/options.h"
#include "tsdb_exporter/push.h"
#include "tsdb_exporter/reader.h"
#include "tsdb_exporter/remote_write.h"
#include "tsdb_exporter/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

/* Written to by the first SIGINT or SIGTERM; a second one of either kills. */
static int signal_pipe[2];

static const int stop_signals[] = {SIGINT, SIGTERM};
enum { STOP_SIGNALS = sizeof stop_signals / sizeof *stop_signals };
static bool is_caught[STOP_SIGNALS];

static void on_signal(int number)
{
    const int before = errno;
    const char byte = (char)number;
    for (size_t i = 0; i < STOP_SIGNALS; i++)
        if (is_caught[i])
            signal(stop_signals[i], SIG_DFL);
    (void)!write(signal_pipe[1], &byte, 1);
    errno = before;
}

static int catch_signals(void)
{
    if (pipe(signal_pipe) < 0)
        return -1;
    for (int i = 0; i < 2; i++)
        fcntl(signal_pipe[i], F_SETFD, FD_CLOEXEC);
    const struct sigaction stop = {.sa_handler = on_signal};
    for (size_t i = 0; i < STOP_SIGNALS; i++) {
        struct sigaction before;
        sigaction(stop_signals[i], NULL, &before);
        is_caught[i] = before.sa_handler != SIG_IGN; /* as in a script's background job */
        if (is_caught[i])
            sigaction(stop_signals[i], &stop, NULL);
    }
    signal(SIGPIPE, SIG_IGN);
    return 0;
}

/* A file opened in the place of a closed standard descriptor would get what is
 * meant for that one; so they are filled, with what cannot be used by mistake. */
static void fill_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

static void print_version(void)
{
    struct error err;
    printf("tsdb-exporter %s\n", TSDB_EXPORTER_VERSION);
    printf("cJSON/%s\n", reader_library_version());
    printf("protobuf-c/%s\n", remote_write_library_version());
    printf("zlib/%s\n", gzip_library_version(&err));
    printf("%s\n", http_library_version(&err));
}

/* Moves transfers from input to push until the input ends or a signal comes,
 * and all of them have been settled. */
static void run(struct input *input, struct push *push, struct watch *watch, size_t outputs)
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
        struct pollfd fds[FDS] = {{.fd = signal_pipe[0], .events = POLLIN},
                                  {.fd = STDIN_FILENO, .events = POLLIN}};
        push_limit_wait(push, watch_step(watch, push_tallies(push), outputs));
        push_step(push, fds, result == INPUT_WAIT ? FDS : STANDARD_INPUT);
        if (fds[SIGNAL].revents) {
            char byte;
            (void)!read(signal_pipe[0], &byte, 1);
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

static enum exit_code deliver(const struct options *options, struct output *outputs,
                              struct watch *watch, const struct notice *to)
{
    const size_t count = options->outputs.count;
    enum exit_code code = EXIT_LOST;
    struct input *const input =
        input_new(STDIN_FILENO, options->tee ? STDOUT_FILENO : -1, options, to);
    struct push *const push = push_new(outputs, count, options, to);
    if (!input || !push || catch_signals() < 0) {
        notice(to, NOTICE_RESULT, "out of memory or file descriptors; nothing was read");
    } else {
        run(input, push, watch, count);
        watch_end(watch);
        code = watch_report(watch, report(input, push, count, to));
    }
    push_free(push);
    input_free(input);
    return code;
}

static enum exit_code open_and_deliver(const struct options *options, const struct notice *to)
{
    struct error err;
    enum exit_code code = EXIT_WRONG_USAGE;
    struct watch *watch;
    if (watch_new(&watch, options, to, &err) < 0) {
        notice(to, NOTICE_RESULT, "%s", err.text);
        watch_free(watch);
        return code;
    }
    const size_t count = options->outputs.count;
    struct output *const outputs = calloc(count, sizeof *outputs);
    size_t opened = 0;
    while (outputs && opened < count &&
           output_open(&outputs[opened], options->outputs.items[opened], options, &err) == 0)
        opened++;
    if (opened == count)
        code = deliver(options, outputs, watch, to);
    else
        notice(to, NOTICE_RESULT, "--output: %s", outputs ? err.text : "out of memory");
    for (size_t i = 0; outputs && i < count && i <= opened; i++)
        output_close(&outputs[i]);
    free(outputs);
    watch_free(watch);
    return code;
}

int main(int argc, char **argv)
{
    struct options options;
    struct error err;
    enum exit_code code = EXIT_OK;
    bool drawn = false;
    struct notice to = {.level = NOTICE_WARN, .drawn = &drawn};
    fill_standard_descriptors();
    if (options_parse(&options, argc, argv, environ, &err) < 0) {
        notice(&to, NOTICE_RESULT, "%s", err.text);
        code = EXIT_WRONG_USAGE;
    } else if (options.action == ACTION_VERSION) {
        print_version();
    } else if (options.action == ACTION_HELP) {
        if (help_print(stdout, options.help_group, &err) < 0) {
            notice(&to, NOTICE_RESULT, "%s", err.text);
            code = EXIT_WRONG_USAGE;
        }
    } else if (isatty(STDIN_FILENO)) {
        help_print(stderr, NULL, &err);
        code = EXIT_WRONG_USAGE;
    } else {
        to.level = options.verbose ? NOTICE_DETAIL : options.quiet ? NOTICE_RESULT : NOTICE_WARN;
        if (options.changed_label[0])
            notice(&to, NOTICE_WARN, "label '%s' holds bytes that databases do not take; replaced",
                   options.changed_label);
        code = open_and_deliver(&options, &to);
    }
    if (fflush(stdout) != 0) {
        notice(&to, NOTICE_RESULT, "cannot write to standard output: %s", strerror(errno));
        code = EXIT_LOST;
    }
    options_release(&options);
    return (int)code;
}
