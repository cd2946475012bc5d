/* gzip: request bodies, compressed, and saved input, unpacked. The only module that knows
 * zlib. */
#ifndef TSDB_EXPORTER_BASE_GZIP_H
#define TSDB_EXPORTER_BASE_GZIP_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Replaces `out` with the gzip (RFC 1952) of the bytes. 0 or -1. */
int gzip_compress(struct buf *out, const void *bytes, size_t len, struct error *err);

/* Unpacks a file in pieces; members that follow each other (cat a.gz b.gz) are one. */
struct gzip_reader;
/* NULL and an error: there is no zlib, or no memory. */
struct gzip_reader *gzip_reader_new(struct error *err);
void gzip_reader_free(struct gzip_reader *reader);

/* Unpacks from `*in`, `*in_len` bytes, into `out`, at most `room` bytes: `*count` of them. `*in`
 * and `*in_len` become what has not been read yet. 0 bytes: it needs more input. 0, or -1 when
 * the data is broken. */
int gzip_read(struct gzip_reader *reader, const char **in, size_t *in_len, char *out, size_t room,
              size_t *count);
/* True between two members, where a file may end. */
bool gzip_is_whole(const struct gzip_reader *reader);

const char *gzip_library_version(struct error *err);

#endif
