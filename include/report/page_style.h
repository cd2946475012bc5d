/* page_style: the colours of the page and its one stylesheet.
 *
 * Where a viewer forbids stylesheets (Jenkins does), SVG's own attributes remain, so the
 * colours of the light theme stand in both and are defined here once. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_STYLE_H
#define TSDB_EXPORTER_REPORT_PAGE_STYLE_H

#define PAGE_TEXT_COLOUR "#1b1f24"
#define PAGE_DIM_COLOUR "#565e68"
#define PAGE_GRID_COLOUR "#e5e8ec"
#define PAGE_LINE_COLOUR "#cfd4da"
#define PAGE_SHADE_COLOUR "#eceff2"
#define PAGE_WHOLE_COLOUR "#3a5f8a"
#define PAGE_FAILED_COLOUR "#c4382e"
#define PAGE_BAD_COLOUR "#b3261e"

/* A group of transfers: 0 is the whole, 1 to 6 are parts. Those were searched for distance as
 * people with protanopia, deuteranopia and tritanopia see them, and 1 to 3 differ in lightness
 * too. Lines differ in their dashes as well. */
enum { PAGE_STYLES = 7 };
struct page_style {
    const char *colour; /* in the light theme */
    const char *dashes; /* "" for a solid line */
    const char *width;  /* of the line, pixels */
};
extern const struct page_style page_styles[PAGE_STYLES];

/* The stylesheet, and its hash as it stands in the page's policy: SHA-256 in base64. */
extern const char page_style_sheet[];
#define PAGE_STYLE_SHA256 "DLg+YwEUHo/TZmyEVNPN44ERqm3f/EPxR/dtx/5LcKY="

#endif
