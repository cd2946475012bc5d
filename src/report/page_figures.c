#include "report/page_figures.h"

#include "base/text.h"
#include "report/page_html.h"
#include "report/page_text.h"

#include <stdio.h>

/* 10,000,000 is too wide for a narrow column; the exact number is in the sentences. */
static const char *short_count(char *out, uint64_t count)
{
    const double million = 1e6, billion = 1e9;
    if ((double)count < million)
        return screen_count(out, count);
    const bool huge = (double)count >= billion;
    snprintf(out, SCREEN_ROOM, "%.1f %s", (double)count / (huge ? billion : million),
             huge ? "G" : "M");
    return out;
}

static void append_figure(struct buf *out, const char *name, const char *value, const char *note)
{
    buf_printf(out, "<div><dt>%s</dt><dd>", name);
    page_text(out, value, PAGE_IN_TABLE);
    if (*note)
        buf_printf(out, " <small>%s</small>", note);
    buf_append_text(out, "</dd></div>\n");
}

static void append_quantile(const struct page_view *view, const char *name, double share,
                            const char *note)
{
    char text[SCREEN_ROOM];
    const double *const value = page_view_quantile(view->figures->whole.spread, share);
    if (value)
        append_figure(view->out, name, page_seconds(text, *value), note);
}

void page_key_figures(const struct page_view *view)
{
    const struct summary_figures *const f = view->figures;
    const struct figures_stats *const total = &f->whole.cells[view->total].stats;
    struct buf *const out = view->out;
    char text[SCREEN_ROOM], note[SCREEN_ROOM + 16];
    buf_append_text(out, "<dl class=\"key\">\n");
    append_figure(out, "Transfers", short_count(text, f->whole.transfers), "");
    if (f->whole.failed)
        snprintf(note, sizeof note, "%s transfer%s", screen_count(text, f->whole.failed),
                 text_plural(f->whole.failed));
    append_figure(out, "Failed", screen_share(text, f->whole.failed, f->whole.transfers),
                  f->whole.failed ? note : "");
    append_figure(out, "Rate", f->rate > 0 ? screen_rate(text, f->rate) : "–",
                  f->rate > 0 ? "mean over the run" : "");
    if (total->count == 1)
        append_figure(out, "Time", page_seconds(text, total->med),
                      view->all_failed ? "until it failed" : "in all");
    else
        append_figure(out, "Median", total->count ? page_seconds(text, total->med) : "–",
                      view->all_failed  ? "until they failed"
                      : f->whole.failed ? "of those not failed"
                                        : "");
    append_quantile(view, "p95", 0.95, view->all_failed ? "until they failed" : "95 % took less");
    append_quantile(view, "p99", 0.99, view->all_failed ? "until they failed" : "99 % took less");
    append_figure(out, "Received", screen_bytes(text, f->of->bytes_received), "");
    buf_append_text(out, "</dl>\n");
}

void page_thresholds(const struct page_view *view)
{
    struct buf *const out = view->out;
    const struct screen letters = {.utf8 = true};
    char text[SCREEN_ROOM];
    if (!view->threshold_count)
        return;
    page_section_begin(out, "h-thresholds", "Thresholds");
    page_table_begin(out, "Thresholds");
    buf_append_text(out, "<thead><tr><th class=\"l\" scope=\"col\">must hold"
                         "<th scope=\"col\">measured<th class=\"l\" scope=\"col\">result"
                         "</thead><tbody>\n");
    for (size_t i = 0; i < view->threshold_count; i++) {
        const struct threshold *const threshold = &view->thresholds[i];
        const struct threshold_result result = threshold_judge(threshold, view->now_ns);
        buf_append_text(out, "<tr><th scope=\"row\" class=\"nm\"><bdi><code>");
        page_text(out, threshold->rule.expression, PAGE_IN_TABLE);
        buf_append_text(out, "</code></bdi><td>");
        page_text(out, threshold_result_text(threshold, &result, &letters, text), PAGE_IN_TABLE);
        buf_printf(out, "<td class=\"l\"><span class=\"%s</span>\n",
                   result.held ? "ok\">✓ held" : "no\">✗ crossed");
    }
    page_table_end(out);
    page_section_end(out);
}
