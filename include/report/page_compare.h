/* page_compare: what differs between a few groups, phase by phase. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_COMPARE_H
#define TSDB_EXPORTER_REPORT_PAGE_COMPARE_H

#include "report/page_view.h"

/* The section. The view compares. */
void page_compare(const struct page_view *view);

/* The cells "slower in" and verdict of a row in a table. */
void page_compare_verdict(struct buf *out, const struct figures_cell *cell);
/* Which labels may have fallen back from HTTP/3. */
void page_compare_fallbacks(const struct page_view *view);

#endif
