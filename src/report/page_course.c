/* Three strips: the rate of transfers, the median, the 95th percentile. A stall of the program
 * that starts the transfers is a gap in the first, and explains what the others show or hide:
 * transfers that were never made have no time. */
#include "report/page_course.h"

#include "base/clock.h"
#include "report/page_axis.h"
#include "report/page_html.h"
#include "report/page_style.h"
#include "report/page_svg.h"
#include "report/page_text.h"

#include <math.h>
#include <stdio.h>

/* In pixels. */
#define RATE_HEIGHT 84
#define TIME_HEIGHT 140
#define MEDIAN_TOP (RATE_HEIGHT + 42)
#define P95_TOP (MEDIAN_TOP + TIME_HEIGHT + 42)
#define FOOT (P95_TOP + TIME_HEIGHT)
enum { RATE_STEPS = 4, RUN_STEPS = 7 };

struct chart {
    const struct page_view *view;
    const struct figures_over_time *course;
    struct page_axis rates, times, run;
    double offset; /* seconds from the beginning of the first step to the first transfer */
};

/* Seconds after the first transfer; the first and the last step end where the run does. */
static double begin_of(const struct chart *chart, size_t step)
{
    const double begin = (double)step * chart->course->width - chart->offset;
    return fmin(fmax(begin, 0), chart->run.high);
}

static double end_of(const struct chart *chart, size_t step)
{
    return begin_of(chart, step + 1);
}

static double x_of(const struct chart *chart, double seconds)
{
    return seconds / chart->run.high;
}

static void chart_init(struct chart *chart, const struct page_view *view)
{
    const struct figures_over_time *const course = &view->figures->over_time;
    double fastest = 0, low = INFINITY, high = 0;
    *chart = (struct chart){.view = view, .course = course};
    chart->offset = (double)view->figures->of->first_ns / (double)NS_PER_S - course->start;
    for (size_t i = 0; i < course->count; i++)
        fastest = fmax(fastest, course->whole[i].rate);
    for (size_t n = 0; n < view->line_count; n++)
        for (size_t i = 0; i < course->count; i++) {
            const struct figures_step *const step = &view->lines[n].steps[i];
            if (!step->timed)
                continue;
            low = fmin(low, step->med);
            high = fmax(high, step->p95);
        }
    page_axis_of_run(&chart->run, view->figures->span_s, RUN_STEPS);
    page_axis_of_amounts(&chart->rates, fastest, RATE_STEPS);
    page_axis_of_times(&chart->times, low, high);
}

static void append_gaps(const struct chart *chart)
{
    const struct figures_over_time *const course = chart->course;
    for (size_t i = 0; i < course->count; i++) {
        const size_t first = i;
        while (i < course->count && !course->whole[i].transfers)
            i++;
        if (i == first)
            continue;
        const double x = x_of(chart, begin_of(chart, first)), end = x_of(chart, begin_of(chart, i));
        buf_printf(
            chart->view->out,
            "<rect class=\"gap\" fill=\"%s\" x=\"%.4g%%\" width=\"%.4g%%\" height=\"%d\"/>\n",
            PAGE_SHADE_COLOUR, page_at(100 * x), page_at(100 * (end - x)), FOOT);
    }
}

static double rate_height(const struct chart *chart, double rate)
{
    return page_axis_share(&chart->rates, rate) * RATE_HEIGHT;
}

/* Bars of the rate; or, on top of them, of the part that failed. */
static void append_bars(const struct chart *chart, bool failed)
{
    struct buf *const out = chart->view->out;
    const double gap = 0.0006, least = 1.5; /* of the width; pixels: one failure is seen */
    buf_printf(out, "<g class=\"%s\" fill=\"%s\">", failed ? "cntbad" : "cnt",
               failed ? PAGE_FAILED_COLOUR : PAGE_WHOLE_COLOUR);
    for (size_t i = 0; i < chart->course->count; i++) {
        const struct figures_step *const step = &chart->course->whole[i];
        const double x = x_of(chart, begin_of(chart, i)), end = x_of(chart, end_of(chart, i));
        const double whole = rate_height(chart, step->rate);
        const double part =
            failed && step->transfers
                ? fmax(whole * (double)step->failed / (double)step->transfers, least)
                : whole;
        if (step->rate <= 0 || (failed && !step->failed))
            continue;
        buf_printf(out, "<rect x=\"%.4g%%\" y=\"%.4g\" width=\"%.4g%%\" height=\"%.4g\"/>",
                   page_at(100 * (x + gap)), page_at(RATE_HEIGHT - whole),
                   page_at(100 * fmax(end - x - 2 * gap, gap)), page_at(part));
    }
    page_svg_style_end(out);
}

