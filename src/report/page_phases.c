/* Means, because the means of the phases add up to that of the total, which medians do not. A
 * phase that a transfer did not go through counts as 0, for the same reason. */
#include "report/page_phases.h"

#include "report/page_axis.h"
#include "report/page_html.h"
#include "report/page_style.h"
#include "report/page_svg.h"
#include "report/page_text.h"

#include <math.h>
#include <string.h>

/* In pixels. */
#define BAR_HEIGHT 28
#define BAR_TOP 22
#define ROW_HEIGHT 58
enum { PIECES = 8, TICKS = 8 };

/* Below this share of the total, what is in no phase is not drawn: it is rounding. And if all
 * failed, phases that make up less tell nothing about the time. */
static const double little = 0.005, too_little = 0.05;

/* Where these stand among the pieces. */
enum { TLS = 3, HANDSHAKE = 4 };

struct piece {
    const char *word, *class, *colour;
    bool deep; /* its text is dark in the light theme */
    double seconds;
};

static double mean_of(const struct figures_part *part, enum figures_row row)
{
    const struct figures_stats *const stats = &part->cells[row].stats;
    return stats->count ? stats->avg * (double)stats->count / (double)part->transfers : 0;
}

static double total_of(const struct figures_part *part)
{
    return mean_of(part, ROW_TOTAL);
}

/* Fills `pieces`; those that a bar does not have take no time. The handshake is shown as
 * connect and tls where it is made of both. That of QUIC is one piece, and so is what curl's
 * timers do not divide. */
static void make_pieces(const struct figures_part *part, struct piece *pieces)
{
    const double connect = mean_of(part, ROW_CONNECT), handshake = mean_of(part, ROW_HANDSHAKE);
    const double tls = connect > 0 ? mean_of(part, ROW_TLS) : 0;
    const double rest = handshake - connect - tls;
    const bool divided = connect > 0 && rest < mean_of(part, ROW_TOTAL) * little;
    const struct piece all[PIECES] = {
        {"queue", "queue", "#868d95", false, mean_of(part, ROW_QUEUE)},
        {"dns", "dns", "#6b747e", false, mean_of(part, ROW_DNS)},
        {"connect", "connect", "#17534d", false, connect},
        {"tls", "tls", "#2e7d74", false, tls},
        {"handshake", "tls", "#2e7d74", false, divided ? 0 : rest},
        {"send", "send", "#7d8791", false, mean_of(part, ROW_SEND)},
        {"wait", "wait", "#bd8710", true, mean_of(part, ROW_WAIT)},
        {"transfer", "transfer", "#7a5c12", false, mean_of(part, ROW_TRANSFER)},
    };
    memcpy(pieces, all, sizeof all);
}

static double sum_of(const struct piece *pieces)
{
    double sum = 0;
    for (size_t i = 0; i < PIECES; i++)
        sum += pieces[i].seconds;
    return sum;
}

/* Words in a piece where they fit, on screens of 640 pixels and more and on narrower ones. */
static void append_words(struct buf *out, const struct piece *piece, double at, double share,
                         double y)
{
    const double wide = 590, narrow = 290, letter = 6.8, margin = 8;
    const char *const class = piece->deep ? "deep" : "pale";
    const char *const colour = piece->deep ? "#14171b" : "#fff";
    char value[SCREEN_ROOM];
    page_seconds(value, piece->seconds);
    const double value_width = letter * (double)screen_columns(value) + margin;
    const double width = value_width + letter * (double)(strlen(piece->word) + 1);
    const double x = page_at(100 * (at + share / 2));
    if (share * wide > value_width)
        buf_printf(out,
                   "<text class=\"%s w\" fill=\"%s\" stroke=\"none\" x=\"%.4g%%\" y=\"%.4g\" "
                   "text-anchor=\"middle\">%s%s%s</text>",
                   class, colour, x, y, share * wide > width ? piece->word : "",
                   share * wide > width ? " " : "", value);
    if (share * narrow > value_width)
        buf_printf(
            out,
            "<text class=\"%s nn\" display=\"none\" fill=\"%s\" stroke=\"none\" x=\"%.4g%%\" "
            "y=\"%.4g\" text-anchor=\"middle\">%s</text>",
            class, colour, x, y, value);
}

