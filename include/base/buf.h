/* buf: a buffer that grows, up to a maximum that it is created with.
 *
 * Invariants: len <= cap <= max; data is NULL while cap is 0. When an append would
 * go beyond max, or memory runs out, nothing is appended and `failed` is set until
 * buf_clear, so a caller may append many times and check once. The buffer owns
 * data; the next append may move it, so pointers into it are no longer valid then. */
#ifndef TSDB_EXPORTER_BASE_BUF_H
#define TSDB_EXPORTER_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data;
    size_t len; /* bytes in use */
    size_t cap; /* bytes allocated */
    size_t max; /* never more than this */
    bool failed;
};

void buf_init(struct buf *buf, size_t max);
void buf_release(struct buf *buf);

/* Makes room for `more` bytes behind len and returns where they go, or NULL;
 * the caller writes them and raises len. */
char *buf_reserve(struct buf *buf, size_t more);
void buf_append(struct buf *buf, const void *bytes, size_t count);
void buf_append_text(struct buf *buf, const char *text);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Removes the first `count` bytes. */
void buf_consume(struct buf *buf, size_t count);
/* Empties the buffer and keeps its memory. */
void buf_clear(struct buf *buf);
/* The bytes with a '\0' behind them (not counted in len); "" on failure. */
const char *buf_text(struct buf *buf);

#endif
