/* frame: bytes in any pieces -> whole JSON objects.
 *
 * Objects may stand one a line, glued together, spread over lines, in an array,
 * with CRLF, BOM or NUL between them. An object is found by JSON's grammar (scan).
 *
 * Anything else is refused, as early as its first wrong byte, and the search
 * goes on one byte behind the place where the broken object began, so that an
 * object that stands inside or behind rubbish is still found. The work is at
 * most SCAN_DEPTH_MAX times linear in the input, the memory at most the
 * largest object plus one read. */
#ifndef TSDB_EXPORTER_FRAME_H
#define TSDB_EXPORTER_FRAME_H

#include "tsdb_exporter/buf.h"
#include "tsdb_exporter/scan.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes asked for at a time: the capacity of a Linux pipe. */
#define FRAME_READ_SIZE 65536

enum frame_result {
    FRAME_MORE,    /* nothing whole is left: give more bytes, or frame_end */
    FRAME_OBJECT,  /* item holds an object */
    FRAME_REFUSED, /* item holds a place and a reason; the stream goes on */
    FRAME_DONE     /* the end of the input */
};

struct frame_place {
    uint64_t line; /* from 1 */
    uint64_t byte; /* offset from 0 */
};

struct frame_item {
    char *text; /* the object; the caller's to change until the next call on the frame */
    size_t len;
    bool gaps; /* a value is missing: "key":, */
    struct frame_place at;
    const char *reason; /* when refused: static text */
    bool mixed;         /* when refused: looks like two writers on one pipe */
    bool rubbish;       /* when refused: never looked like an object */
};

struct frame {
    struct buf buf;
    size_t object_max;
    size_t pos;     /* all before this is done with */
    size_t scanned; /* how far the object that begins at pos has been read */
    struct scan scan;
    bool inside;           /* an object begins at pos */
    bool end;              /* no more input will come */
    bool trouble;          /* bytes were refused since the last whole object */
    uint64_t last_failure; /* stream offset of the last wrong byte */
    struct frame_place at; /* where pos is */
};

void frame_init(struct frame *frame, size_t object_max);
void frame_release(struct frame *frame);

/* Where the next bytes go; `*room` is at least FRAME_READ_SIZE. NULL: no memory. */
char *frame_space(struct frame *frame, size_t *room);
void frame_fill(struct frame *frame, size_t count);
void frame_end(struct frame *frame);

enum frame_result frame_next(struct frame *frame, struct frame_item *item);

#endif
