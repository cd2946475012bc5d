/* page: a run as one HTML page, for --report. Whole in itself: no script, no address. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_H
#define TSDB_EXPORTER_REPORT_PAGE_H

#include "base/buf.h"
#include "report/summary_figures.h"
#include "report/threshold.h"

/* Appends the page; look at out->failed. Thresholds are judged as of `now_ns`. */
void page_write(const struct summary_figures *figures, const struct threshold *thresholds,
                size_t count, int64_t now_ns, struct buf *out);

#endif
