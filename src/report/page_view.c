/* Two pages can be compared only if a protocol looks the same on both, so HTTP/1.1, 2 and 3
 * have colours of their own, and what else there is gets the next free one. */
#include "report/page_view.h"

#include <math.h>
#include <string.h>

static int style_of_protocol(const char *name)
{
    static const enum summary_protocol fixed[] = {PROTOCOL_HTTP_1_1, PROTOCOL_HTTP_2,
                                                  PROTOCOL_HTTP_3};
    for (int i = 0; i < 3; i++)
        if (strcmp(name, summary_protocol_names[fixed[i]]) == 0)
            return i + 1;
    return 0;
}

static void choose_lines(struct page_view *view)
{
    const struct summary_figures *const f = view->figures;
    const bool have_steps = f->over_time.parts[0] || !f->over_time.count;
    view->compares = f->part_count >= 2 && f->part_count <= FIGURES_DRAWN_MAX && have_steps;
    if (!view->compares) {
        view->lines[view->line_count++] =
            (struct page_line){.part = &f->whole, .steps = f->over_time.whole};
        return;
    }
    const bool by_protocol = strcmp(f->by, "protocol") == 0;
    int next = by_protocol ? 4 : 1;
    for (size_t i = 0; i < f->part_count; i++) {
        const int fixed = by_protocol ? style_of_protocol(f->parts[i].name) : 0;
        view->lines[view->line_count++] = (struct page_line){
            .part = &f->parts[i], .steps = f->over_time.parts[i], .style = fixed ? fixed : next++};
    }
}

void page_view_init(struct page_view *view, const struct summary_figures *figures,
                    const struct threshold *thresholds, size_t count, int64_t now_ns,
                    struct buf *out)
{
    const uint64_t failed = figures->whole.failed;
    *view = (struct page_view){.out = out,
                               .figures = figures,
                               .thresholds = thresholds,
                               .threshold_count = count,
                               .now_ns = now_ns};
    view->all_failed = failed && failed == figures->whole.transfers;
    view->total = failed && !view->all_failed ? ROW_TOTAL_GOOD : ROW_TOTAL;
    for (size_t i = 0; i < count; i++)
        view->crossed += !threshold_judge(&thresholds[i], now_ns).held;
    choose_lines(view);
    for (size_t i = 0; i < view->line_count; i++)
        view->group_failed |=
            !view->all_failed && view->lines[i].part->spread && view->lines[i].part->spread->of_all;
}

const double *page_view_quantile(const struct figures_spread *spread, double share)
{
    if (!spread)
        return NULL;
    for (size_t i = 0; i < spread->curve.count; i++)
        if (fabs(spread->curve.shares[i] - share) < 1e-9)
            return &spread->curve.values[i];
    return NULL;
}
