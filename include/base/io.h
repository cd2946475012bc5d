/* io: writing all of it. */
#ifndef TSDB_EXPORTER_BASE_IO_H
#define TSDB_EXPORTER_BASE_IO_H

#include <stddef.h>

/* Writes all the bytes, waiting where it must, also when somebody has made the
 * descriptor non-blocking. 0, or -1 and errno. */
int io_write(int fd, const void *bytes, size_t len);

#endif
