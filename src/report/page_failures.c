#include "report/page_failures.h"

#include "base/text.h"
#include "report/page_html.h"
#include "report/page_style.h"
#include "report/page_svg.h"
#include "report/page_text.h"

enum { KINDS_MAX = 20 };

const struct failure_count *page_failures_most(const struct failure_counts *failures)
{
    const struct failure_count *most = NULL;
    for (size_t i = 0; i < failures->count; i++)
        if (!most || failures->list[i].count > most->count)
            most = &failures->list[i];
    return most;
}

void page_failure_reason(struct buf *out, const struct failure_count *failure)
{
    const char *const words = failure_count_text(failure);
    if (failure->kind != FAILURE_NONE)
        buf_printf(out, "%s %d%s", failure->kind == FAILURE_CURL ? "curl" : "HTTP", failure->code,
                   *words ? " " : "");
    page_text(out, words, PAGE_IN_TABLE);
}

static uint64_t count_of(const struct failure_counts *failures, const struct failure_count *kind)
{
    for (size_t i = 0; i < failures->count; i++)
        if (failures->list[i].kind == kind->kind && failures->list[i].code == kind->code)
            return failures->list[i].count;
    return 0;
}

static void append_row(const struct page_view *view, const struct failure_count *failure,
                       uint64_t most)
{
    struct buf *const out = view->out;
    char text[SCREEN_ROOM];
    buf_append_text(out, "<tr><th scope=\"row\" class=\"nm\">");
    page_failure_reason(out, failure);
    buf_printf(out,
               "<td>%s<td class=\"bar\"><svg width=\"100%%\" height=\"14\" "
               "aria-hidden=\"true\"><rect class=\"cntbad\" fill=\"%s\" height=\"14\" "
               "width=\"%.4g%%\"/></svg>",
               screen_count(text, failure->count), PAGE_FAILED_COLOUR,
               page_at(100 * (double)failure->count / (double)most));
    for (size_t i = 0; view->compares && i < view->line_count; i++)
        buf_printf(out, "<td>%s",
                   screen_count(text, count_of(view->lines[i].part->failures, failure)));
    buf_append_text(out, "\n");
}

static void append_head(const struct page_view *view)
{
    struct buf *const out = view->out;
    buf_append_text(out, "<thead><tr><th class=\"l\" scope=\"col\">reason"
                         "<th class=\"l\" scope=\"col\" colspan=\"2\">transfers");
    for (size_t i = 0; view->compares && i < view->line_count; i++) {
        buf_append_text(out, "<th scope=\"col\">");
        page_name(out, view->lines[i].part->name, PAGE_IN_CHART);
    }
    buf_append_text(out, "</thead><tbody>\n");
}

/* The most frequent kind that is rarer than `before`, or comes behind it. */
static const struct failure_count *next_kind(const struct failure_counts *failures,
                                             const struct failure_count *before)
{
    const struct failure_count *next = NULL;
    for (size_t i = 0; i < failures->count; i++) {
        const struct failure_count *const kind = &failures->list[i];
        const bool follows = !before || kind->count < before->count ||
                             (kind->count == before->count && kind > before);
        if (follows && (!next || kind->count > next->count))
            next = kind;
    }
    return next;
}

void page_failures(const struct page_view *view)
{
    const struct failure_counts *const failures = view->figures->whole.failures;
    struct buf *const out = view->out;
    const struct failure_count *const most = page_failures_most(failures);
    uint64_t without = view->figures->whole.transfers;
    size_t rows = 0;
    char text[SCREEN_ROOM];
    if (!most)
        return;
    page_section_begin(out, "h-failed", "What failed");
    page_table_begin(out, "Failures");
    append_head(view);
    for (const struct failure_count *kind = most; kind && rows < KINDS_MAX;
         kind = next_kind(failures, kind), rows++)
        append_row(view, kind, most->count);
    page_table_end(out);
    if (failures->count > rows)
        buf_printf(out, "<p class=\"note\">%zu rarer kinds are in the data of this page.</p>\n",
                   failures->count - rows);
    for (size_t i = 0; i < view->figures->part_count; i++)
        without -= view->figures->parts[i].transfers;
    if (view->figures->part_count && without)
        buf_printf(
            out,
            "<p class=\"note\">%s transfer%s got no answer, which tells no protocol: %s in no "
            "group.</p>\n",
            screen_count(text, without), text_plural(without), without == 1 ? "it is" : "they are");
    page_section_end(out);
}
