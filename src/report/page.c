/* The page is finished when it is written: HTML, SVG and CSS, and no script, because most places
 * that show such pages forbid scripts, and so that nothing in it can run, whatever a tag is
 * called. Hovering and hiding groups are CSS. */
#include "report/page.h"

#include "report/page_compare.h"
#include "report/page_course.h"
#include "report/page_curve.h"
#include "report/page_failures.h"
#include "report/page_figures.h"
#include "report/page_groups.h"
#include "report/page_head.h"
#include "report/page_numbers.h"
#include "report/page_phases.h"
#include "report/page_spread.h"
#include "report/page_svg.h"
#include "report/page_text.h"
#include "report/summary_export.h"

/* Check boxes that hide a group in all charts, by CSS alone. */
static void append_toggles(const struct page_view *view)
{
    struct buf *const out = view->out;
    buf_append_text(out, "<fieldset class=\"toggles\"><legend>Shown in the charts:</legend>\n");
    for (size_t i = 0; i < view->line_count; i++) {
        buf_printf(out, "<label><input type=\"checkbox\" id=\"t%d\" checked>",
                   view->lines[i].style);
        page_svg_swatch(out, view->lines[i].style);
        page_name(out, view->lines[i].part->name, PAGE_IN_CHART);
        buf_append_text(out, "</label>\n");
    }
    buf_append_text(out, "</fieldset>\n");
}

static void append_charts(const struct page_view *view)
{
    struct buf *const out = view->out;
    if (view->compares)
        append_toggles(view);
    page_phases(view);
    if (view->figures->whole.transfers < 2) {
        buf_append_text(out,
                        "<p class=\"note\">One transfer has no percentiles, and no course.</p>\n");
        return;
    }
    buf_append_text(out, "<div class=\"two\">\n");
    page_curve(view);
    page_spread(view);
    buf_append_text(out, "</div>\n");
    page_course(view);
    if (view->compares)
        page_compare(view);
    else if (view->figures->part_count)
        page_groups(view);
}

static void append_data(const struct page_view *view)
{
    struct json json;
    buf_append_text(view->out, "<script type=\"application/json\" id=\"data\">");
    json_init(&json, JSON_HTML, view->out);
    summary_export(view->figures, view->thresholds, view->threshold_count, view->now_ns, &json);
    buf_append_text(view->out, "</script>\n");
}

void page_write(const struct summary_figures *figures, const struct threshold *thresholds,
                size_t count, int64_t now_ns, struct buf *out)
{
    struct page_view view;
    page_view_init(&view, figures, thresholds, count, now_ns, out);
    page_document_begin(&view);
    page_head(&view);
    page_sentences(&view);
    if (figures->whole.transfers)
        page_key_figures(&view);
    page_thresholds(&view);
    if (view.all_failed)
        page_failures(&view);
    if (figures->whole.transfers)
        append_charts(&view);
    if (!view.all_failed)
        page_failures(&view);
    if (figures->whole.transfers) {
        page_numbers(&view);
        page_how_to_read(&view);
    }
    buf_append_text(out,
                    "<footer>Written by tsdb-exporter " TSDB_EXPORTER_VERSION
                    ". This page needs no network and has no script; its numbers are in it as JSON "
                    "(view the source, id “data”).</footer>\n");
    append_data(&view);
    buf_append_text(out, "</body>\n</html>\n");
}
