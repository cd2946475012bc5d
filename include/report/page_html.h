/* page_html: what all sections of the page are made of. Nothing here escapes: words are
 * constants, and what comes from outside goes through page_text.h. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_HTML_H
#define TSDB_EXPORTER_REPORT_PAGE_HTML_H

#include "base/buf.h"
#include "report/screen.h"

/* Said where the times of a group are others than those of the rest. */
#define PAGE_GROUP_FAILED " Where all of a group failed, these are the times until they did."

/* A section with a heading. `id` is of the heading, and no other has it. */
void page_section_begin(struct buf *out, const char *id, const char *title);
void page_section_end(struct buf *out);

/* A table that scrolls by itself where it is too wide. A screen reader calls it `title`. */
void page_table_begin(struct buf *out, const char *title);
/* The same with a title that is seen: up to it, in an attribute, and from it to the caption,
 * which the caller appends after each. */
void page_titled_table_begin(struct buf *out);
void page_titled_table_caption(struct buf *out);
void page_table_end(struct buf *out);

/* A cell with a time, or a dash if it is NULL. */
void page_cell_seconds(struct buf *out, const double *value);

/* A share, such as 1.2 % or <0.01 %. */
void page_share(struct buf *out, uint64_t part, uint64_t of);

/* 83.2 ms, in SCREEN_ROOM bytes that it fills; or a dash for a mean whose sum overflowed. */
const char *page_seconds(char *out, double value);

#endif
