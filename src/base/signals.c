/* Why: a signal must not tear a batch apart, and a second one must always kill. A
 * handler can do nothing but write to a pipe; this is the one global state. */
#include "base/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

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

int signals_catch(void)
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
    return signal_pipe[0];
}
