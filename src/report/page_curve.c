/* Across stands -log10(1 - share), so that each step to the right is a tenth of the transfers
 * that are left: the tail, which percentiles are about, gets the room. It ends at 1 - 1/n,
 * where the slowest of n transfers stands. */
#include "report/page_curve.h"

#include "report/page_axis.h"
#include "report/page_html.h"
#include "report/page_style.h"
#include "report/page_svg.h"
#include "report/page_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define HEIGHT 290 /* pixels */
enum { THRESHOLDS_MAX = 4, BOXES = 8, MARKS = 9 };

/* What is written under the chart, and in its boxes. The last has none, since it is none
 * of a curve's shares. */
static const struct {
    double share;
    const char *tick, *title;
    bool narrow;
} marks[MARKS] = {
    {0, "0", "fastest", true},
    {0.5, "50", "median", true},
    {0.75, "75", "75 % took at most", false},
    {0.9, "90", "90 % took at most", true},
    {0.95, "95", "95 % took at most", false},
    {0.99, "99", "99 % took at most", true},
    {0.999, "99.9", "99.9 % took at most", true},
    {0.9999, "99.99", "99.99 % took at most", true},
    {0.99999, "99.999", NULL, true},
};

struct chart {
    const struct page_view *view;
    struct page_axis axis; /* of times, upwards */
    double width;          /* -log10(1 - share) at the right end */
};

/* How many transfers the curve is of. */
static double size_of(const struct page_line *line)
{
    const struct figures_part *const part = line->part;
    return (double)(part->spread->of_all ? part->transfers : part->transfers - part->failed);
}

static double y_of(const struct chart *chart, double seconds)
{
    return page_at((1 - page_axis_share(&chart->axis, seconds)) * HEIGHT);
}

/* 0 to 1. The slowest of `n` stands where the share 1 - 1/n does. */
static double x_of(const struct chart *chart, double share, double n)
{
    const double x = share < 1 - 1 / n ? -log10(1 - share) : log10(n);
    return chart->width > 0 ? x / chart->width : 0;
}

static bool is_drawn(const struct page_line *line)
{
    return line->part->spread && size_of(line) > 1;
}

/* Only such a threshold is about what the curves are of. */
static bool is_of_time_total(const struct threshold_rule *rule)
{
    const bool plain =
        rule->filter_count == 0 || (rule->filter_count == 1 && rule->filters[0].field == F_FAILED &&
                                    strcmp(rule->filters[0].value, "0") == 0);
    const bool percentile =
        rule->aggregate == AGGREGATE_MED || rule->aggregate == AGGREGATE_PERCENTILE;
    return rule->metric == F_TIME_TOTAL && plain && percentile && rule->unit == UNIT_SECONDS &&
           rule->bound > 0;
}

static void chart_init(struct chart *chart, const struct page_view *view)
{
    const double near = 10; /* a threshold further away would flatten the curves */
    double low = INFINITY, high = 0, most = 1;
    for (size_t i = 0; i < view->line_count; i++) {
        const struct page_line *const line = &view->lines[i];
        if (!is_drawn(line))
            continue;
        const struct figures_curve *const curve = &line->part->spread->curve;
        low = fmin(low, curve->values[0]);
        high = fmax(high, curve->values[curve->count - 1]);
        most = fmax(most, size_of(line));
    }
    const double least = low, greatest = high;
    for (size_t i = 0; i < view->threshold_count; i++) {
        const double bound = view->thresholds[i].rule.bound;
        if (!is_of_time_total(&view->thresholds[i].rule) || bound < least / near ||
            bound > greatest * near)
            continue;
        low = fmin(low, bound);
        high = fmax(high, bound);
    }
    *chart = (struct chart){.view = view, .width = log10(most)};
    page_axis_of_times(&chart->axis, low, high);
}

static void append_point(struct buf *out, char command, double x, double y)
{
    buf_printf(out, "%c%.4g %.4g", command, page_at(x * PAGE_CURVE_WIDTH), y);
}

