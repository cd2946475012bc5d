/* page_failures: why transfers failed. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_FAILURES_H
#define TSDB_EXPORTER_REPORT_PAGE_FAILURES_H

#include "report/page_view.h"

/* The most frequent one, or NULL. */
const struct failure_count *page_failures_most(const struct failure_counts *failures);
/* "HTTP 503 Service Unavailable" */
void page_failure_reason(struct buf *out, const struct failure_count *failure);

/* The section; nothing if none failed. */
void page_failures(const struct page_view *view);

#endif
