/* io: a file is replaced as a whole, or stays as it was. */
#include "base/io.h"

#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int dir;

static const char *content(const char *name)
{
    static char text[64];
    const int fd = openat(dir, name, O_RDONLY);
    if (fd < 0)
        return "none";
    const ssize_t len = read(fd, text, sizeof text - 1);
    close(fd);
    text[len > 0 ? len : 0] = '\0';
    return text;
}

static void replaces(void)
{
    struct stat info;
    OK(io_replace_file(dir, "file", "file.new", 0600, "one", 3) == 0, "a file that was not there");
    IS_TEXT(content("file"), "one", "holds the bytes");
    OK(fstatat(dir, "file", &info, 0) == 0 && (info.st_mode & 0777) == 0600, "for its owner only");
    const int half = openat(dir, "file.new", O_WRONLY | O_CREAT, 0600);
    OK(write(half, "longer than the next", 20) == 20 && close(half) == 0,
       "one that was killed has left something beside it");
    OK(io_replace_file(dir, "file", "file.new", 0600, "two", 3) == 0, "a file that was there");
    IS_TEXT(content("file"), "two", "holds the new bytes, and nothing else");
    IS_TEXT(content("file.new"), "none", "nothing is left beside it");
    OK(io_replace_file(dir, "file", "file.new", 0600, NULL, 0) == 0, "no bytes");
    IS_TEXT(content("file"), "", "make an empty file");
}

static void fails(void)
{
    OK(mkdirat(dir, "full", 0700) == 0 && mkdirat(dir, "full/x", 0700) == 0, "a directory");
    OK(io_replace_file(dir, "full", "full.new", 0600, "x", 1) < 0 && errno != 0,
       "cannot be replaced by a file");
    IS_TEXT(content("full.new"), "none", "and nothing is left beside it");
    OK(io_replace_file(dir, "a", "no/such", 0600, "x", 1) < 0 && errno == ENOENT,
       "no file can be written beside it");
    OK(symlinkat("outside", dir, "link.new") == 0 &&
           io_replace_file(dir, "link", "link.new", 0600, "x", 1) < 0 && errno == ELOOP,
       "a symbolic link is not followed");
    IS_TEXT(content("outside"), "none", "nothing is where it leads to");
}

int main(void)
{
    char path[] = "/tmp/io.XXXXXX", command[64];
    if (!mkdtemp(path))
        return 1;
    dir = open(path, O_RDONLY | O_DIRECTORY);
    replaces();
    fails();
    close(dir);
    snprintf(command, sizeof command, "rm -r %s", path);
    return system(command) == 0 ? tap_done() : 1;
}