/* Dotted where fewer than ten transfers lie beyond: another run may end elsewhere. */
static void append_curve(const struct chart *chart, const struct page_line *line)
{
    struct buf *const out = chart->view->out;
    const struct figures_curve *const curve = &line->part->spread->curve;
    const double n = size_of(line);
    const double few = 10 - 1e-6; /* 1 - 0.9 is less than 0.1 */
    size_t sure = 0;
    while (sure + 1 < curve->count && (1 - curve->shares[sure + 1]) * n >= few)
        sure++;
    page_svg_style_begin(out, line->style);
    page_svg_curves_begin(out, HEIGHT);
    page_svg_path_begin(out, line->style);
    for (size_t i = 0; i <= sure; i++)
        append_point(out, i ? 'L' : 'M', x_of(chart, curve->shares[i], n),
                     y_of(chart, curve->values[i]));
    page_svg_path_end(out);
    buf_append_text(out, "<path class=\"thin\" fill=\"none\" stroke-width=\"1.4\" "
                         "stroke-dasharray=\"1 4\" vector-effect=\"non-scaling-stroke\" d=\"");
    for (size_t i = sure; i < curve->count; i++)
        append_point(out, i > sure ? 'L' : 'M', x_of(chart, curve->shares[i], n),
                     y_of(chart, curve->values[i]));
    page_svg_path_end(out);
    page_svg_curves_end(out);
    page_svg_style_end(out);
}

static void append_threshold(const struct chart *chart, const struct threshold *threshold)
{
    static const char *const operators[] = {
        [OPERATOR_LESS] = "&lt;",  [OPERATOR_AT_MOST] = "≤", [OPERATOR_MORE] = "&gt;",
        [OPERATOR_AT_LEAST] = "≥", [OPERATOR_EQUAL] = "=",   [OPERATOR_NOT_EQUAL] = "≠",
    };
    struct buf *const out = chart->view->out;
    const struct threshold_rule *const rule = &threshold->rule;
    const bool held = threshold_judge(threshold, chart->view->now_ns).held;
    const double end = rule->quantile < 1 ? -log10(1 - rule->quantile) / chart->width : 1;
    const double x = page_at(100 * fmin(end, 1)), y = y_of(chart, rule->bound);
    const bool low = y < PAGE_LINE_HEIGHT; /* no room above the line */
    char text[SCREEN_ROOM];
    buf_printf(out,
               "<g class=\"thr%s\"><line stroke=\"%s\" stroke-dasharray=\"2 3\" x2=\"%.4g%%\" "
               "y1=\"%.4g\" y2=\"%.4g\"/><circle fill=\"%s\" cx=\"%.4g%%\" cy=\"%.4g\" r=\"3.5\"/>"
               "<text class=\"halo\" fill=\"%s\" x=\"5\" y=\"%.4g\">%s p%.6g %s %s</text></g>\n",
               held ? "" : " over", held ? PAGE_DIM_COLOUR : PAGE_BAD_COLOUR, x, y, y,
               held ? PAGE_DIM_COLOUR : PAGE_BAD_COLOUR, x, y,
               held ? PAGE_DIM_COLOUR : PAGE_BAD_COLOUR, low ? y + PAGE_LINE_HEIGHT : y - 6,
               held ? "✓" : "✗", 100 * rule->quantile, operators[rule->operator],
               page_axis_seconds(text, rule->bound));
}

static void append_thresholds(const struct chart *chart)
{
    size_t drawn = 0;
    for (size_t i = 0; i < chart->view->threshold_count && drawn < THRESHOLDS_MAX; i++) {
        const struct threshold_rule *const rule = &chart->view->thresholds[i].rule;
        if (!is_of_time_total(rule) || rule->bound < chart->axis.low ||
            rule->bound > chart->axis.high)
            continue;
        append_threshold(chart, &chart->view->thresholds[i]);
        drawn++;
    }
}

static void append_names(const struct chart *chart)
{
    double ends[FIGURES_DRAWN_MAX];
    for (size_t i = 0; i < chart->view->line_count; i++) {
        const struct page_line *const line = &chart->view->lines[i];
        const struct figures_curve *const curve =
            is_drawn(line) ? &line->part->spread->curve : NULL;
        ends[i] = curve ? y_of(chart, curve->values[curve->count - 1]) : -1;
    }
    page_svg_names(chart->view, ends, HEIGHT);
}

