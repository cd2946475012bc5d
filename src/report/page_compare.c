/* The same table as on the terminal, with what there is no room for there. */
#include "report/page_compare.h"

#include "base/text.h"
#include "report/page_html.h"
#include "report/page_svg.h"
#include "report/page_text.h"

enum { CELLS = 4, FALLBACKS_MAX = 6 };

static void append_ratio(struct buf *out, double ratio)
{
    buf_append_text(out, "<td class=\"l v\">");
    if (ratio > 0)
        buf_printf(out, "×%.*f", ratio < 9.995 ? 2 : ratio < 99.95 ? 1 : 0, ratio);
}

void page_compare_verdict(struct buf *out, const struct figures_cell *cell)
{
    const char *class = "v", *text = "";
    switch (cell->than) {
    case FIGURES_ALONE:
    case FIGURES_UNLIKE:
        break;
    case FIGURES_FEW:
        text = "· too few";
        break;
    case FIGURES_NOISE:
        text = "≈ noise";
        break;
    case FIGURES_SLIGHT:
        text = "≈ slightly";
        break;
    case FIGURES_FASTER:
        class = cell->minor ? "v" : "ok";
        text = "▼ faster";
        break;
    case FIGURES_SLOWER:
        class = cell->minor ? "v" : "no";
        text = "▲ slower";
        break;
    }
    if (cell->than >= FIGURES_NOISE)
        buf_printf(out, "<td class=\"l v\">%.0f of 100", figures_pairs(cell->greater));
    else
        buf_append_text(out, "<td>");
    buf_printf(out, "<td class=\"l %s\">%s", class, text);
}

/* Four cells of a part beside the first. */
static void append_cells(const struct page_view *view, const struct figures_part *part, size_t row)
{
    struct buf *const out = view->out;
    const struct figures_cell *const cell = &part->cells[row];
    char text[SCREEN_ROOM];
    if (!cell->stats.count) {
        buf_printf(out, "<td class=\"l gr v\" colspan=\"%d\">–", CELLS);
        return;
    }
    buf_printf(out, "<td class=\"l gr\">%s", page_seconds(text, cell->stats.med));
    if (cell->than == FIGURES_UNLIKE) {
        buf_printf(out, "<td class=\"l v\" colspan=\"%d\">%s", CELLS - 1,
                   row == ROW_TLS && part->protocols[PROTOCOL_HTTP_3] ? "the whole handshake"
                                                                      : "compare handshake");
        return;
    }
    append_ratio(out, cell->ratio);
    page_compare_verdict(out, cell);
}

static void append_row(const struct page_view *view, size_t row)
{
    const struct figures_part *const parts = view->figures->parts;
    struct buf *const out = view->out;
    char text[SCREEN_ROOM];
    const bool nested = row == ROW_TOTAL_GOOD || row == ROW_CONNECT || row == ROW_TLS;
    buf_printf(out, "<tr><th scope=\"row\"%s>%s<td>%s", nested ? " class=\"in\"" : "",
               figures_rows[row].word,
               parts[0].cells[row].stats.count ? page_seconds(text, parts[0].cells[row].stats.med)
                                               : "–");
    for (size_t i = 1; i < view->figures->part_count; i++)
        append_cells(view, &parts[i], row);
    buf_append_text(out, "\n");
}

static void append_counts(const struct page_view *view, bool failed)
{
    struct buf *const out = view->out;
    char text[SCREEN_ROOM];
    buf_printf(out, "<tr><th scope=\"row\">%s", failed ? "failed" : "transfers");
    for (size_t i = 0; i < view->figures->part_count; i++) {
        const struct figures_part *const part = &view->figures->parts[i];
        if (i)
            buf_printf(out, "<td class=\"l gr\" colspan=\"%d\">", CELLS);
        else
            buf_append_text(out, "<td>");
        if (failed)
            page_share(out, part->failed, part->transfers);
        else
            buf_append_text(out, screen_count(text, part->transfers));
    }
    buf_append_text(out, "\n");
}

static void append_head(const struct page_view *view)
{
    struct buf *const out = view->out;
    buf_append_text(out, "<thead><tr><td>");
    for (size_t i = 0; i < view->line_count; i++) {
        if (i)
            buf_printf(out, "<th scope=\"colgroup\" colspan=\"%d\" class=\"l gr\">", CELLS);
        else
            buf_append_text(out, "<th scope=\"col\">");
        page_svg_swatch(out, view->lines[i].style);
        page_name(out, view->lines[i].part->name, PAGE_IN_CHART);
    }
    buf_append_text(out, "\n<tr><td><th scope=\"col\">median");
    for (size_t i = 1; i < view->line_count; i++)
        buf_append_text(out, "<th scope=\"col\" class=\"l gr\">median<th scope=\"col\" class=\"l\">"
                             "ratio<th scope=\"col\" class=\"l\">slower in<th scope=\"col\" "
                             "class=\"l\">verdict");
    buf_append_text(out, "</thead><tbody>\n");
}

void page_compare_fallbacks(const struct page_view *view)
{
    const struct summary_figures *const f = view->figures;
    struct buf *const out = view->out;
    char n[SCREEN_ROOM], of[SCREEN_ROOM];
    for (size_t i = 0; i < f->fallback_count && i < FALLBACKS_MAX; i++) {
        const struct figures_fallback *const fallback = &f->fallbacks[i];
        buf_append_text(out, "<p class=\"note\">");
        page_name(out, f->of->by, PAGE_IN_TABLE);
        buf_append_text(out, " ");
        page_name(out, fallback->label, PAGE_IN_TABLE);
        buf_printf(
            out,
            ": %s of %s answers did not come over HTTP/3. If all asked for it, these fell back, "
            "and their connect contains the time that QUIC was given first.</p>\n",
            screen_count(n, fallback->not_http3), screen_count(of, fallback->answers));
    }
    if (f->fallback_count > FALLBACKS_MAX)
        buf_printf(out, "<p class=\"note\">The same holds for %zu more.</p>\n",
                   f->fallback_count - FALLBACKS_MAX);
}

void page_compare(const struct page_view *view)
{
    const struct summary_figures *const f = view->figures;
    struct buf *const out = view->out;
    buf_append_text(out,
                    "<section aria-labelledby=\"h-compare\"><h2 id=\"h-compare\">Phase by phase, "
                    "compared with ");
    page_name(out, f->parts[0].name, PAGE_IN_TABLE);
    buf_append_text(
        out, "</h2>\n<p class=\"note\">“Slower in”: of 100 random pairs, those in which this "
             "group is slower; 50 is no difference, 44 to 56 slight. ");
    if (f->comparisons)
        buf_printf(
            out,
            "Faster and slower stand only where chance makes such a difference once in %.0f tables "
            "at most (Mann-Whitney, Bonferroni over %zu comparison%s), and are coloured only where "
            "it is %.0f %% of the whole time or more.",
            1 / FIGURES_P_MAX, f->comparisons, text_plural(f->comparisons), 100 * FIGURES_MINOR);
    buf_append_text(out, "</p>\n");
    page_table_begin(out, "Comparison");
    append_head(view);
    append_counts(view, false);
    append_counts(view, true);
    for (size_t row = 0; row < FIGURES_ROWS; row++)
        if (summary_figures_compare_row(f, row))
            append_row(view, row);
    page_table_end(out);
    page_compare_fallbacks(view);
    page_section_end(out);
}
