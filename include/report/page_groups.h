/* page_groups: many groups, a row with a bar each. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_GROUPS_H
#define TSDB_EXPORTER_REPORT_PAGE_GROUPS_H

#include "report/page_view.h"

/* The section. There are more parts than lines can be told apart. */
void page_groups(const struct page_view *view);

#endif
