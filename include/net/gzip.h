/* gzip: request bodies, compressed. The only module that knows zlib. */
#ifndef TSDB_EXPORTER_NET_GZIP_H
#define TSDB_EXPORTER_NET_GZIP_H

#include "base/buf.h"
#include "base/error.h"

/* Replaces `out` with the gzip (RFC 1952) of the bytes. 0 or -1. */
int gzip_compress(struct buf *out, const void *bytes, size_t len, struct error *err);

const char *gzip_library_version(struct error *err);

#endif