static void append_piece(struct buf *out, const struct piece *piece, double at, double share,
                         double top)
{
    const double text_height = 18;
    char value[SCREEN_ROOM];
    buf_printf(out,
               "<rect class=\"seg %s\" fill=\"%s\" x=\"%.4g%%\" y=\"%.4g\" width=\"%.4g%%\" "
               "height=\"%d\"><title>%s %s</title></rect>",
               piece->class, piece->colour, page_at(100 * at), top, page_at(100 * share),
               BAR_HEIGHT, piece->word, page_seconds(value, piece->seconds));
    append_words(out, piece, at, share, top + text_height);
}

/* "HTTP/1.1 mean 141 ms, handshake 55.5 ms, 77 % on a new connection" */
static void append_row_title(const struct page_view *view, const struct page_line *line, double top)
{
    const struct figures_part *const part = line->part;
    struct buf *const out = view->out;
    char text[SCREEN_ROOM];
    buf_printf(out, "<text class=\"halo\" y=\"%.4g\">", top + PAGE_LINE_HEIGHT);
    if (view->compares) {
        buf_append_text(out, "<tspan font-weight=\"600\">");
        page_label(out, part->name);
        buf_append_text(out, "</tspan><tspan dx=\"8\">");
    } else {
        buf_append_text(out, "<tspan>");
    }
    buf_printf(out, "%s%s", part->transfers > 1 ? "mean " : "", page_seconds(text, total_of(part)));
    if (part->cells[ROW_HANDSHAKE].stats.count)
        buf_printf(out, "</tspan><tspan%s>, handshake %s",
                   page_svg_is_long(line) ? " class=\"w\"" : "",
                   page_seconds(text, mean_of(part, ROW_HANDSHAKE)));
    if (part->cells[ROW_HANDSHAKE].stats.count && part->transfers > 1) {
        buf_append_text(out, "</tspan><tspan class=\"w\">, ");
        page_share(out, part->cells[ROW_HANDSHAKE].stats.count, part->transfers);
        buf_append_text(out, " on a new connection");
    }
    buf_append_text(out, "</tspan></text>\n");
}

static void append_row(const struct page_view *view, const struct page_line *line, double most,
                       double top)
{
    struct piece pieces[PIECES];
    struct buf *const out = view->out;
    const double total = total_of(line->part);
    double at = 0;
    char value[SCREEN_ROOM];
    make_pieces(line->part, pieces);
    buf_printf(out, "<g class=\"p%d\">", line->style);
    append_row_title(view, line, top);
    for (size_t i = 0; i < PIECES; i++) {
        if (pieces[i].seconds > 0)
            append_piece(out, &pieces[i], at / most, pieces[i].seconds / most, top + BAR_TOP);
        at += pieces[i].seconds;
    }
    if (total - at > total * little)
        buf_printf(
            out,
            "<rect class=\"rest\" fill=\"none\" stroke=\"%s\" stroke-dasharray=\"3 3\" "
            "x=\"%.4g%%\" y=\"%.4g\" width=\"%.4g%%\" height=\"%d\"><title>no answer %s</title>"
            "</rect>",
            PAGE_DIM_COLOUR, page_at(100 * at / most), top + BAR_TOP + 0.5,
            page_at(100 * (total - at) / most), BAR_HEIGHT - 1, page_seconds(value, total - at));
    page_svg_style_end(out);
}

/* What a screen reader says. */
static void describe(const struct page_view *view)
{
    struct piece pieces[PIECES];
    struct buf *const out = view->out;
    char text[SCREEN_ROOM];
    for (size_t i = 0; i < view->line_count; i++) {
        const struct figures_part *const part = view->lines[i].part;
        make_pieces(part, pieces);
        buf_append_text(out, i ? "; " : "");
        if (view->compares) {
            page_label(out, part->name);
            buf_append_text(out, ": ");
        }
        buf_printf(out, "%s in all", page_seconds(text, total_of(part)));
        for (size_t k = 0; k < PIECES; k++)
            if (pieces[k].seconds > 0)
                buf_printf(out, ", %s %s", pieces[k].word, page_seconds(text, pieces[k].seconds));
    }
}

