/* Who looks at a file while it is written, or after the disk was full, must not take a part of
 * it for the whole. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "report/report_file.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_ROOM = 64 }; /* for the name of the file that is written first */

static int set_error(const struct report_file *file, const char *verb, struct error *err)
{
    return error_set(err, "%s: cannot %s '%.300s': %s", file->option, verb, file->name,
                     strerror(errno));
}

/* The end of the directory in a path: behind its last slash. */
static size_t directory_length(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return slash ? (size_t)(slash + 1 - path) : 0;
}

/* Finds the file behind symbolic links, or where it will be, and whether its directory can be
 * written to. */
static int find_path(struct report_file *file)
{
    char *const found = realpath(file->name, NULL);
    file->path = found ? found : strdup(file->name);
    if (!file->path)
        return -1;
    if (!*file->path) {
        errno = ENOENT;
        return -1;
    }
    char *const directory = strdup(file->path);
    if (!directory)
        return -1;
    directory[directory_length(directory)] = '\0';
    const int result = access(*directory ? directory : ".", W_OK | X_OK);
    free(directory);
    return result;
}

/* A page that others could not read before cannot be read by them now. */
static int replace(const struct report_file *file, const struct buf *text)
{
    struct stat status;
    const size_t directory = directory_length(file->path), room = directory + FILE_ROOM;
    char *const beside = malloc(room);
    if (!beside)
        return -1;
    snprintf(beside, room, "%.*s.report-%ld.new", (int)directory, file->path, (long)getpid());
    const mode_t mode = stat(file->path, &status) == 0 ? status.st_mode & 0777 : 0666;
    const int result = io_replace_file(AT_FDCWD, file->path, beside, mode, text->data, text->len);
    free(beside);
    return result;
}

/* Only a regular file can be emptied, and only it needs to be; standard output may be a file that
 * holds what others have written. */
static int overwrite(struct report_file *file, const struct buf *text)
{
    struct stat status;
    const bool regular =
        strcmp(file->name, "-") != 0 && fstat(file->fd, &status) == 0 && S_ISREG(status.st_mode);
    if ((regular && ftruncate(file->fd, 0) < 0) || io_write(file->fd, text->data, text->len) < 0)
        return -1;
    const int fd = file->fd;
    file->fd = -1;
    return close(fd);
}

int report_file_open(struct report_file *file, const char *option, const char *name,
                     enum report_file_way way, struct error *err)
{
    *file = (struct report_file){.option = option, .name = name, .fd = -1};
    struct stat status;
    if (!name)
        return 0;
    const bool standard = strcmp(name, "-") == 0;
    if (way == REPORT_FILE_REPLACED && !standard &&
        (stat(name, &status) < 0 || S_ISREG(status.st_mode)))
        return find_path(file) < 0 ? set_error(file, "write", err) : 0;
    file->fd = standard ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
                        : open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    return file->fd >= 0 ? 0 : set_error(file, "open", err);
}

int report_file_write(struct report_file *file, const struct buf *text, struct error *err)
{
    if (!file->name)
        return 0;
    if (text->failed)
        errno = ENOMEM;
    if (text->failed || (file->path ? replace(file, text) : overwrite(file, text)) < 0)
        return set_error(file, "write", err);
    return 0;
}

void report_file_close(struct report_file *file)
{
    if (file->name && file->fd >= 0)
        close(file->fd);
    free(file->path);
}