static void append_rates(const struct chart *chart)
{
    struct buf *const out = chart->view->out;
    char label[SCREEN_ROOM];
    for (size_t i = 0; i < chart->rates.count; i++) {
        const double y = page_at(RATE_HEIGHT - rate_height(chart, chart->rates.ticks[i]));
        buf_printf(out,
                   "<line class=\"%s\" stroke=\"%s\" x2=\"100%%\" y1=\"%.4g\" y2=\"%.4g\"/><text "
                   "class=\"ax\" fill=\"%s\" x=\"-6\" y=\"%.4g\" text-anchor=\"end\">%s</text>\n",
                   i ? "grid" : "base", i ? PAGE_GRID_COLOUR : PAGE_LINE_COLOUR, y, y,
                   PAGE_DIM_COLOUR, y + 4, page_axis_number(label, chart->rates.ticks[i]));
    }
    append_bars(chart, false);
    append_bars(chart, true);
}

static double value_of(const struct figures_step *step, bool p95)
{
    return p95 ? step->p95 : step->med;
}

/* A line breaks where a step is empty. A step between two empty ones is as long as it is. */
static void append_line(const struct chart *chart, const struct page_line *line, bool p95)
{
    struct buf *const out = chart->view->out;
    const size_t count = chart->course->count;
    page_svg_style_begin(out, line->style);
    page_svg_curves_begin(out, TIME_HEIGHT);
    page_svg_path_begin(out, line->style);
    for (size_t i = 0; i < count; i++) {
        const struct figures_step *const step = &line->steps[i];
        if (!step->timed)
            continue;
        const double y =
            page_at((1 - page_axis_share(&chart->times, value_of(step, p95))) * TIME_HEIGHT);
        const double begin = x_of(chart, begin_of(chart, i)), end = x_of(chart, end_of(chart, i));
        const double middle = PAGE_CURVE_WIDTH * (begin + end) / 2;
        const bool follows = i > 0 && line->steps[i - 1].timed;
        const bool goes_on = i + 1 < count && line->steps[i + 1].timed;
        if (follows || goes_on)
            buf_printf(out, "%c%.4g %.4g", follows ? 'L' : 'M', page_at(middle), y);
        else
            buf_printf(out, "M%.4g %.4gH%.4g", page_at(PAGE_CURVE_WIDTH * begin), y,
                       page_at(PAGE_CURVE_WIDTH * end));
    }
    page_svg_path_end(out);
    page_svg_curves_end(out);
    page_svg_style_end(out);
}

static void append_times(const struct chart *chart, bool p95)
{
    const struct page_view *const view = chart->view;
    struct buf *const out = view->out;
    double ends[FIGURES_DRAWN_MAX];
    const int top = p95 ? P95_TOP : MEDIAN_TOP;
    buf_printf(out,
               "<text class=\"ax\" fill=\"%s\" font-size=\"13\" y=\"%d\">%s, log scale</text>"
               "<g transform=\"translate(0 %d)\">",
               PAGE_DIM_COLOUR, top - 10, p95 ? "95th percentile" : "median", top);
    page_svg_times_across(out, &chart->times, TIME_HEIGHT);
    for (size_t n = 0; n < view->line_count; n++) {
        const struct page_line *const line = &view->lines[n];
        append_line(chart, line, p95);
        ends[n] = -1;
        for (size_t i = 0; i < chart->course->count; i++)
            if (line->steps[i].timed)
                ends[n] = (1 - page_axis_share(&chart->times, value_of(&line->steps[i], p95))) *
                          TIME_HEIGHT;
    }
    page_svg_names(view, ends, TIME_HEIGHT);
    page_svg_style_end(out);
}

static void append_tip(const struct chart *chart, size_t i)
{
    const struct page_view *const view = chart->view;
    const struct figures_step *const whole = &chart->course->whole[i];
    struct buf *const out = view->out;
    const double begin = begin_of(chart, i), end = end_of(chart, i);
    char text[3 * SCREEN_ROOM], a[SCREEN_ROOM], b[SCREEN_ROOM], c[SCREEN_ROOM];
    snprintf(text, sizeof text, "%s to %s", page_axis_duration(a, begin),
             page_axis_duration(b, end));
    page_svg_tip_begin(out, x_of(chart, begin), x_of(chart, end), x_of(chart, (begin + end) / 2),
                       FOOT, text);
    if (whole->transfers)
        snprintf(text, sizeof text, "%s%s%s of %s failed",
                 whole->rate > 0 ? screen_rate(a, whole->rate) : "", whole->rate > 0 ? ", " : "",
                 screen_count(b, whole->failed), screen_count(c, whole->transfers));
    page_svg_tip_line(out, whole->transfers ? text : "no transfers");
    for (size_t n = 0; n < view->line_count && whole->transfers; n++) {
        const struct figures_step *const step = &view->lines[n].steps[i];
        if (n == 0)
            page_svg_tip_line(out, "median · p95");
        if (step->timed)
            snprintf(text, sizeof text, "%s · %s", page_seconds(a, step->med),
                     page_seconds(b, step->p95));
        page_svg_tip_name(out, &view->lines[n], step->timed ? text : "–");
    }
    page_svg_tip_end(out);
}

