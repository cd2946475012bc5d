/* page_phases: where the time goes, as stacked bars. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_PHASES_H
#define TSDB_EXPORTER_REPORT_PAGE_PHASES_H

#include "report/page_view.h"

void page_phases(const struct page_view *view);

#endif
