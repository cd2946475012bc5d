/* page_course: what happened when, on one axis of time. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_COURSE_H
#define TSDB_EXPORTER_REPORT_PAGE_COURSE_H

#include "report/page_view.h"

void page_course(const struct page_view *view);

#endif
