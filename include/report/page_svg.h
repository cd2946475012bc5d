/* page_svg: what the charts have in common.
 *
 * A chart is as wide as the page. So what stands in it is placed in percent of its width and
 * in pixels of its height, and text keeps its shape. Only curves are drawn in a picture of
 * PAGE_CURVE_WIDTH units that is stretched; their strokes are not. */
#ifndef TSDB_EXPORTER_REPORT_PAGE_SVG_H
#define TSDB_EXPORTER_REPORT_PAGE_SVG_H

#include "report/page_axis.h"
#include "report/page_view.h"

#define PAGE_CURVE_WIDTH 1000
#define PAGE_LINE_HEIGHT 16

/* True if the group's name leaves little room beside it on a narrow screen. */
bool page_svg_is_long(const struct page_line *line);

/* A number without needless digits, for buf_printf("%.4g"): neither -0 nor an exponent. */
double page_at(double value);

/* Begins a chart of `height` pixels, up to its description, which the caller appends before
 * page_svg_described. Unless it is `flat`, there is room for the axis at the left and for the
 * lines' names at the right, which is made by the stylesheet; without it the chart is narrower. */
void page_svg_begin(const struct page_view *view, bool flat, double height);
void page_svg_described(struct buf *out);
void page_svg_end(struct buf *out);

/* All until the end has the style's colour and dashes, and goes when its box is not checked. */
void page_svg_style_begin(struct buf *out, int style);
void page_svg_style_end(struct buf *out);

/* The picture that curves are drawn in. */
void page_svg_curves_begin(struct buf *out, double height);
void page_svg_curves_end(struct buf *out);
/* A curve's path, up to its points, which the caller appends before page_svg_path_end. */
void page_svg_path_begin(struct buf *out, int style);
void page_svg_path_end(struct buf *out);

/* Lines across the chart, with labels left of it. */
void page_svg_times_across(struct buf *out, const struct page_axis *axis, double height);
/* A line down the chart with a label under it. `share` is of the width. `narrow`: it stands
 * on narrow screens as well. */
void page_svg_tick_down(struct buf *out, double share, double height, const char *label,
                        bool narrow);

/* The names of lines at their right ends, moved apart where they would overlap. `ends` are
 * the heights of the ends; a negative one has no name. */
void page_svg_names(const struct page_view *view, const double *ends, double height);

/* What appears, by the stylesheet, while the pointer is between the shares `from` and `to`: that
 * much is shaded, and at `at` there is a box with the title and a line for each
 * page_svg_tip_line. */
void page_svg_tip_begin(struct buf *out, double from, double to, double at, double height,
                        const char *title);
void page_svg_tip_line(struct buf *out, const char *text);
/* A line that begins with the name of a group. */
void page_svg_tip_name(struct buf *out, const struct page_line *line, const char *text);
void page_svg_tip_end(struct buf *out);

/* A short piece of a line, beside its name in HTML. */
void page_svg_swatch(struct buf *out, int style);

#endif
