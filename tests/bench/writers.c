/* Why: twenty shells in a loop would measure the shell. This starts a command as
 * cheaply as it can be started, and counts nothing but the time of it all.
 *
 *     writers COUNT ROUNDS INPUT COMMAND [ARGUMENT]...
 *
 * COUNT processes at a time each run the command ROUNDS times, one after the other,
 * from the file INPUT to /dev/null. Prints the time it took in us, by the clock, and
 * how many of the runs did not end with 0. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
    fprintf(stderr, "writers: %s: %s\n", what, strerror(errno));
    exit(125);
}

static pid_t run(const char *input, char **argv)
{
    const pid_t pid = fork();
    if (pid != 0)
        return pid;
    const int in = open(input, O_RDONLY | O_CLOEXEC), out = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (in < 0 || out < 0 || dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
        _exit(126);
    execvp(argv[0], argv);
    _exit(127);
}

/* In a process of its own; the exit code says whether all went well. */
static int run_all(long rounds, const char *input, char **argv)
{
    int failed = 0;
    for (long i = 0; i < rounds; i++) {
        int status;
        const pid_t pid = run(input, argv);
        if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0)
            failed++;
    }
    return failed < 255 ? failed : 255;
}

static long long now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: writers COUNT ROUNDS INPUT COMMAND [ARGUMENT]...\n");
        return 125;
    }
    const long count = strtol(argv[1], NULL, 10), rounds = strtol(argv[2], NULL, 10);
    const long long begin_us = now_us();
    long failed = 0;
    for (long i = 0; i < count; i++) {
        const pid_t pid = fork();
        if (pid < 0)
            die("fork");
        if (pid == 0)
            _exit(run_all(rounds, argv[3], argv + 4));
    }
    for (long i = 0; i < count; i++) {
        int status;
        if (wait(&status) < 0)
            die("wait");
        failed += WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    }
    printf("%lld %ld\n", now_us() - begin_us, failed);
    return 0;
}
