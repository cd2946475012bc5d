/* page_spread: how the times are spread: one hump or two? */
#ifndef TSDB_EXPORTER_REPORT_PAGE_SPREAD_H
#define TSDB_EXPORTER_REPORT_PAGE_SPREAD_H

#include "report/page_view.h"

void page_spread(const struct page_view *view);

#endif
