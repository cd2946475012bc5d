/* A row a group, on one axis. Buckets are equally wide on a logarithmic axis, so with the share
 * of its group as its height every row has the same area. */
#include "report/page_spread.h"

#include "report/page_axis.h"
#include "report/page_curve.h"
#include "report/page_html.h"
#include "report/page_style.h"
#include "report/page_svg.h"
#include "report/page_text.h"

#include <math.h>

/* In pixels. */
#define ROW_HEIGHT 92
#define AREA_HEIGHT 62
#define TICK_ROOM 22

struct chart {
    const struct page_view *view;
    struct page_axis axis;
    double most; /* the highest density */
    double height;
};

static uint64_t count_of(const struct figures_buckets *buckets)
{
    uint64_t count = 0;
    for (size_t i = 0; i < buckets->count; i++)
        count += buckets->counts[i];
    return count;
}

/* The lower end of bucket `i`, seconds. */
static double end_of(const struct figures_buckets *buckets, size_t i)
{
    return exp2(((double)buckets->offset + (double)i - 1) / exp2(buckets->schema));
}

/* The share of the transfers in an octave, were it as full as bucket `i`. */
static double density_of(const struct figures_buckets *buckets, size_t i)
{
    return (double)buckets->counts[i] / (double)count_of(buckets) * exp2(buckets->schema);
}

static void chart_init(struct chart *chart, const struct page_view *view)
{
    double low = INFINITY, high = 0;
    *chart = (struct chart){.view = view, .height = (double)view->line_count * ROW_HEIGHT};
    for (size_t n = 0; n < view->line_count; n++) {
        const struct figures_spread *const spread = view->lines[n].part->spread;
        if (!spread || !spread->curve.count)
            continue;
        low = fmin(low, spread->curve.values[0]);
        high = fmax(high, spread->curve.values[spread->curve.count - 1]);
        for (size_t i = 0; i < spread->buckets.count && count_of(&spread->buckets) > 1; i++)
            chart->most = fmax(chart->most, density_of(&spread->buckets, i));
    }
    page_axis_of_times(&chart->axis, low, high);
}

/* One transfer has no percentile, but is where all of them would be. */
static double median_of(const struct figures_spread *spread)
{
    const double *const median = page_view_quantile(spread, 0.5);
    return median ? *median : spread->curve.values[0];
}

static void append_area(const struct chart *chart, const struct figures_buckets *buckets,
                        double foot)
{
    struct buf *const out = chart->view->out;
    double x = PAGE_CURVE_WIDTH * page_axis_share(&chart->axis, end_of(buckets, 0));
    buf_printf(out,
               "<path class=\"area\" stroke-width=\"1.2\" fill-opacity=\".28\" "
               "vector-effect=\"non-scaling-stroke\" d=\"M%.4g %.4g",
               page_at(x), foot);
    for (size_t i = 0; i < buckets->count; i++) {
        const double y = foot - density_of(buckets, i) / chart->most * AREA_HEIGHT;
        x = PAGE_CURVE_WIDTH * page_axis_share(&chart->axis, end_of(buckets, i + 1));
        buf_printf(out, "V%.4gH%.4g", page_at(y), page_at(x));
    }
    buf_printf(out, "V%.4gZ\"/>", foot);
}

static void append_mark(const struct chart *chart, double seconds, double foot, const char *width)
{
    const double x = page_at(100 * page_axis_share(&chart->axis, seconds));
    buf_printf(chart->view->out,
               "<line stroke-width=\"%s\" x1=\"%.4g%%\" x2=\"%.4g%%\" y1=\"%.4g\" y2=\"%.4g\"/>",
               width, x, x, foot - AREA_HEIGHT, foot);
}

