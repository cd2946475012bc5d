/* io: writing to a descriptor until all of it is written, and replacing a file. */
#ifndef TSDB_EXPORTER_BASE_IO_H
#define TSDB_EXPORTER_BASE_IO_H

#include <stddef.h>
#include <sys/types.h>

/* Writes all the bytes, and waits where it must, even on a descriptor that somebody
 * else has made non-blocking. 0, or -1 and errno. */
int io_write(int fd, const void *bytes, size_t len);

/* Makes the bytes the content of the file `name` in the directory `dir`. They are
 * written to the file `beside` first, which is then renamed, so that a reader and a
 * process that is killed here leave the old content or the new one, never a part. Two
 * processes must not use one `beside` at the same time. `mode` is as for open(). 0, or -1
 * and errno; then `beside` is removed. */
int io_replace_file(int dir, const char *name, const char *beside, mode_t mode, const void *bytes,
                    size_t len);

#endif
