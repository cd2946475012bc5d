/* Why: a dry run, a record to import later, or no database at all: the same
 * lines that would be sent, in a file or on standard output. */
#include "output/output.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int file_open(struct output *output, const char *target,
                     const struct output_options *options, struct error *err)
{
    (void)options;
    const bool standard = strcmp(target, "-") == 0;
    if (*target == '\0')
        return error_set(err, "-o file= names no file; use file=PATH or file=-");
    const char *const shown = standard ? "standard output" : target;
    output->name = malloc(sizeof "file " + strlen(shown));
    if (!output->name)
        return error_set(err, "out of memory");
    strcpy(output->name, "file ");
    strcat(output->name, shown);
    output->fd =
        standard ? STDOUT_FILENO : open(target, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (output->fd < 0)
        return error_set(err, "cannot open '%s': %s", target, strerror(errno));
    return 0;
}

static int file_write(struct output *output, struct bytes bytes, struct error *err)
{
    if (io_write(output->fd, bytes.at, bytes.len) < 0)
        return error_set(err, "cannot write: %s", strerror(errno));
    return 0;
}

const struct output_type output_file = {
    .name = "file",
    .form = "PATH",
    .open = file_open,
    .add = output_add_lines,
    .encode = output_encode_lines,
    .describe = output_describe_line,
    .write = file_write,
};