static void append_legend_item(struct buf *out, const char *class, const char *colour,
                               const char *stroke, const char *words)
{
    buf_printf(out,
               "<li><svg class=\"sw\" width=\"12\" height=\"12\" aria-hidden=\"true\"><rect "
               "class=\"%s\" fill=\"%s\" stroke=\"%s\" stroke-dasharray=\"3 3\" width=\"12\" "
               "height=\"12\"/></svg>%s</li>",
               class, colour, stroke, words);
}

/* The pieces that any of the bars has. The handshake of QUIC has the colour of tls: it
 * is that of TLS 1.3. */
static void append_legend(const struct page_view *view)
{
    struct piece pieces[PIECES], all[PIECES];
    struct buf *const out = view->out;
    bool rest = false;
    make_pieces(view->lines[0].part, all);
    for (size_t i = 0; i < view->line_count; i++) {
        const double total = total_of(view->lines[i].part);
        make_pieces(view->lines[i].part, pieces);
        rest |= total - sum_of(pieces) > total * little;
        for (size_t k = 0; k < PIECES; k++)
            all[k].seconds = fmax(all[k].seconds, pieces[k].seconds);
    }
    const bool both = all[TLS].seconds > 0 && all[HANDSHAKE].seconds > 0;
    buf_append_text(out, "<ul class=\"legend\" aria-hidden=\"true\">");
    for (size_t k = 0; k < PIECES; k++)
        if (all[k].seconds > 0 && !(both && k == HANDSHAKE))
            append_legend_item(out, all[k].class, all[k].colour, "none",
                               both && k == TLS ? "tls (HTTP/3: the whole handshake)"
                                                : all[k].word);
    if (rest)
        append_legend_item(out, "rest", "none", PAGE_DIM_COLOUR, "no answer");
    buf_append_text(out, "</ul>\n");
}

static void draw(const struct page_view *view, double most)
{
    struct buf *const out = view->out;
    struct page_axis axis;
    char label[SCREEN_ROOM];
    const double height = (double)view->line_count * ROW_HEIGHT;
    page_axis_of_amounts(&axis, most, TICKS);
    append_legend(view);
    page_svg_begin(view, true, height + BAR_TOP + 2);
    describe(view);
    page_svg_described(out);
    for (size_t i = 0; i < axis.count; i++)
        page_svg_tick_down(out, page_axis_share(&axis, axis.ticks[i]), height,
                           i ? page_axis_seconds(label, axis.ticks[i]) : "0", i % 2 == 0);
    for (size_t i = 0; i < view->line_count; i++)
        append_row(view, &view->lines[i], axis.high, (double)i * ROW_HEIGHT);
    page_svg_end(out);
}

void page_phases(const struct page_view *view)
{
    struct piece pieces[PIECES];
    struct buf *const out = view->out;
    double most = 0, share = 0;
    for (size_t i = 0; i < view->line_count; i++) {
        const struct figures_part *const part = view->lines[i].part;
        const double total = total_of(part);
        make_pieces(part, pieces);
        const double known = sum_of(pieces);
        most = total > most ? total : most;
        share = total > 0 && known / total > share ? known / total : share;
    }
    page_section_begin(out, "h-phases", "Where the time goes");
    if (most <= 0 || share <= 0) {
        buf_append_text(out,
                        "<p class=\"note\">The transfers hold no times that could be divided into "
                        "phases.</p>\n");
    } else if (view->all_failed && share < too_little) {
        buf_append_text(out,
                        "<p class=\"note\">All transfers failed, before phases of them could be "
                        "told apart.</p>\n");
    } else {
        buf_printf(
            out,
            "<figure><figcaption>%s, phase by phase, in the order in which they happen. "
            "Phases add up to the total. %s</figcaption>\n",
            view->all_failed                      ? "Mean of a transfer until it failed"
            : view->figures->whole.transfers == 1 ? "The transfer"
                                                  : "Mean of a transfer",
            view->figures->whole.transfers == 1
                ? ""
                : "A mean, because means add up and medians do not; reused connections count as "
                  "0 for what they skipped.");
        draw(view, most);
        buf_append_text(out, "</figure>\n");
    }
    page_section_end(out);
}
