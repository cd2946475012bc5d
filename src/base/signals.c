/* Why: a signal must not interrupt a request, and a second one must always end the
 * process. A handler can do little more than write to a pipe, which must be global. */
#include "base/signals.h"

#include "base/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static int signal_pipe[2];

static const int stop_signals[] = {SIGINT, SIGTERM, SIGHUP};
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

int signals_catch(struct error *err)
{
    if (fault("signals") < 0 || pipe(signal_pipe) < 0)
        return error_set(err, "cannot make a pipe: %s", strerror(errno));
    for (int i = 0; i < 2; i++)
        fcntl(signal_pipe[i], F_SETFD, FD_CLOEXEC);
    const struct sigaction stop = {.sa_handler = on_signal};
    for (size_t i = 0; i < STOP_SIGNALS; i++) {
        struct sigaction before;
        sigaction(stop_signals[i], NULL, &before);
        is_caught[i] = before.sa_handler != SIG_IGN; /* a shell's job in the background */
        if (is_caught[i])
            sigaction(stop_signals[i], &stop, NULL);
    }
    signal(SIGPIPE, SIG_IGN);
    return signal_pipe[0];
}

static void mask(int how)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < STOP_SIGNALS; i++)
        sigaddset(&set, stop_signals[i]);
    sigprocmask(how, &set, NULL);
}

void signals_hold(void)
{
    mask(SIG_BLOCK);
}

void signals_let_go(void)
{
    mask(SIG_UNBLOCK);
}
