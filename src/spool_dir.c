/* Why: a spool lies where others can reach it, in /tmp or /var/spool, and holds
 * what must not get into wrong hands or to a wrong database. Who may share which
 * queue is decided here, once. */
#include "tsdb_exporter/spool_dir.h"

#include "tsdb_exporter/fault.h"
#include "tsdb_exporter/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
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

/* Credentials may change while transfers wait. */
static bool is_credential(const char *header)
{
    static const char *const names[] = {"Authorization", "Proxy-Authorization", "Cookie"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const size_t len = strlen(names[i]);
        if (strncasecmp(header, names[i], len) == 0 && strchr(":; ", header[len]))
            return true;
    }
    return false;
}

/* What stands before the '=' in a URL's query. Names that are in no list are only
 * hashed: nobody has said yet that they are no secret. */
static const char *const shown[] = {"db", "rp", "bucket", "org", "orgID", NULL};
static const char *const secret[] = {"u",       "p",      "token",   "access_token", "authKey",
                                     "api_key", "apikey", "api-key", "password",     NULL};

static bool is_named(const char *parameter, size_t len, const char *const *names)
{
    const char *const equals = memchr(parameter, '=', len);
    const size_t name_len = equals ? (size_t)(equals - parameter) : len;
    for (; *names; names++)
        if (strlen(*names) == name_len && memcmp(*names, parameter, name_len) == 0)
            return true;
    return false;
}

/* Appends the URL without userinfo and secrets; with `all`, what is not to be
 * shown too. */
static void append_url(struct buf *out, const char *url, bool all)
{
    struct url parts;
    if (url_split(url, &parts) < 0)
        return; /* opening the output has refused it */
    buf_append(out, parts.scheme.at, parts.scheme.len);
    buf_append(out, "://", 3);
    buf_append(out, parts.host.at, (size_t)(parts.path.at + parts.path.len - parts.host.at));
    const char *separator = "?";
    for (const char *at = parts.query.at, *const end = at + parts.query.len; at < end;) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        stop = stop ? stop : end;
        const size_t len = (size_t)(stop - at);
        if (all ? !is_named(at, len, secret) : is_named(at, len, shown)) {
            buf_append_text(out, separator);
            buf_append(out, at, len);
            separator = "&";
        }
        at = stop + 1;
    }
}

/* A line for each destination, as a person wants to read it. */
static void describe(struct buf *out, const struct output *outputs, const struct options *options)
{
    for (size_t i = 0; i < options->outputs.count; i++) {
        buf_printf(out, "%s ", outputs[i].type->name);
        append_url(out, outputs[i].url, false);
        buf_printf(out, " (%s%s%s)\n", options->layout.type->name,
                   options->layout.prefix[0] ? ", prefix " : "", options->layout.prefix);
    }
}

static uint64_t hash(const struct output *outputs, const struct options *options)
{
    const struct layout *const layout = &options->layout;
    struct buf text;
    buf_init(&text, DESTINATIONS_MAX);
    for (size_t i = 0; i < options->outputs.count; i++) {
        buf_printf(&text, "%s ", outputs[i].type->name);
        append_url(&text, outputs[i].url, true);
        buf_append(&text, "\n", 1);
    }
    buf_printf(&text, "%s\n%s\n%s\n%d\n", layout->type->name, layout->prefix,
               layout->fields ? layout->fields : "", layout->text);
    for (size_t i = 0; i < options->headers.count; i++)
        if (!is_credential(options->headers.items[i]))
            buf_printf(&text, "%s\n", options->headers.items[i]);
    const uint64_t result = series_hash(SERIES_HASH_BEGIN, text.data, text.len);
    buf_release(&text);
    return result;
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

int spool_dir_open(const char *path, bool make, struct error *err)
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

int spool_dir_open_queue(int dir, const char *name, struct error *err)
{
    return open_private(dir, name, false, err);
}

int spool_dir_queue(int dir, const struct output *outputs, const struct options *options,
                    char *name, struct error *err)
{
    struct buf text;
    buf_init(&text, DESTINATIONS_MAX);
    describe(&text, outputs, options);
    int fd = text.failed ? error_set(err, "out of memory") : 0;
    if (fd == 0) {
        snprintf(name, SPOOL_QUEUE_NAME_ROOM, "%016" PRIx64, hash(outputs, options));
        fd = open_private(dir, name, true, err);
    }
    if (fd >= 0 && write_destinations(fd, &text, err) < 0) {
        close(fd);
        fd = -1;
    }
    buf_release(&text);
    return fd;
}

/* Reads the file "destinations". A queue without it was never finished. */
static int list_queue(int dir, const char *name, spool_dir_each *each, void *context,
                      struct error *err)
{
    struct buf text;
    int result = -1;
    const int queue = spool_dir_open_queue(dir, name, err);
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

int spool_dir_list(int dir, spool_dir_each *each, void *context, struct error *err)
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
        if (strlen(entry->d_name) == SPOOL_QUEUE_NAME_ROOM - 1 &&
            strspn(entry->d_name, "0123456789abcdef") == SPOOL_QUEUE_NAME_ROOM - 1) {
            struct error why;
            result = list_queue(dir, entry->d_name, each, context, &why);
            if (result < 0)
                error_set(err, "%s: %.400s", entry->d_name, why.text);
        }
    closedir(list);
    return result;
}
