/* page_numbers: all numbers in tables, and how the page is to be read. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_NUMBERS_H
#define TSDB_EXPORTER_REPORT_PAGE_NUMBERS_H

#include "report/page_view.h"

void page_numbers(const struct page_view *view);
void page_how_to_read(const struct page_view *view);

#endif
