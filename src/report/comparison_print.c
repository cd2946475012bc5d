/* "Is QUIC better here, and in which phase?" is answered by looking at two columns, not at
 * two tables. So a few parts stand side by side, phase by phase. Many parts stand in rows,
 * one each. */
#include "report/comparison_print.h"

#include "report/comparison_key.h"

#include <stdio.h>
#include <string.h>

/* Columns of the screen. */
enum {
    NAME = 12,
    VALUE = 9,
    RATIO = 7,
    PAIRS = 4,
    WORD = 9,
    COUNT = 11,
    SIDE = VALUE + RATIO + WORD, /* without PAIRS, which a narrow screen lacks */
    PHASE = 10
};

static const struct {
    const char *word;
    enum screen_style style;
} verdicts[] = {
    [FIGURES_ALONE] = {"", STYLE_PLAIN},         [FIGURES_UNLIKE] = {"", STYLE_PLAIN},
    [FIGURES_FEW] = {" few", STYLE_DIM},         [FIGURES_NOISE] = {" noise", STYLE_DIM},
    [FIGURES_SLIGHT] = {" slightly", STYLE_DIM}, [FIGURES_FASTER] = {" faster", STYLE_GOOD},
    [FIGURES_SLOWER] = {" slower", STYLE_BAD},
};

static void end_line(struct buf *out)
{
    while (out->len && out->data[out->len - 1] == ' ')
        out->len--;
    buf_append_text(out, "\n");
}

/* What matters to nobody is dim, so that a large ratio of two small times draws no eye. */
static void print_ratio(const struct screen *screen, struct buf *out,
                        const struct figures_cell *cell)
{
    char text[SCREEN_ROOM] = "";
    const double ratio = cell->ratio;
    if (ratio > 0)
        snprintf(text, sizeof text, "%s%.*f", screen->utf8 ? "×" : "x",
                 ratio < 9.995   ? 2
                 : ratio < 99.95 ? 1
                                 : 0,
                 ratio);
    screen_styled(screen, out, cell->minor ? STYLE_DIM : STYLE_PLAIN, text, -RATIO);
}

/* In how many of 100 pairs it is slower. */
static void print_pairs(const struct screen *screen, struct buf *out,
                        const struct figures_cell *cell, int columns)
{
    char text[SCREEN_ROOM] = "";
    if (cell->than >= FIGURES_NOISE)
        snprintf(text, sizeof text, "%.0f", figures_pairs(cell->greater));
    if (columns)
        screen_styled(screen, out, STYLE_DIM, text, -columns);
}

/* A dash: none of the part's transfers went through the phase. */
static void print_median(const struct screen *screen, struct buf *out,
                         const struct figures_stats *stats, int columns)
{
    char text[SCREEN_ROOM] = "-";
    if (stats->count)
        screen_seconds(screen, text, stats->med);
    screen_cell(screen, out, text, -columns);
}

static void print_comparison(const struct screen *screen, struct buf *out,
                             const struct figures_cell *cell, int pairs)
{
    const enum screen_style style = cell->minor ? STYLE_DIM : verdicts[cell->than].style;
    print_median(screen, out, &cell->stats, VALUE);
    print_ratio(screen, out, cell);
    print_pairs(screen, out, cell, pairs);
    screen_styled(screen, out, style, verdicts[cell->than].word, WORD);
}

static size_t longest_name(const struct summary_figures *figures)
{
    size_t longest = 0;
    for (size_t i = 0; i < figures->part_count; i++) {
        const size_t columns = screen_columns(figures->parts[i].name);
        longest = columns > longest ? columns : longest;
    }
    return longest;
}

static const char *name_of(const struct figures_part *part)
{
    return *part->name ? part->name : "(none)";
}

struct block {
    const struct screen *screen;
    struct buf *out;
    const struct summary_figures *figures;
    size_t begin, end;        /* of the parts beside the first */
    int first_columns, pairs; /* columns */
};

static void print_counts(const struct block *block, const char *name, bool failed)
{
    const struct figures_part *const parts = block->figures->parts;
    char text[SCREEN_ROOM];
    screen_cell(block->screen, block->out, name, NAME);
    for (size_t i = 0; i < block->end; i = i == 0 ? block->begin : i + 1) {
        if (failed)
            screen_share(text, parts[i].failed, parts[i].transfers);
        else
            screen_count(text, parts[i].transfers);
        screen_cell(block->screen, block->out, text, i ? -VALUE : -block->first_columns);
        if (i)
            screen_cell(block->screen, block->out, "", RATIO + block->pairs + WORD);
    }
    end_line(block->out);
}

static void print_medians(const struct block *block, size_t row)
{
    const struct figures_part *const parts = block->figures->parts;
    const int indent = figures_rows[row].indent;
    screen_cell(block->screen, block->out, "", indent);
    screen_cell(block->screen, block->out, figures_rows[row].word, NAME - indent);
    print_median(block->screen, block->out, &parts[0].cells[row].stats, block->first_columns);
    for (size_t i = block->begin; i < block->end; i++)
        print_comparison(block->screen, block->out, &parts[i].cells[row], block->pairs);
    end_line(block->out);
}

