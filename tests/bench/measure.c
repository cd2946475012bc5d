/* Why: what a process costs can only be asked of the kernel by its parent, and
 * a big parent spoils the answer: on exec Linux counts the memory that the
 * process had before, as a copy of its parent (fork) or in its parent's own
 * (vfork, posix_spawn), into the ru_maxrss of wait4(). Measured from Python
 * nothing would take less than Python. This parent has about 1 MiB, less than
 * anything it measures.
 *
 *     measure INPUT OUTPUT COMMAND [ARGUMENT]... ['|' COMMAND [ARGUMENT]...]...
 *
 * runs the commands, joined by pipes and without a shell, from the file INPUT to
 * the file OUTPUT, and prints
 *
 *     user+system time in us, of the commands and all children they waited for
 *     peak memory in KiB, of the largest single process among them
 *     the first exit status that is not 0, or 0 */
#define _DEFAULT_SOURCE /* wait4 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COMMANDS_MAX = 8 };

static void die(const char *what)
{
    fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
    exit(125);
}

static int open_file(const char *path, int flags)
{
    const int fd = open(path, flags | O_CLOEXEC, 0666);
    if (fd < 0)
        die(path);
    return fd;
}

/* Starts one command; closes both descriptors here. */
static pid_t start(char **argv, int in, int out)
{
    const pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0) {
        if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
            die("dup2");
        execvp(argv[0], argv);
        fprintf(stderr, "measure: %s: %s\n", argv[0], strerror(errno));
        _exit(127);
    }
    close(in);
    close(out);
    return pid;
}

static void make_pipe(int ends[2])
{
    if (pipe(ends) < 0)
        die("pipe");
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
}

/* Starts the commands of `argv`, which '|' divides; returns how many. */
static int start_all(char **argv, int in, int out, pid_t pids[COMMANDS_MAX])
{
    int count = 0;
    while (*argv && count < COMMANDS_MAX) {
        char **end = argv;
        int ends[2] = {-1, out};
        while (*end && strcmp(*end, "|") != 0)
            end++;
        const int last = *end == NULL;
        *end = NULL;
        if (!last)
            make_pipe(ends);
        pids[count++] = start(argv, in, ends[1]);
        in = ends[0];
        argv = last ? end : end + 1;
    }
    return count;
}

static long microseconds(const struct rusage *usage)
{
    return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000L + usage->ru_utime.tv_usec +
           usage->ru_stime.tv_usec;
}

int main(int argc, char **argv)
{
    pid_t pids[COMMANDS_MAX];
    long cpu_us = 0, peak_kib = 0;
    int failed = 0;
    if (argc < 4) {
        fprintf(stderr, "usage: measure INPUT OUTPUT COMMAND [ARGUMENT]...\n");
        return 125;
    }
    const int in = open_file(argv[1], O_RDONLY);
    const int out = open_file(argv[2], O_WRONLY | O_CREAT | O_TRUNC);
    const int count = start_all(argv + 3, in, out, pids);
    for (int i = 0; i < count; i++) {
        struct rusage usage;
        int status;
        if (wait4(pids[i], &status, 0, &usage) < 0)
            die("wait4");
        cpu_us += microseconds(&usage);
        peak_kib = usage.ru_maxrss > peak_kib ? usage.ru_maxrss : peak_kib;
        if (!failed)
            failed = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    printf("%ld %ld %d\n", cpu_us, peak_kib, failed);
    return 0;
}
