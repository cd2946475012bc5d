/* page_view: what of a run its page draws: how many lines, in which colours. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_VIEW_H
#define TSDB_EXPORTER_REPORT_PAGE_VIEW_H

#include "base/buf.h"
#include "report/summary_figures.h"
#include "report/threshold.h"

/* A group of transfers that has a line in each chart. */
struct page_line {
    const struct figures_part *part;
    const struct figures_step *steps; /* as many as the run has */
    int style;                        /* see page_style.h: 0 for the whole, 1 to 6 for a part */
};

struct page_view {
    struct buf *out;
    const struct summary_figures *figures;
    const struct threshold *thresholds;
    size_t threshold_count, crossed;
    int64_t now_ns;
    struct page_line lines[FIGURES_DRAWN_MAX]; /* of the parts, or one of the whole */
    size_t line_count;
    bool compares;          /* the lines are of parts */
    bool group_failed;      /* all transfers of a group failed, but not those of all groups */
    bool all_failed;        /* all times are the times until they failed */
    enum figures_row total; /* the row of the times that are drawn */
};

/* What it points to must outlive the view. */
void page_view_init(struct page_view *view, const struct summary_figures *figures,
                    const struct threshold *thresholds, size_t count, int64_t now_ns,
                    struct buf *out);

/* The value of a curve at one of its shares, such as 0.95; NULL if it has too few transfers to
 * tell. */
const double *page_view_quantile(const struct figures_spread *spread, double share);

#endif
