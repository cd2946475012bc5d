/* decode: the bytes of a pipe or a file -> UTF-8.
 *
 * curl writes UTF-8, which is passed on as it is. Files in which it was saved may be UTF-16
 * (what PowerShell's > writes, with a byte order mark or without one) or compressed with
 * gzip; both are read. Other compressions are named. The first four bytes tell. */
#ifndef TSDB_EXPORTER_INPUT_DECODE_H
#define TSDB_EXPORTER_INPUT_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DECODE_RAW_SIZE 65536

struct decoder;

/* NULL: out of memory. */
struct decoder *decoder_new(void);
void decoder_free(struct decoder *decoder);

/* True when the bytes need no decoding and none are waiting here: what is read now may go
 * past the decoder. */
bool decoder_is_idle(const struct decoder *decoder);

/* Where the next bytes go; `*room` is above 0 once decoder_read has returned 0. */
char *decoder_space(struct decoder *decoder, size_t *room);
/* `count` bytes have been written there. */
void decoder_fill(struct decoder *decoder, size_t count);
/* No more will come. */
void decoder_end(struct decoder *decoder);

/* Writes UTF-8 to `out`, at least 8 bytes of room, and returns how many bytes. 0: more input
 * is needed, or `*reason`, a static text, is why the rest cannot be read. */
size_t decoder_read(struct decoder *decoder, char *out, size_t room, const char **reason);

#endif
