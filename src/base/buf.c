/* Why: strangers decide how long the input is, and servers how long their answers
 * are, so no buffer may grow without a limit. Only this file makes buffers grow. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *buf, size_t max)
{
    *buf = (struct buf){.max = max};
}

void buf_release(struct buf *buf)
{
    free(buf->data);
    buf_init(buf, buf->max);
}

char *buf_reserve(struct buf *buf, size_t more)
{
    if (more <= buf->cap - buf->len)
        return buf->data + buf->len;
    if (buf->failed || more > buf->max - buf->len) {
        buf->failed = true;
        return NULL;
    }
    const size_t need = buf->len + more;
    size_t cap = buf->cap < 256 ? 256 : buf->cap;
    while (cap < need)
        cap *= 2;
    if (cap > buf->max)
        cap = buf->max;
    char *data = realloc(buf->data, cap);
    if (!data) {
        buf->failed = true;
        return NULL;
    }
    buf->data = data;
    buf->cap = cap;
    return data + buf->len;
}

void buf_append(struct buf *buf, const void *bytes, size_t count)
{
    char *to = count ? buf_reserve(buf, count) : NULL;
    if (!to)
        return;
    memcpy(to, bytes, count);
    buf->len += count;
}

void buf_append_text(struct buf *buf, const char *text)
{
    buf_append(buf, text, strlen(text));
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    const int need = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    char *to = need < 0 ? NULL : buf_reserve(buf, (size_t)need + 1);
    if (!to)
        return;
    va_start(ap, format);
    vsnprintf(to, (size_t)need + 1, format, ap);
    va_end(ap);
    buf->len += (size_t)need;
}

void buf_consume(struct buf *buf, size_t count)
{
    if (count)
        memmove(buf->data, buf->data + count, buf->len - count);
    buf->len -= count;
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->failed = false;
}

const char *buf_text(struct buf *buf)
{
    char *end = buf_reserve(buf, 1);
    if (!end)
        return "";
    *end = '\0';
    return buf->data;
}
