/* snappy_block: snappy's block format. The only module that knows libsnappy, which
 * is loaded when it is first used: it brings the C++ library along. */
#ifndef TSDB_EXPORTER_OUTPUT_SNAPPY_H
#define TSDB_EXPORTER_OUTPUT_SNAPPY_H

#include "base/buf.h"
#include "base/error.h"

/* Replaces `out` with the compressed bytes. 0 or -1. */
int snappy_block_compress(struct buf *out, const char *bytes, size_t len, struct error *err);

/* The reverse, of bytes that were made by it. 0 or -1. */
int snappy_block_uncompress(struct buf *out, const char *bytes, size_t len, struct error *err);

#endif
