/* Why: the page is opened from disk and shown by CI servers, and a tag can hold whatever a
 * server or a shell put there. With one way in there is one place to look at. */
#include "report/page_text.h"

#include "base/text.h"
#include "report/screen.h"

#include <string.h>

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* Copies the character at `text` to `piece`, ended by '\0', U+FFFD for one that is broken or
 * controls others. Returns its bytes in `text`. */
static size_t take(const char *text, char piece[5])
{
    const size_t length = text_character(text);
    const bool shown = length > 0 && !text_is_control(text, length);
    strcpy(piece, "\xEF\xBF\xBD");
    if (shown) {
        memcpy(piece, text, length);
        piece[length] = '\0';
    }
    return length ? length : 1;
}

/* A character without a width of its own counts as one column, so that the number of
 * characters is bounded as well. */
static size_t columns_of(const char *piece)
{
    const size_t columns = screen_columns(piece);
    return columns ? columns : 1;
}

static size_t columns_of_all(const char *text)
{
    char piece[5];
    size_t columns = 0;
    while (*text) {
        text += take(text, piece);
        columns += columns_of(piece);
    }
    return columns;
}

void page_text(struct buf *out, const char *text, size_t columns)
{
    char piece[5];
    const bool cut = columns_of_all(text) > columns;
    const size_t room = cut ? columns - 1 : columns;
    size_t used = 0;
    while (*text) {
        text += take(text, piece);
        used += columns_of(piece);
        if (used > room)
            break;
        buf_append_text(out, entity(*piece) ? entity(*piece) : piece);
    }
    if (cut)
        buf_append_text(out, "…");
}

void page_name(struct buf *out, const char *name, size_t columns)
{
    buf_append_text(out, "<bdi>");
    page_text(out, *name ? name : "(none)", columns);
    buf_append_text(out, "</bdi>");
}

void page_label(struct buf *out, const char *name)
{
    bool ascii = true;
    for (const char *p = name; *p; p++)
        ascii &= (unsigned char)*p < 0x80;
    if (!ascii)
        buf_append_text(out, "\u2068"); /* first strong isolate */
    page_text(out, *name ? name : "(none)", PAGE_IN_CHART);
    if (!ascii)
        buf_append_text(out, "\u2069"); /* pop directional isolate */
}
