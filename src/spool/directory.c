/* Why: a spool lies where others can reach it, in /tmp or /var/spool, and holds
 * what must not get into wrong hands or to a wrong database. Who may share which
 * queue is decided here, once. */
#include "spool/directory.h"

#include "base/fault.h"
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DESTINATIONS_MAX = 256 * 1024 };
static const char destinations_file[] = "destinations";

/* Opens the directory `name` in `dir` if it is fit to be trusted. */
static int open_private(int dir, const char *name, bool make, struct error *err)
{
    struct stat info;
    if (fault("directory") < 0 || (make && mkdirat(dir, name, 0700) < 0 && errno != EEXIST))
        return error_set(err, "cannot make it: %s", strerror(errno));
    const int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
        return error_set(err, "it is no directory, or a symbolic link, which is not followed");
    if (fd < 0 || fstat(fd, &info) < 0)
        return error_set(err, "cannot open it: %s", strerror(errno));
    if (info.st_uid != geteuid())
        error_set(err, "it belongs to another user (%lu, not %lu): use one of your own",
                  (unsigned long)info.st_uid, (unsigned long)geteuid());
    else if (info.st_mode & (S_IWGRP | S_IWOTH))
        error_set(err, "others may write to it: chmod go-w, or use another one");
    else
        return fd;
    close(fd);
    return -1;
}

/* Writes the file unless it is there. Two that write it write the same. */
static int write_destinations(int queue, const struct buf *text, struct error *err)
{
    if (faccessat(queue, destinations_file, F_OK, 0) == 0)
        return 0;
    char beside[64];
    snprintf(beside, sizeof beside, "%s.%ld", destinations_file, (long)getpid());
    const int fd =
        openat(queue, beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    const bool written =
        fd >= 0 && fault("destinations") == 0 && io_write(fd, text->data, text->len) == 0;
    const int why = errno;
    if (fd >= 0)
        close(fd);
    if (written && renameat(queue, beside, queue, destinations_file) == 0)
        return 0;
    if (fd >= 0)
        unlinkat(queue, beside, 0);
    return error_set(err, "cannot write to it: %s", strerror(written ? errno : why));
}

int directory_open(const char *path, bool make, struct error *err)
{
    char plain[4096]; /* "link/" would be followed */
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    if (len == 0 || len >= sizeof plain)
        return error_set(err, "its name is empty or too long");
    memcpy(plain, path, len);
    plain[len] = '\0';
    return open_private(AT_FDCWD, plain, make, err);
}

int directory_open_queue(int dir, const char *name, struct error *err)
{
    return open_private(dir, name, false, err);
}

int directory_make_queue(int dir, const char *name, const struct buf *destinations,
                         struct error *err)
{
    const int fd = open_private(dir, name, true, err);
    if (fd < 0 || write_destinations(fd, destinations, err) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Reads the file "destinations". A queue without it was never finished. */
static int list_queue(int dir, const char *name, directory_each *each, void *context,
                      struct error *err)
{
    struct buf text;
    int result = -1;
    const int queue = directory_open_queue(dir, name, err);
    if (queue < 0)
        return -1;
    const int fd = openat(queue, destinations_file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    buf_init(&text, DESTINATIONS_MAX);
    char *const to = buf_reserve(&text, DESTINATIONS_MAX - 1);
    const ssize_t len = fd >= 0 && to ? read(fd, to, DESTINATIONS_MAX - 1) : 0;
    text.len = len > 0 ? (size_t)len : 0;
    result = len < 0
                 ? error_set(err, "cannot read %s/%s: %s", name, destinations_file, strerror(errno))
                 : each(context, name, queue, buf_text(&text), err);
    buf_release(&text);
    if (fd >= 0)
        close(fd);
    close(queue);
    return result;
}

int directory_list(int dir, directory_each *each, void *context, struct error *err)
{
    const int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *const list = fd < 0 ? NULL : fdopendir(fd);
    if (!list) {
        error_set(err, "cannot list it: %s", strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    int result = 0;
    for (struct dirent *entry; result == 0 && (entry = readdir(list));)
        if (strlen(entry->d_name) == QUEUE_NAME_LEN &&
            strspn(entry->d_name, "0123456789abcdef") == QUEUE_NAME_LEN) {
            struct error why;
            result = list_queue(dir, entry->d_name, each, context, &why);
            if (result < 0)
                error_set(err, "%s: %.400s", entry->d_name, why.text);
        }
    closedir(list);
    return result;
}
