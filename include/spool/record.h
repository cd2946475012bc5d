/* neutral: a transfer as one line of text, and back.
 *
 *   curl,label=curl-quic http_code=200,time_total=0.0639,... 1795423774748555000
 *
 * The form in which transfers wait: line protocol with everything that a layout
 * can ask for, so that it can be read, and imported by hand. What is written
 * reads back as the same numbers, tags and time; texts come back clean. */
#ifndef TSDB_EXPORTER_SPOOL_RECORD_H
#define TSDB_EXPORTER_SPOOL_RECORD_H

#include "base/buf.h"
#include "model/transfer.h"

/* Appends the line, ended by a newline; with `text`, texts too. Look at out->failed. */
void record_write(struct buf *out, const struct transfer *transfer, bool text);

/* Reads a line of `len` bytes (without its newline, with room for a '\0' behind
 * it), which is changed: the transfer's strings lie in it. 0, or -1 when it is no
 * such line. */
int record_read(char *line, size_t len, struct transfer *transfer);

#endif
