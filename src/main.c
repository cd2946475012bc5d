/* Why: the wiring: what the options ask for, and the exit code. Input goes to the
 * outputs at once (deliver) or into the spool (keep). */
#include "tsdb_exporter/deliver.h"
#include "tsdb_exporter/gzip.h"
#include "tsdb_exporter/help.h"
#include "tsdb_exporter/http.h"
#include "tsdb_exporter/keep.h"
#include "tsdb_exporter/options.h"
#include "tsdb_exporter/reader.h"
#include "tsdb_exporter/remote_write.h"
#include "tsdb_exporter/spool_status.h"
#include "tsdb_exporter/watch.h"

#include <errno.h>
#include <fcntl.h>
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

static void print_version(void)
{
    struct error err;
    printf("tsdb-exporter %s\n", TSDB_EXPORTER_VERSION);
    printf("cJSON/%s\n", reader_library_version());
    printf("protobuf-c/%s\n", remote_write_library_version());
    printf("zlib/%s\n", gzip_library_version(&err));
    printf("%s\n", http_library_version(&err));
}

static enum exit_code open_and_run(const struct options *options, const struct notice *to)
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
        code = (options->spool ? keep : deliver)(options, outputs, watch, to);
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
    } else if (options.action == ACTION_SPOOL_STATUS) {
        code = spool_status(options.spool, stdout, &to);
    } else if (options.action == ACTION_RUN && isatty(STDIN_FILENO)) {
        help_print(stderr, NULL, &err);
        code = EXIT_WRONG_USAGE;
    } else {
        to.level = options.verbose ? NOTICE_DETAIL : options.quiet ? NOTICE_RESULT : NOTICE_WARN;
        if (options.changed_label[0])
            notice(&to, NOTICE_WARN, "label '%s' holds bytes that databases do not take; replaced",
                   options.changed_label);
        code = open_and_run(&options, &to);
    }
    if (fflush(stdout) != 0) {
        notice(&to, NOTICE_RESULT, "cannot write to standard output: %s", strerror(errno));
        code = EXIT_LOST;
    }
    options_release(&options);
    return (int)code;
}
