/* page_head: what the run was, and what came of it in a few sentences. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_HEAD_H
#define TSDB_EXPORTER_REPORT_PAGE_HEAD_H

#include "report/page_view.h"

/* The document's own head, with the policy that forbids whatever is not in the page. */
void page_document_begin(const struct page_view *view);
void page_head(const struct page_view *view);
void page_sentences(const struct page_view *view);

#endif
