#include "report/page_numbers.h"

#include "report/page_html.h"
#include "report/page_text.h"

#include <string.h>

static void append_head(const struct page_view *view)
{
    const struct percentiles *const p = view->figures->percentiles;
    struct buf *const out = view->out;
    buf_append_text(out, "<thead><tr><td><th scope=\"col\">count<th scope=\"col\">mean"
                         "<th scope=\"col\">min");
    for (size_t i = 0; i < p->count; i++)
        buf_printf(out, "<th scope=\"col\">%s",
                   strcmp(p->names[i], "med") == 0 ? "median" : p->names[i]);
    buf_append_text(out, "<th scope=\"col\">max</thead><tbody>\n");
}

static void append_row(const struct page_view *view, const struct figures_part *part, size_t row)
{
    const struct figures_stats *const stats = &part->cells[row].stats;
    struct buf *const out = view->out;
    char text[SCREEN_ROOM];
    const bool nested = row == ROW_TOTAL_GOOD || row == ROW_CONNECT || row == ROW_TLS;
    buf_printf(out, "<tr><th scope=\"row\"%s>%s<td>%s", nested ? " class=\"in\"" : "",
               figures_rows[row].word, screen_count(text, stats->count));
    page_cell_seconds(out, &stats->avg);
    page_cell_seconds(out, &stats->min);
    for (size_t i = 0; i < view->figures->percentiles->count; i++)
        page_cell_seconds(out, &stats->values[i]);
    page_cell_seconds(out, &stats->max);
    buf_append_text(out, "\n");
}

static void append_table(const struct page_view *view, const struct figures_part *part)
{
    struct buf *const out = view->out;
    const bool is_whole = part == &view->figures->whole;
    page_titled_table_begin(out);
    buf_append_text(out, "Numbers of ");
    page_label(out, is_whole ? "all transfers" : part->name);
    page_titled_table_caption(out);
    if (is_whole)
        buf_append_text(out, "All transfers");
    else
        page_name(out, part->name, PAGE_IN_TABLE);
    buf_append_text(out, "</caption>");
    append_head(view);
    for (size_t row = 0; row < FIGURES_ROWS; row++)
        if (part->cells[row].stats.count)
            append_row(view, part, row);
    page_table_end(out);
}

void page_numbers(const struct page_view *view)
{
    struct buf *const out = view->out;
    page_section_begin(out, "h-numbers", "All numbers");
    append_table(view, &view->figures->whole);
    for (size_t i = 0; view->compares && i < view->line_count; i++)
        append_table(view, view->lines[i].part);
    if (view->figures->part_count && !view->compares)
        buf_append_text(
            out, "<p class=\"note\">Those of each group are in the data of this page.</p>\n");
    page_section_end(out);
}

void page_how_to_read(const struct page_view *view)
{
    struct buf *const out = view->out;
    buf_append_text(out,
                    "<section class=\"how\" aria-labelledby=\"h-how\"><h2 id=\"h-how\">How to read "
                    "this</h2><dl>\n");
    buf_printf(
        out,
        "<dt>Percentiles</dt><dd>Each is taken from a histogram of the transfers that it is about, "
        "those of a slice of time included; none is an average of percentiles. They are right "
        "within %.2g %% of their value, those of a slice within %.2g %%; least, greatest and mean "
        "are "
        "exact.</dd>\n",
        100 * view->figures->error, 100 * view->figures->over_time.error);
    buf_append_text(
        out, "<dt>Phases</dt><dd>queue, dns, handshake, send, wait and transfer follow each other "
             "and add up "
             "to the total. handshake is from the address known to the connection ready: for TCP "
             "connect and "
             "tls, for HTTP/3 one step. Compare handshake, not its parts.</dd>\n"
             "<dt>What is not in here</dt><dd>Transfers that were never made. A loop that waits "
             "for each answer "
             "asks less while the server is slow, so its percentiles look better than its users’ "
             "would. Look "
             "for gaps and for dips of the rate under “Over the run”, and start transfers at fixed "
             "times to be "
             "sure.</dd>\n"
             "<dt>Times of day</dt><dd>Charts count from the first transfer. The head of the page "
             "has the time "
             "of day, with the zone of the machine that wrote it, and UTC.</dd></dl></section>\n");
}
