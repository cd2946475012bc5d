/* json_stream: bytes in any pieces -> whole JSON objects.
 *
 * Objects may stand one a line, glued together, spread over lines, or in an array,
 * with CRLF, byte order marks or NUL between them. JSON's grammar (json_scan) finds
 * where an object ends.
 *
 * Anything else is refused at its first wrong byte. The search then goes on one
 * byte behind the place where the broken object began, so that an object that
 * stands inside rubbish or behind it is still found. Only what stands behind "curl": is
 * not taken: it has lost its wrapper, and with that its time. The work is at
 * most JSON_SCAN_DEPTH_MAX times linear in the input, the memory at most the
 * largest object plus one read. */
#ifndef TSDB_EXPORTER_INPUT_JSON_STREAM_H
#define TSDB_EXPORTER_INPUT_JSON_STREAM_H

#include "base/buf.h"
#include "input/json_scan.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes asked for at a time: the capacity of a Linux pipe. */
#define JSON_STREAM_READ_SIZE 65536

enum json_stream_result {
    JSON_STREAM_MORE,    /* nothing whole is left: give more bytes, or json_stream_end */
    JSON_STREAM_OBJECT,  /* item holds an object */
    JSON_STREAM_REFUSED, /* item holds a place and a reason; the stream goes on */
    JSON_STREAM_DONE     /* the end of the input */
};

struct json_stream_place {
    uint64_t line; /* from 1 */
    uint64_t byte; /* offset from 0 */
};

struct json_stream_item {
    char *text; /* the object; the caller may change it, until the next call on the stream */
    size_t len;
    bool gaps; /* a value is missing: "key":, */
    struct json_stream_place at;
    const char *reason; /* when refused: static text */
    bool mixed;         /* when refused: several programs may write to this pipe */
    bool rubbish;       /* when refused: it never looked like an object */
};

struct json_stream {
    struct buf buf;
    size_t object_max;
    size_t pos;     /* the bytes before this are no longer needed */
    size_t scanned; /* how far the object that begins at pos has been scanned */
    struct json_scan scan;
    bool inside;                 /* an object begins at pos */
    bool end;                    /* no more input will come */
    bool trouble;                /* bytes were refused since the last whole object */
    uint64_t last_failure;       /* the last wrong byte, counted from the stream's first */
    bool wrapper_told;           /* the object that was given up last has been reported */
    char skipped[8];             /* the last bytes given up, without white space */
    struct json_stream_place at; /* where pos is */
};

void json_stream_init(struct json_stream *stream, size_t object_max);
void json_stream_release(struct json_stream *stream);

/* Where the next bytes go; `*room` is at least JSON_STREAM_READ_SIZE. NULL: no memory. */
char *json_stream_space(struct json_stream *stream, size_t *room);
/* `count` bytes have been written there. */
void json_stream_fill(struct json_stream *stream, size_t count);
/* No more will come. */
void json_stream_end(struct json_stream *stream);

/* The next thing found in the bytes so far. */
enum json_stream_result json_stream_next(struct json_stream *stream, struct json_stream_item *item);

#endif
