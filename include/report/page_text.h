/* page_text: whatever comes from outside (tags, labels, thresholds) is written into the page
 * by these functions alone, so that it can never be read as markup. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_TEXT_H
#define TSDB_EXPORTER_REPORT_PAGE_TEXT_H

#include "base/buf.h"

/* How many columns of a name are shown. */
enum { PAGE_IN_TABLE = 80, PAGE_IN_CHART = 14 };

/* Appends `text` as text of HTML or of an attribute in quotes: & < > " ' become entities,
 * control characters and what is no UTF-8 become U+FFFD. What does not fit in `columns` is cut
 * and ends in "…". */
void page_text(struct buf *out, const char *text, size_t columns);

/* A name in HTML: in <bdi>, so that one that is written from right to left does not reorder
 * what stands around it. One that is empty becomes "(none)". */
void page_name(struct buf *out, const char *name, size_t columns);

/* A name in SVG and in attributes, where there is no <bdi>; Unicode's isolates do the same. */
void page_label(struct buf *out, const char *name);

#endif
