#include "report/page_svg.h"

#include "report/page_style.h"
#include "report/page_text.h"

#include <math.h>

#define NAME_APART 15 /* pixels */

double page_at(double value)
{
    const double least = 5e-4; /* far below what a screen can show */
    return fabs(value) < least ? 0 : value;
}

bool page_svg_is_long(const struct page_line *line)
{
    const size_t short_name = 9; /* HTTP/1.1 is one */
    return line->style && screen_columns(line->part->name) > short_name;
}

/* How much room names need at the right. */
static const char *room_for_names(const struct page_view *view)
{
    bool is_long = false;
    for (size_t i = 0; i < view->line_count; i++)
        is_long |= page_svg_is_long(&view->lines[i]);
    return is_long ? " long" : view->compares ? "" : " alone";
}

void page_svg_begin(const struct page_view *view, bool flat, double height)
{
    buf_printf(view->out,
               "<div class=\"plot%s\"><svg width=\"%s\" height=\"%.4g\" overflow=\"visible\" "
               "font-size=\"12\" font-family=\"sans-serif\" role=\"img\" aria-label=\"",
               flat ? " flat" : room_for_names(view), flat ? "100%" : "86%", height);
}

void page_svg_described(struct buf *out)
{
    buf_append_text(out, "\">\n");
}

void page_svg_end(struct buf *out)
{
    buf_append_text(out, "</svg></div>\n");
}

void page_svg_style_begin(struct buf *out, int style)
{
    const struct page_style *const s = &page_styles[style];
    buf_printf(out, "<g class=\"s%d\" stroke=\"%s\" fill=\"%s\">", style, s->colour, s->colour);
}

void page_svg_style_end(struct buf *out)
{
    buf_append_text(out, "</g>\n");
}

void page_svg_curves_begin(struct buf *out, double height)
{
    buf_printf(out,
               "<svg width=\"100%%\" height=\"%.4g\" viewBox=\"0 0 %d %.4g\" "
               "preserveAspectRatio=\"none\" overflow=\"visible\">",
               height, PAGE_CURVE_WIDTH, height);
}

void page_svg_curves_end(struct buf *out)
{
    buf_append_text(out, "</svg>");
}

void page_svg_path_begin(struct buf *out, int style)
{
    const struct page_style *const s = &page_styles[style];
    buf_printf(out, "<path class=\"ln\" fill=\"none\" stroke-width=\"%s\" ", s->width);
    if (*s->dashes)
        buf_printf(out, "stroke-dasharray=\"%s\" ", s->dashes);
    buf_append_text(out, "vector-effect=\"non-scaling-stroke\" d=\"");
}

void page_svg_path_end(struct buf *out)
{
    buf_append_text(out, "\"/>");
}

void page_svg_times_across(struct buf *out, const struct page_axis *axis, double height)
{
    char label[SCREEN_ROOM];
    for (size_t i = 0; i < axis->count; i++) {
        const double y = page_at((1 - page_axis_share(axis, axis->ticks[i])) * height);
        buf_printf(
            out,
            "<line class=\"grid\" stroke=\"%s\" x2=\"100%%\" y1=\"%.4g\" y2=\"%.4g\"/>"
            "<text class=\"ax\" fill=\"%s\" x=\"-6\" y=\"%.4g\" text-anchor=\"end\">%s</text>\n",
            PAGE_GRID_COLOUR, y, y, PAGE_DIM_COLOUR, y + 4,
            page_axis_seconds(label, axis->ticks[i]));
    }
}

void page_svg_tick_down(struct buf *out, double share, double height, const char *label,
                        bool narrow)
{
    const double x = page_at(100 * share), near = 1;
    buf_printf(
        out,
        "<line class=\"grid\" stroke=\"%s\" x1=\"%.4g%%\" x2=\"%.4g%%\" y2=\"%.4g\"/>"
        "<text class=\"ax%s\" fill=\"%s\" x=\"%.4g%%\" y=\"%.4g\" text-anchor=\"%s\">%s</text>\n",
        PAGE_GRID_COLOUR, x, x, height, narrow ? "" : " w", PAGE_DIM_COLOUR, x,
        height + PAGE_LINE_HEIGHT,
        x < near         ? "start"
        : x > 100 - near ? "end"
                         : "middle",
        label);
}

/* Fills `order` with the indexes of the ends that have a name, the highest first. */
static size_t sort_ends(const double *ends, size_t count, size_t *order)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = used;
        if (ends[i] < 0)
            continue;
        for (; at > 0 && ends[order[at - 1]] > ends[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
        used++;
    }
    return used;
}

void page_svg_names(const struct page_view *view, const double *ends, double height)
{
    size_t order[FIGURES_DRAWN_MAX];
    double places[FIGURES_DRAWN_MAX];
    const size_t count = sort_ends(ends, view->line_count, order);
    struct buf *const out = view->out;
    if (!view->compares)
        return;
    for (size_t i = 0; i < count; i++) {
        places[i] = ends[order[i]];
        if (i > 0 && places[i] < places[i - 1] + NAME_APART)
            places[i] = places[i - 1] + NAME_APART;
    }
    double lowest = height;
    for (size_t i = count; i-- > 0; lowest = places[i] - NAME_APART)
        places[i] = places[i] < lowest ? places[i] : lowest;
    for (size_t i = 0; i < count; i++) {
        const struct page_line *const line = &view->lines[order[i]];
        page_svg_style_begin(out, line->style);
        buf_printf(out,
                   "<text class=\"name end\" stroke=\"none\" font-weight=\"600\" x=\"100%%\" "
                   "dx=\"8\" y=\"%.4g\">",
                   page_at(places[i] + 4));
        page_label(out, line->part->name);
        buf_append_text(out, "</text>");
        page_svg_style_end(out);
    }
}

void page_svg_tip_begin(struct buf *out, double from, double to, double at, double height,
                        const char *title)
{
    buf_printf(out,
               "<g class=\"h\"><rect fill=\"none\" x=\"%.4g%%\" width=\"%.4g%%\" height=\"%.4g\"/>"
               "<foreignObject class=\"tip%s\" display=\"none\" x=\"%.4g%%\" width=\"210\" "
               "height=\"9\"><p><b>%s</b>",
               page_at(100 * from), page_at(100 * (to - from)), height, at > 0.5 ? " l" : "",
               page_at(100 * at), title);
}

void page_svg_tip_line(struct buf *out, const char *text)
{
    buf_printf(out, "<br>%s", text);
}

void page_svg_tip_name(struct buf *out, const struct page_line *line, const char *text)
{
    buf_append_text(out, "<br>");
    if (line->style) {
        page_name(out, line->part->name, PAGE_IN_CHART);
        buf_append_text(out, ": ");
    }
    buf_append_text(out, text);
}

void page_svg_tip_end(struct buf *out)
{
    buf_append_text(out, "</p></foreignObject></g>\n");
}

void page_svg_swatch(struct buf *out, int style)
{
    buf_append_text(out, "<svg class=\"sw\" width=\"30\" height=\"10\" aria-hidden=\"true\">");
    page_svg_style_begin(out, style);
    page_svg_path_begin(out, style);
    buf_append_text(out, "M1 5H29");
    page_svg_path_end(out);
    buf_append_text(out, "</g></svg>");
}
