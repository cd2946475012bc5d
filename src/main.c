/* Why: parse, run, exit: nothing else may happen here. */
#include "cli/help.h"
#include "cli/parse_options.h"
#include "run/run.h"
#include "run/version.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

/* A file opened in the place of a closed standard descriptor would get what is
 * meant for that one; so they are filled, with what cannot be used by mistake. */
static void fill_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
    struct options options;
    struct error err;
    enum exit_code code = EXIT_OK;
    bool drawn = false;
    struct notice to = {.level = NOTICE_WARN, .drawn = &drawn};
    fill_standard_descriptors();
    signal(SIGXFSZ, SIG_IGN); /* a write beyond `ulimit -f` fails, and is counted */
    if (options_parse(&options, argc, argv, environ, &err) < 0) {
        notice(&to, NOTICE_RESULT, "%s", err.text);
        code = EXIT_WRONG_USAGE;
    } else if (options.action == ACTION_VERSION) {
        version_print(stdout);
    } else if (options.action == ACTION_HELP) {
        if (help_print(stdout, options.help_group, &err) < 0) {
            notice(&to, NOTICE_RESULT, "%s", err.text);
            code = EXIT_WRONG_USAGE;
        }
    } else if (options.action == ACTION_RUN && isatty(STDIN_FILENO)) {
        notice(&to, NOTICE_RESULT, "nothing is piped in: standard input is a terminal");
        help_print(stderr, NULL, &err);
        code = EXIT_WRONG_USAGE;
    } else {
        if (options.action != ACTION_SPOOL_STATUS)
            to.level = options.verbose        ? NOTICE_DETAIL
                       : options.report.quiet ? NOTICE_RESULT
                                              : NOTICE_WARN;
        code = run(&options, &to);
    }
    if (fflush(stdout) != 0) {
        notice(&to, NOTICE_RESULT, "cannot write to standard output: %s", strerror(errno));
        code = EXIT_LOST;
    }
    options_release(&options);
    return (int)code;
}
