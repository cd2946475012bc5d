/* Why: a dry run, a record to import later, or no database at all: the same
 * lines that would be sent, in a file or on standard output. */
#include "output/file.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct file {
    int fd;
};

static int file_open(struct output *output, const char *target,
                     const struct output_options *options, struct error *err)
{
    (void)options;
    const bool standard = strcmp(target, "-") == 0;
    if (*target == '\0')
        return error_set(err, "-o file= names no file; use file=PATH or file=-");
    const char *const shown = standard ? "standard output" : target;
    struct file *const file = malloc(sizeof *file);
    output->state = file;
    output->name = malloc(sizeof "file " + strlen(shown));
    if (file)
        file->fd = -1;
    if (!file || !output->name)
        return error_set(err, "out of memory");
    strcpy(output->name, "file ");
    strcat(output->name, shown);
    file->fd =
        standard ? STDOUT_FILENO : open(target, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file->fd < 0)
        return error_set(err, "cannot open '%s': %s", target, strerror(errno));
    return 0;
}

static void file_close(struct output *output)
{
    const struct file *const file = output->state;
    if (file && file->fd > STDERR_FILENO)
        close(file->fd);
    free(output->state);
}

static int file_write(struct output *output, struct bytes bytes, struct error *err)
{
    const struct file *const file = output->state;
    if (io_write(file->fd, bytes.at, bytes.len) < 0)
        return error_set(err, "cannot write: %s", strerror(errno));
    return 0;
}

const struct output_type output_file = {
    .name = "file",
    .form = "PATH",
    .open = file_open,
    .close = file_close,
    .add = output_add_lines,
    .encode = output_encode_lines,
    .describe = output_describe_line,
    .write = file_write,
};
