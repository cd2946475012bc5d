/* segment: the end of a segment's file, where writers append.
 *
 * The caller holds the queue's lock. A segment holds whole lines. Only behind the last
 * newline there may be a part of one, of a writer that was killed or had no room on the
 * disk. */
#ifndef TSDB_EXPORTER_SPOOL_SEGMENT_H
#define TSDB_EXPORTER_SPOOL_SEGMENT_H

#include "base/buf.h"

#include <stdint.h>
#include <sys/types.h>

/* A record stands behind a line with its checksum: "#", eight hexadecimal digits. For a
 * database that imports the segment this is a comment. */
#define SEGMENT_SUM_LEN 10

/* The lowest segment in the queue `dir` that is above `after`, and the highest one; 0 if
 * there is none. 0, or -1 and errno. */
int segment_list(int dir, uint32_t after, uint32_t *lowest, uint32_t *highest);

/* Removes what is behind the last whole record. Returns the size that is left, or -1 and
 * errno. */
off_t segment_cut_torn_line(int fd);

/* Appends whole lines to a segment of `size` bytes. Returns how many bytes were added:
 * all, or, when writing failed, the lines that were written whole; errno says why. */
size_t segment_append(int fd, off_t size, const struct buf *lines);

#endif
