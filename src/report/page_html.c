#include "report/page_html.h"

#include "report/page_text.h"

#include <math.h>

void page_section_begin(struct buf *out, const char *id, const char *title)
{
    buf_printf(out, "<section aria-labelledby=\"%s\"><h2 id=\"%s\">%s</h2>\n", id, id, title);
}

void page_section_end(struct buf *out)
{
    buf_append_text(out, "</section>\n");
}

void page_titled_table_begin(struct buf *out)
{
    buf_append_text(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
}

void page_titled_table_caption(struct buf *out)
{
    buf_append_text(out, "\"><table><caption>");
}

void page_table_begin(struct buf *out, const char *title)
{
    page_titled_table_begin(out);
    buf_printf(out, "%s\"><table><caption class=\"vh\">%s</caption>", title, title);
}

void page_table_end(struct buf *out)
{
    buf_append_text(out, "</tbody></table></div>\n");
}

const char *page_seconds(char *out, double value)
{
    const struct screen letters = {.utf8 = true};
    return isfinite(value) ? screen_seconds(&letters, out, value) : "–";
}

void page_share(struct buf *out, uint64_t part, uint64_t of)
{
    char text[SCREEN_ROOM];
    page_text(out, screen_share(text, part, of), PAGE_IN_TABLE);
}

void page_cell_seconds(struct buf *out, const double *value)
{
    char text[SCREEN_ROOM];
    buf_printf(out, "<td>%s", value ? page_seconds(text, *value) : "–");
}
