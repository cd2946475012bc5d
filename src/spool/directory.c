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
        io_replace_file(queue_dir, destinations_file, beside, 0600, text->data, text->len) == 0)
        return 0;
    return error_set(err, "cannot write to it: %s", strerror(errno));
}

/* True when a ".." in the path comes behind a symbolic link, which the system would follow.
 * The path's bytes are as before. */
static bool goes_back_through_link(char *path)
{
    struct stat info;
    bool linked = false;
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        linked = linked || (lstat(path, &info) == 0 && S_ISLNK(info.st_mode));
        *slash = '/';
        if (linked && strncmp(slash, "/..", 3) == 0 && (slash[3] == '/' || !slash[3]))
            return true;
    }
    return false;
}

int directory_open(const char *path, bool make, struct error *err)
{
    char plain[4096]; /* the path without '/' and "/." at its end, which follow a link */
    size_t len = strlen(path);
    if (len == 0 || len >= sizeof plain)
        return error_set(err, "its name is empty or too long");
    while (len > 1 &&
           (path[len - 1] == '/' || (len > 2 && path[len - 1] == '.' && path[len - 2] == '/')))
        len--;
    memcpy(plain, path, len);
    plain[len] = '\0';
    if (goes_back_through_link(plain))
        return error_set(err,
                         "'..' in it goes back through a symbolic link, which is not followed");
    return open_private(AT_FDCWD, plain, make, err);
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

/* Calls `each` with the lines of the queue's file "destinations", or with "" if there is
 * none that can be read: the queue has just been made, or the file was removed. */
static int list_queue(int dir, const char *name, directory_each *each, void *context,
                      struct error *err)
{
    struct buf text;
    const int queue_dir = open_private(dir, name, false, err);
    if (queue_dir < 0)
        return -1;
    const int fd = openat(queue_dir, destinations_file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    buf_init(&text, DESTINATIONS_MAX);
    char *const to = buf_reserve(&text, DESTINATIONS_MAX - 1);
    const ssize_t len = fd >= 0 && to ? read(fd, to, DESTINATIONS_MAX - 1) : 0;
    text.len = len > 0 ? (size_t)len : 0;
    const int result = each(context, name, queue_dir, buf_text(&text), err);
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
    err->text[0] = '\0';
    for (struct dirent *entry; (entry = readdir(list));)
        if (strlen(entry->d_name) == QUEUE_NAME_LEN &&
            strspn(entry->d_name, "0123456789abcdef") == QUEUE_NAME_LEN) {
            struct error why, before = *err;
            if (list_queue(dir, entry->d_name, each, context, &why) < 0)
                result = error_set(err, "%s%s%s: %.200s", result < 0 ? before.text : "",
                                   result < 0 ? "; " : "", entry->d_name, why.text);
        }
    closedir(list);
    return result;
}
