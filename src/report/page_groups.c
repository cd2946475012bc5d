#include "report/page_groups.h"

#include "report/page_axis.h"
#include "report/page_compare.h"
#include "report/page_html.h"
#include "report/page_style.h"
#include "report/page_svg.h"
#include "report/page_text.h"

#include <math.h>

#define HEIGHT 18 /* pixels */
enum { SOME = 20, MANY = 100 };

struct table {
    const struct page_view *view;
    struct page_axis axis;
    size_t order[SUMMARY_VALUES + 1]; /* of the parts, the fastest first */
};

static const struct figures_stats *stats_of(const struct table *table, size_t part)
{
    const struct figures_cell *const cells = table->view->figures->parts[part].cells;
    return cells[ROW_TOTAL_GOOD].stats.count ? &cells[ROW_TOTAL_GOOD].stats
                                             : &cells[ROW_TOTAL].stats;
}

/* Parts without a time come last. */
static bool is_faster(const struct figures_stats *a, const struct figures_stats *b)
{
    return a->count && (!b->count || a->med < b->med);
}

static void table_init(struct table *table, const struct page_view *view)
{
    double low = INFINITY, high = 0;
    *table = (struct table){.view = view};
    for (size_t i = 0; i < view->figures->part_count; i++) {
        const struct figures_stats *const stats = stats_of(table, i);
        size_t at = i;
        for (; at > 0 && is_faster(stats, stats_of(table, table->order[at - 1])); at--)
            table->order[at] = table->order[at - 1];
        table->order[at] = i;
        if (!stats->count)
            continue;
        low = fmin(low, stats->count >= SOME ? stats->p5 : stats->min);
        high = fmax(high, stats->count >= MANY ? stats->p99 : stats->max);
    }
    page_axis_of_times(&table->axis, low, high);
}

static double x_of(const struct table *table, double seconds)
{
    return page_at(100 * page_axis_share(&table->axis, seconds));
}

static void append_span(const struct table *table, double from, double to, int width)
{
    buf_printf(table->view->out,
               "<line stroke=\"%s\" stroke-width=\"%d\" x1=\"%.4g%%\" x2=\"%.4g%%\" "
               "y1=\"9\" y2=\"9\"/>",
               PAGE_WHOLE_COLOUR, width, x_of(table, from), x_of(table, to));
}

/* From 5 to 95 percent thick, to 99 thin, the median as a dot. With few transfers those
 * percentiles mean nothing: then it is thin, from the fastest to the slowest. */
static void append_bar(const struct table *table, const struct figures_stats *stats)
{
    const int thin = 2, thick = 8;
    struct buf *const out = table->view->out;
    buf_printf(out, "<td class=\"wide\"><svg width=\"100%%\" height=\"%d\" aria-hidden=\"true\">",
               HEIGHT);
    buf_printf(out,
               "<svg viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\"><path stroke=\"%s\" d=\"",
               PAGE_GRID_COLOUR);
    for (size_t i = 0; i < table->axis.count; i++)
        buf_printf(out, "M%.4g 0v1", x_of(table, table->axis.ticks[i]));
    buf_append_text(out, "\"/></svg>");
    if (stats->count >= SOME) {
        append_span(table, stats->p95, stats->count >= MANY ? stats->p99 : stats->max, thin);
        append_span(table, stats->p5, stats->p95, thick);
    } else {
        append_span(table, stats->min, stats->max, thin);
    }
    buf_printf(out, "<circle fill=\"%s\" cx=\"%.4g%%\" cy=\"9\" r=\"4.5\"/></svg>",
               PAGE_TEXT_COLOUR, x_of(table, stats->med));
}

static void append_row(const struct table *table, size_t i)
{
    const struct figures_part *const part = &table->view->figures->parts[i];
    const struct figures_stats *const stats = stats_of(table, i);
    struct buf *const out = table->view->out;
    char text[SCREEN_ROOM];
    buf_append_text(out, "<tr><th scope=\"row\" class=\"nm\">");
    page_name(out, part->name, PAGE_IN_TABLE);
    if (stats->count)
        append_bar(table, stats);
    else
        buf_append_text(out, "<td class=\"wide\">");
    page_cell_seconds(out, stats->count ? &stats->med : NULL);
    page_cell_seconds(out, stats->count >= SOME ? &stats->p95 : NULL);
    buf_printf(out, "<td>%s", screen_count(text, part->transfers));
    buf_append_text(out, "<td>");
    page_share(out, part->failed, part->transfers);
    page_compare_verdict(out, &part->cells[table->view->total]);
    buf_append_text(out, "\n");
}

/* The axis of the bars stands in the head of their column, with as many labels as a narrow one
 * has room for. */
static void append_head(const struct table *table)
{
    const double apart = 34; /* percent of the width */
    double room = 0;
    struct buf *const out = table->view->out;
    char label[SCREEN_ROOM];
    buf_printf(
        out,
        "<thead><tr><th scope=\"col\" class=\"l\">group<th scope=\"col\" class=\"wide\"><svg "
        "width=\"100%%\" height=\"%d\" overflow=\"visible\" font-size=\"12\" "
        "font-family=\"sans-serif\" role=\"img\" aria-label=\"times, log scale\">",
        HEIGHT);
    for (size_t i = 0; i < table->axis.count; i++) {
        const double x = x_of(table, table->axis.ticks[i]);
        if (i && x < room)
            continue;
        room = x + apart;
        buf_printf(
            out,
            "<text class=\"ax\" fill=\"%s\" x=\"%.4g%%\" y=\"13\" text-anchor=\"%s\">%s</text>",
            PAGE_DIM_COLOUR, x,
            x <= 0    ? "start"
            : x < 100 ? "middle"
                      : "end",
            page_axis_seconds(label, table->axis.ticks[i]));
    }
    buf_append_text(out, "</svg><th scope=\"col\">median<th scope=\"col\">p95"
                         "<th scope=\"col\">transfers<th scope=\"col\">failed"
                         "<th scope=\"col\" class=\"l\">slower in"
                         "<th scope=\"col\" class=\"l\">verdict</thead><tbody>\n");
}

void page_groups(const struct page_view *view)
{
    const struct summary_figures *const f = view->figures;
    struct buf *const out = view->out;
    struct table table;
    table_init(&table, view);
    buf_append_text(out, "<section aria-labelledby=\"h-groups\"><h2 id=\"h-groups\">By ");
    page_name(out, f->by, PAGE_IN_TABLE);
    buf_printf(
        out,
        "</h2>\n<p class=\"note\">%zu groups, the fastest first. Bars on one axis, log scale: from "
        "the 5th to the 95th percentile thick, to the 99th thin, the dot is the median. “Slower "
        "in” and verdict are against ",
        f->part_count);
    page_name(out, f->parts[0].name, PAGE_IN_TABLE);
    buf_append_text(out, ": of 100 random pairs, those in which this group is slower.</p>\n");
    page_table_begin(out, "Groups");
    append_head(&table);
    for (size_t i = 0; i < f->part_count; i++)
        append_row(&table, table.order[i]);
    page_table_end(out);
    page_compare_fallbacks(view);
    page_section_end(out);
}