static void print_block(const struct block *block)
{
    const struct summary_figures *const figures = block->figures;
    screen_cell(block->screen, block->out, "", NAME);
    screen_styled(block->screen, block->out, STYLE_BOLD, name_of(&figures->parts[0]),
                  -block->first_columns);
    for (size_t i = block->begin; i < block->end; i++) {
        buf_append_text(block->out, "  ");
        screen_styled(block->screen, block->out, STYLE_BOLD, name_of(&figures->parts[i]),
                      SIDE + block->pairs - 2);
    }
    end_line(block->out);
    print_counts(block, "transfers", false);
    print_counts(block, "failed", true);
    for (size_t row = 0; row < FIGURES_ROWS; row++)
        if (summary_figures_compare_row(figures, row))
            print_medians(block, row);
}

static void print_side_by_side(const struct summary_figures *figures, const struct screen *screen,
                               struct buf *out)
{
    enum { FIRST_MAX = 18 };
    const size_t name = screen_columns(name_of(&figures->parts[0])) + 1;
    const size_t pairs = comparison_has_pairs(screen) ? PAIRS : 0;
    const size_t room = screen->width - NAME - SIDE - pairs;
    const size_t most = room < FIRST_MAX ? room : FIRST_MAX;
    const size_t first = name < VALUE ? VALUE : name > most ? most : name;
    const size_t each = (screen->width - NAME - first) / (SIDE + pairs);
    for (size_t begin = 1; begin < figures->part_count; begin += each) {
        const size_t end = begin + each;
        const struct block block = {.screen = screen,
                                    .out = out,
                                    .figures = figures,
                                    .begin = begin,
                                    .end = end < figures->part_count ? end : figures->part_count,
                                    .first_columns = (int)first,
                                    .pairs = (int)pairs};
        if (begin > 1)
            buf_append_text(out, "\n");
        print_block(&block);
    }
}

/* A narrow screen lacks failures and pairs, a wide one has the phases too. */
struct rows {
    const struct screen *screen;
    struct buf *out;
    const struct summary_figures *figures;
    int name, failed, pairs; /* columns */
    bool wide;
};

static void print_row(const struct rows *rows, const struct figures_part *part)
{
    const struct screen *const screen = rows->screen;
    struct buf *const out = rows->out;
    char text[SCREEN_ROOM];
    screen_cell(screen, out, name_of(part), rows->name);
    screen_cell(screen, out, screen_count(text, part->transfers), -COUNT);
    if (rows->failed)
        screen_cell(screen, out, screen_share(text, part->failed, part->transfers), -rows->failed);
    print_comparison(screen, out, &part->cells[ROW_TOTAL], rows->pairs);
    for (size_t row = ROW_PHASES; rows->wide && row < FIGURES_ROWS; row++)
        if (summary_figures_compare_row(rows->figures, row))
            print_median(screen, out, &part->cells[row].stats, PHASE);
    end_line(out);
}

static void print_rows_head(const struct rows *rows)
{
    const struct screen *const screen = rows->screen;
    struct buf *const out = rows->out;
    screen_cell(screen, out, "", rows->name);
    screen_styled(screen, out, STYLE_DIM, "transfers", -COUNT);
    if (rows->failed)
        screen_styled(screen, out, STYLE_DIM, "failed", -rows->failed);
    screen_styled(screen, out, STYLE_DIM, "total", -VALUE);
    screen_cell(screen, out, "", RATIO + rows->pairs + WORD);
    for (size_t row = ROW_PHASES; rows->wide && row < FIGURES_ROWS; row++)
        if (summary_figures_compare_row(rows->figures, row))
            screen_styled(screen, out, STYLE_DIM, figures_rows[row].word, -PHASE);
    end_line(out);
}

static void print_rows(const struct summary_figures *figures, const struct screen *screen,
                       struct buf *out)
{
    enum { NAME_MIN = 10, NAME_MAX = 40, PHASES = PHASE * (FIGURES_ROWS - ROW_PHASES) };
    const size_t longest = longest_name(figures);
    struct rows rows = {.screen = screen, .out = out, .figures = figures};
    rows.pairs = comparison_has_pairs(screen) ? PAIRS : 0;
    rows.failed = comparison_has_pairs(screen) ? VALUE : 0;
    size_t room = screen->width - (size_t)(COUNT + rows.failed + SIDE + rows.pairs);
    rows.wide = room > longest + PHASES || room > NAME_MAX + PHASES;
    room -= rows.wide ? PHASES : 0;
    room = room > NAME_MAX ? NAME_MAX : room;
    rows.name = (int)(longest < NAME_MIN ? NAME_MIN : longest < room ? longest : room);
    print_rows_head(&rows);
    for (size_t i = 0; i < figures->part_count; i++)
        print_row(&rows, &figures->parts[i]);
}

void comparison_print(const struct summary_figures *figures, const struct screen *screen,
                      struct buf *out)
{
    char title[256];
    if (figures->part_count < 2)
        return;
    buf_append_text(out, "\n");
    snprintf(title, sizeof title, "medians, by %.100s", figures->by);
    screen_styled(screen, out, STYLE_BOLD, title, 0);
    buf_append_text(out, "\n");
    if (figures->part_count <= COMPARISON_SIDE_BY_SIDE_MAX)
        print_side_by_side(figures, screen, out);
    else
        print_rows(figures, screen, out);
    comparison_key_print(figures, screen, out);
}