/* Name and figures stand at the side where less of the area is. */
static void append_title(const struct chart *chart, const struct page_line *line, double top)
{
    struct buf *const out = chart->view->out;
    const struct figures_spread *const spread = line->part->spread;
    const double *const p95 = page_view_quantile(spread, 0.95);
    const double median = median_of(spread);
    const bool right = page_axis_share(&chart->axis, median) < 0.5;
    char text[SCREEN_ROOM];
    buf_printf(out, "<text class=\"halo\" x=\"%s\" y=\"%.4g\" text-anchor=\"%s\">",
               right ? "100%" : "0", top + PAGE_LINE_HEIGHT, right ? "end" : "start");
    if (chart->view->compares) {
        buf_append_text(out, "<tspan font-weight=\"600\">");
        page_label(out, line->part->name);
        buf_append_text(out, "</tspan> · ");
    }
    buf_printf(out, "%s %s", count_of(&spread->buckets) > 1 ? "median" : "one transfer",
               page_seconds(text, median));
    if (p95)
        buf_printf(out, "<tspan%s> · p95 %s</tspan>", page_svg_is_long(line) ? " class=\"w\"" : "",
                   page_seconds(text, *p95));
    buf_append_text(out, "</text>");
}

static void append_row(const struct chart *chart, const struct page_line *line, double top)
{
    struct buf *const out = chart->view->out;
    const struct figures_spread *const spread = line->part->spread;
    const double *const p95 = page_view_quantile(spread, 0.95);
    const double foot = top + ROW_HEIGHT - 4;
    if (!spread || !spread->curve.count)
        return;
    buf_printf(out, "<line class=\"base\" stroke=\"%s\" x2=\"100%%\" y1=\"%.4g\" y2=\"%.4g\"/>",
               PAGE_LINE_COLOUR, foot, foot);
    page_svg_style_begin(out, line->style);
    if (count_of(&spread->buckets) > 1) {
        page_svg_curves_begin(out, chart->height);
        append_area(chart, &spread->buckets, foot);
        page_svg_curves_end(out);
    }
    append_mark(chart, median_of(spread), foot, "2.5");
    if (p95)
        append_mark(chart, *p95, foot, "1");
    page_svg_style_end(out);
    buf_printf(out, "<g class=\"p%d\">", line->style);
    append_title(chart, line, top);
    page_svg_style_end(out);
}

static void draw(const struct chart *chart)
{
    const struct page_view *const view = chart->view;
    struct buf *const out = view->out;
    char label[SCREEN_ROOM];
    page_svg_begin(view, true, chart->height + TICK_ROOM);
    buf_append_text(out, "Distribution of the times. ");
    page_curve_describe(view);
    page_svg_described(out);
    for (size_t i = 0; i < chart->axis.count; i++)
        page_svg_tick_down(out, page_axis_share(&chart->axis, chart->axis.ticks[i]), chart->height,
                           page_axis_seconds(label, chart->axis.ticks[i]),
                           i % 2 == 0 || chart->axis.count < 6);
    for (size_t i = 0; i < view->line_count; i++)
        append_row(chart, &view->lines[i], (double)i * ROW_HEIGHT);
    page_svg_end(out);
}

void page_spread(const struct page_view *view)
{
    struct buf *const out = view->out;
    struct chart chart;
    chart_init(&chart, view);
    page_section_begin(out, "h-spread", "How they are spread");
    if (chart.most <= 0) {
        buf_append_text(out, "<p class=\"note\">No group has two transfers with a time.</p>\n");
        page_section_end(out);
        return;
    }
    buf_printf(
        out,
        "<figure><figcaption>The higher, the more transfers took so long%s%s Thick mark: median; "
        "thin mark: 95th percentile.%s</figcaption>\n<p class=\"axis\">time, log scale</p>\n",
        view->all_failed ? " until they failed" : "",
        view->compares ? "; every group has the same area." : ".",
        view->group_failed ? PAGE_GROUP_FAILED : "");
    draw(&chart);
    buf_append_text(out, "</figure>\n");
    page_section_end(out);
}