static void draw(const struct chart *chart)
{
    const struct page_view *const view = chart->view;
    struct buf *const out = view->out;
    char label[SCREEN_ROOM];
    const double near_end = 0.97;
    page_svg_begin(view, false, FOOT + PAGE_LINE_HEIGHT + 8);
    buf_printf(out, "Up to %s transfers a second, in %zu steps, which the table below has.",
               page_axis_number(label, chart->rates.high), chart->course->count);
    page_svg_described(out);
    append_gaps(chart);
    for (size_t i = 0; i < chart->run.count; i++) {
        const double share = x_of(chart, chart->run.ticks[i]);
        if (share < near_end)
            page_svg_tick_down(out, share, FOOT,
                               i ? page_axis_duration(label, chart->run.ticks[i]) : "start",
                               i % 2 == 0);
    }
    append_rates(chart);
    append_times(chart, false);
    append_times(chart, true);
    for (size_t i = 0; i < chart->course->count; i++)
        append_tip(chart, i);
    page_svg_end(out);
}

static void append_table_head(const struct page_view *view)
{
    struct buf *const out = view->out;
    static const char *const columns[] = {"median", "p95"};
    buf_append_text(out, "<thead><tr><th scope=\"col\" class=\"l\">from<th scope=\"col\">transfers"
                         "<th scope=\"col\">failed");
    for (size_t n = 0; n < view->line_count; n++)
        for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
            buf_append_text(out, "<th scope=\"col\">");
            if (view->compares) {
                page_name(out, view->lines[n].part->name, PAGE_IN_CHART);
                buf_append_text(out, " ");
            }
            buf_printf(out, "%s", columns[k]);
        }
    buf_append_text(out, "</thead><tbody>\n");
}

/* For those who do not use a pointer. */
static void append_table(const struct chart *chart)
{
    const struct page_view *const view = chart->view;
    struct buf *const out = view->out;
    char text[SCREEN_ROOM];
    buf_append_text(out, "<details><summary>These numbers as a table</summary>");
    page_table_begin(out, "Over the run, as a table");
    append_table_head(view);
    for (size_t i = 0; i < chart->course->count; i++) {
        const struct figures_step *const whole = &chart->course->whole[i];
        buf_printf(out, "<tr><th scope=\"row\">%s", page_axis_duration(text, begin_of(chart, i)));
        buf_printf(out, "<td>%s", screen_count(text, whole->transfers));
        buf_printf(out, "<td>%s", screen_count(text, whole->failed));
        for (size_t n = 0; n < view->line_count; n++) {
            const struct figures_step *const step = &view->lines[n].steps[i];
            page_cell_seconds(out, step->timed ? &step->med : NULL);
            page_cell_seconds(out, step->timed ? &step->p95 : NULL);
        }
        buf_append_text(out, "\n");
    }
    page_table_end(out);
    buf_append_text(out, "</details>\n");
}

void page_course(const struct page_view *view)
{
    struct buf *const out = view->out;
    struct chart chart;
    char text[SCREEN_ROOM];
    page_section_begin(out, "h-course", "Over the run");
    if (view->figures->over_time.count < 2 || view->figures->span_s <= 0) {
        buf_append_text(
            out, "<p class=\"note\">The transfers are too near to each other in time to be told "
                 "apart.</p>\n");
        page_section_end(out);
        return;
    }
    chart_init(&chart, view);
    buf_printf(
        out,
        "<figure><figcaption>In steps of %s; each has percentiles of its own%s. A line breaks "
        "where there was no transfer. Shaded: no transfers at all.</figcaption>\n"
        "<p class=\"axis\">transfers a second (top of a bar: failed)</p>\n",
        page_axis_duration(text, chart.course->width),
        view->all_failed ? ", of the times until they failed" : "");
    draw(&chart);
    buf_append_text(out, "</figure>\n");
    append_table(&chart);
    page_section_end(out);
}
