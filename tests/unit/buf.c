/* buf: what is appended stays, the maximum holds, failure is sticky. */
#include "base/buf.h"

#include "tap.h"

static void appends(void)
{
    struct buf buf;
    buf_init(&buf, 1000);
    IS_TEXT(buf_text(&buf), "", "a new buffer is empty text");
    buf_append(&buf, "ab", 2);
    buf_append(&buf, NULL, 0);
    buf_append_text(&buf, "cd");
    buf_printf(&buf, "-%d-%s", 7, "x");
    IS_TEXT(buf_text(&buf), "abcd-7-x", "bytes, text and formats follow each other");
    IS(buf.len, 8, "the terminator is not counted");
    buf_consume(&buf, 3);
    IS_TEXT(buf_text(&buf), "d-7-x", "consume takes from the front");
    buf_consume(&buf, 0);
    buf_consume(&buf, 5);
    IS(buf.len, 0, "all can be consumed");
    buf_release(&buf);
    OK(!buf.data && !buf.cap && buf.max == 1000, "release leaves a usable buffer");
    buf_append_text(&buf, "again");
    IS_TEXT(buf_text(&buf), "again", "a released buffer takes bytes again");
    buf_release(&buf);
}

static void keeps_its_maximum(void)
{
    struct buf buf;
    char many[600];
    memset(many, 'x', sizeof many);
    buf_init(&buf, 600);
    for (int i = 0; i < 2; i++)
        buf_append(&buf, many, 300);
    OK(!buf.failed && buf.len == 600, "a buffer can be filled to its maximum");
    OK(!buf_reserve(&buf, 1) && buf.failed, "and not a byte more");
    IS(buf.len, 600, "what was there stays");
    IS_TEXT(buf_text(&buf), "", "no room for a terminator is no text");
    buf_consume(&buf, 300);
    buf_clear(&buf);
    OK(!buf.failed && buf.len == 0 && buf.cap <= 600, "clear forgets the failure");
    buf_append(&buf, many, 500);
    buf_append(&buf, many, 101);
    OK(buf.failed && buf.len == 500, "what does not fit is not cut: nothing of it is appended");
    buf_clear(&buf);
    buf_printf(&buf, "%0600d", 1);
    OK(buf.failed && buf.len == 0, "a format counts its terminator");
    buf_release(&buf);
}

int main(void)
{
    appends();
    keeps_its_maximum();
    return tap_done();
}
