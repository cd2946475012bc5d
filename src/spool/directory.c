/* Why: a spool may lie where other users can write, in /tmp or /var/spool. They must not
 * be able to read what it holds, or to make this process write somewhere else. All
 * that decides whether a directory can be trusted stands here. */
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

/* Opens the directory `name` in `dir`, if nobody else can write to it. */
static int open_private(int dir, const char *name, bool make, struct error *err)
{
    struct stat info;
    if (fault("directory") < 0 || (make && mkdirat(dir, name, 0700) < 0 && errno != EEXIST))
        return error_set(err, "cannot make it: %s", strerror(errno));
    const int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
        return error_set(err,
                         "it is not a directory, or it is a symbolic link, which is not followed");
    if (fd < 0 || fstat(fd, &info) < 0)
        return error_set(err, "cannot open it: %s", strerror(errno));
    if (info.st_uid != geteuid())
        error_set(err, "it belongs to another user (%lu, not %lu): use a directory of your own",
                  (unsigned long)info.st_uid, (unsigned long)geteuid());
    else if (info.st_mode & (S_IWGRP | S_IWOTH))
        error_set(err, "others may write to it: use chmod go-w, or another directory");
    else
        return fd;
    close(fd);
    return -1;
}

/* Writes the file "destinations" unless it exists. Two processes that do so at the same
 * time write the same, each beside a name of its own. */
static int write_destinations(int queue_dir, const struct buf *text, struct error *err)
{
    if (faccessat(queue_dir, destinations_file, F_OK, 0) == 0)
        return 0;
    char beside[64];
    snprintf(beside, sizeof beside, "%s.%ld", destinations_file, (long)getpid());
    if (fault("destinations") == 0 &&
        io_replace_file(queue_dir, destinations_file, beside, text->data, text->len) == 0)
        return 0;
    return error_set(err, "cannot write to it: %s", strerror(errno));
}

int directory_open(const char *path, bool make, struct error *err)
{
    char plain[4096]; /* the path without '/' at its end, with which a link is followed */
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

/* Calls `each` with the lines of the queue's file "destinations". A queue without it has
 * just been made and holds nothing: it has no lines. */
static int list_queue(int dir, const char *name, directory_each *each, void *context,
                      struct error *err)
{
    struct buf text;
    int result = -1;
    const int queue_dir = directory_open_queue(dir, name, err);
    if (queue_dir < 0)
        return -1;
    const int fd = openat(queue_dir, destinations_file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    buf_init(&text, DESTINATIONS_MAX);
    char *const to = buf_reserve(&text, DESTINATIONS_MAX - 1);
    const ssize_t len = fd >= 0 && to ? read(fd, to, DESTINATIONS_MAX - 1) : 0;
    text.len = len > 0 ? (size_t)len : 0;
    result = len < 0
                 ? error_set(err, "cannot read %s/%s: %s", name, destinations_file, strerror(errno))
                 : each(context, name, queue_dir, buf_text(&text), err);
    buf_release(&text);
    if (fd >= 0)
        close(fd);
    close(queue_dir);
    return result;
}

int directory_list(int dir, directory_each *each, void *context, struct error *err)
{
    const int fd = fault("list") < 0 ? -1 : openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
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
