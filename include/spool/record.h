/* record: a transfer as one line of text, and back.
 *
 *   curl,label=curl-quic http_code=200,time_total=0.0639,... 1795423774748555000
 *
 * This is how transfers wait in a spool: a line of InfluxDB's line protocol that holds
 * everything a layout may ask for, so that people can read it, and can import it without
 * this program. Numbers, tags and time read back as they were written; texts read back
 * without control characters and invalid UTF-8 (see base/text.h). */
#ifndef TSDB_EXPORTER_SPOOL_RECORD_H
#define TSDB_EXPORTER_SPOOL_RECORD_H

#include "base/buf.h"
#include "model/transfer.h"

/* Appends the line and its newline; with `text`, the transfer's texts too. out->failed
 * says whether there was room. */
void record_write(struct buf *out, const struct transfer *transfer, bool text);

/* Reads a line of `len` bytes, without its newline. The line is changed, and so is the
 * byte behind it: the transfer's strings are parts of it. 0, or -1 when it is not a
 * record. */
int record_read(char *line, size_t len, struct transfer *transfer);

/* Where in a line of `len` bytes the time begins: behind the last blank. 0 if there is
 * no blank. */
size_t record_time_begin(const char *line, size_t len);

/* The time at the end of a line of `len` bytes, in ns; 0 if there is none. The byte
 * behind the line must not be a digit. */
int64_t record_time(const char *line, size_t len);

#endif
