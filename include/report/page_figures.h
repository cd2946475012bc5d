/* page_figures: the key figures and the thresholds. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_FIGURES_H
#define TSDB_EXPORTER_REPORT_PAGE_FIGURES_H

#include "report/page_view.h"

void page_key_figures(const struct page_view *view);
/* The section; nothing if there are none. */
void page_thresholds(const struct page_view *view);

#endif