/* The box over the share `share`; 1 is the slowest. */
static void append_tip(const struct chart *chart, double from, double to, double at, double share,
                       const char *title)
{
    const struct page_view *const view = chart->view;
    char text[SCREEN_ROOM];
    page_svg_tip_begin(view->out, from, to, at, HEIGHT, title);
    for (size_t i = 0; i < view->line_count; i++) {
        const double *const value = page_view_quantile(view->lines[i].part->spread, share);
        page_svg_tip_name(view->out, &view->lines[i], value ? page_seconds(text, *value) : "–");
    }
    page_svg_tip_end(view->out);
}

/* Ticks and boxes at the usual percentiles, and at the maximum. A tick too near to the end
 * would overlap with it. */
static void append_marks(const struct chart *chart, bool tips)
{
    const double near_end = 0.94, near_end_narrow = 0.85;
    double places[MARKS + 1];
    size_t count = 0;
    while (count < MARKS && -log10(1 - marks[count].share) / chart->width < near_end) {
        places[count] = page_at(-log10(1 - marks[count].share) / chart->width);
        count++;
    }
    places[count] = 1;
    const size_t boxes = count < BOXES ? count : BOXES;
    for (size_t i = 0; i < count && !tips; i++)
        page_svg_tick_down(chart->view->out, places[i], HEIGHT, marks[i].tick,
                           marks[i].narrow && places[i] < near_end_narrow);
    if (!tips)
        page_svg_tick_down(chart->view->out, 1, HEIGHT, "max", true);
    places[boxes] = 1;
    for (size_t i = 0; i <= boxes && tips; i++)
        append_tip(chart, i ? (places[i - 1] + places[i]) / 2 : 0,
                   i < boxes ? (places[i] + places[i + 1]) / 2 : 1, places[i],
                   i < boxes ? marks[i].share : 1, i < boxes ? marks[i].title : "slowest");
}

void page_curve_describe(const struct page_view *view)
{
    static const struct {
        double share;
        const char *word;
    } said[] = {{0.5, "median"}, {0.95, "95th percentile"}, {0.99, "99th"}, {1, "maximum"}};
    struct buf *const out = view->out;
    char text[SCREEN_ROOM];
    for (size_t i = 0; i < view->line_count; i++) {
        const char *before = "";
        buf_append_text(out, i ? "; " : "");
        if (view->compares) {
            page_label(out, view->lines[i].part->name);
            before = ": ";
        }
        for (size_t k = 0; k < sizeof said / sizeof *said; k++) {
            const double *const value =
                page_view_quantile(view->lines[i].part->spread, said[k].share);
            if (!value)
                continue;
            buf_printf(out, "%s%s %s", before, said[k].word, page_seconds(text, *value));
            before = ", ";
        }
    }
}

static void draw(const struct chart *chart)
{
    const struct page_view *const view = chart->view;
    struct buf *const out = view->out;
    page_svg_begin(view, false, HEIGHT + 2 * PAGE_LINE_HEIGHT + 4);
    page_curve_describe(view);
    page_svg_described(out);
    page_svg_times_across(out, &chart->axis, HEIGHT);
    append_marks(chart, false);
    buf_printf(out, "<text class=\"ax\" fill=\"%s\" y=\"%d\">percent of the transfers</text>\n",
               PAGE_DIM_COLOUR, HEIGHT + 2 * PAGE_LINE_HEIGHT + 2);
    append_thresholds(chart);
    for (size_t i = 0; i < view->line_count; i++)
        if (is_drawn(&view->lines[i]))
            append_curve(chart, &view->lines[i]);
    append_names(chart);
    append_marks(chart, true);
    page_svg_end(out);
}

void page_curve(const struct page_view *view)
{
    struct buf *const out = view->out;
    struct chart chart;
    chart_init(&chart, view);
    page_section_begin(out, "h-curve", "How slow the slow ones are");
    if (chart.width <= 0) {
        buf_append_text(out,
                        "<p class=\"note\">No group has two transfers with a time, which a curve "
                        "needs.</p>\n");
        page_section_end(out);
        return;
    }
    buf_printf(
        out,
        "<figure><figcaption>Time %s: so many percent took at most so long. To the right, each "
        "step is a tenth of the transfers that are left. Dotted: fewer than ten transfers lie "
        "beyond.%s</figcaption>\n<p class=\"axis\">time, log scale</p>\n",
        view->all_failed ? "until they failed" : "of the transfers that did not fail",
        view->group_failed ? PAGE_GROUP_FAILED : "");
    draw(&chart);
    buf_append_text(out, "</figure>\n");
    page_section_end(out);
}
