/* page_curve: how slow the slow ones are, as a percentile curve. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_CURVE_H
#define TSDB_EXPORTER_REPORT_PAGE_CURVE_H

#include "report/page_view.h"

/* The section; `view` has at least two transfers. */
void page_curve(const struct page_view *view);

/* Appends the figures that a chart of times is described with. */
void page_curve_describe(const struct page_view *view);

#endif
