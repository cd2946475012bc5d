/* The order is that of k6 and oha, where people know to look: counts and failures first,
 * then a table of percentiles, then how the total is spread, then the comparison. */
#include "report/summary_print.h"

#include "report/comparison_print.h"

#include <stdio.h>
#include <string.h>

enum { NAME = 12, KINDS_MAX = 10 };

/* A line of the head, such as "failed      12  1.20 %". */
static void begin_line(const struct screen *screen, struct buf *out, const char *name)
{
    screen_styled(screen, out, STYLE_DIM, name, NAME);
}

static void print_transfers(const struct summary_figures *figures, const struct screen *screen,
                            struct buf *out)
{
    char count[SCREEN_ROOM], span[SCREEN_ROOM], rate[SCREEN_ROOM];
    static const char source[] = "(by the times that are stored)";
    char text[2 * SCREEN_ROOM + 8];
    begin_line(screen, out, "transfers");
    screen_styled(screen, out, STYLE_BOLD, screen_count(count, figures->of->transfers), 0);
    if (figures->rate > 0) {
        snprintf(text, sizeof text, " in %s, %s", screen_seconds(screen, span, figures->span_s),
                 screen_rate(rate, figures->rate));
        buf_append_text(out, text);
        if (NAME + strlen(count) + screen_columns(text) + sizeof source <= screen->width)
            buf_printf(out, " %s", source);
        else
            buf_printf(out, "\n%*s%s", NAME, "", source);
    }
    buf_append_text(out, "\n");
}

/* A kind of failure and how often it was. */
struct kind {
    char text[96];
    uint64_t count;
};

struct kinds {
    struct kind kinds[KINDS_MAX]; /* the most frequent, in order */
    size_t count, left_out;
};

static void note_kind(struct kinds *kinds, const struct failure_count *failure)
{
    const uint64_t count = failure->count;
    const char *const source = failure->kind == FAILURE_CURL ? "curl" : "HTTP";
    const char *const words = failure_count_text(failure);
    size_t at = kinds->count;
    while (at > 0 && kinds->kinds[at - 1].count < count)
        at--;
    if (kinds->count == KINDS_MAX)
        kinds->left_out++;
    if (at == KINDS_MAX)
        return;
    kinds->count += kinds->count < KINDS_MAX;
    memmove(&kinds->kinds[at + 1], &kinds->kinds[at],
            (kinds->count - 1 - at) * sizeof *kinds->kinds);
    kinds->kinds[at].count = count;
    snprintf(kinds->kinds[at].text, sizeof kinds->kinds[at].text, "%s %d%s%s", source,
             failure->code, *words ? " " : "", words);
}

static void print_failures(const struct summary_figures *figures, const struct screen *screen,
                           struct buf *out)
{
    const struct summary *const s = figures->of;
    struct kinds kinds = {0};
    char count[SCREEN_ROOM], share[SCREEN_ROOM];
    begin_line(screen, out, "failed");
    screen_styled(screen, out, s->failed ? STYLE_BAD : STYLE_GOOD, screen_count(count, s->failed),
                  0);
    if (s->failed)
        buf_printf(out, ", %s", screen_share(share, s->failed, s->transfers));
    buf_append_text(out, "\n");
    for (size_t i = 0; i < s->failures.count; i++)
        note_kind(&kinds, &s->failures.list[i]);
    const int digits = (int)strlen(count);
    for (size_t i = 0; i < kinds.count; i++) {
        screen_cell(screen, out, "", NAME);
        screen_cell(screen, out, screen_count(share, kinds.kinds[i].count), -digits);
        const size_t room = screen->width - NAME - (size_t)digits - 2;
        const size_t wanted = screen_columns(kinds.kinds[i].text);
        buf_append_text(out, "  ");
        screen_cell(screen, out, kinds.kinds[i].text, (int)(wanted < room ? wanted : room));
        buf_append_text(out, "\n");
    }
    if (kinds.left_out)
        buf_printf(out, "%*s  and %zu rarer kinds\n", NAME + digits, "", kinds.left_out);
}

/* Names and counts, on as many lines as they need. */
struct list {
    const struct screen *screen;
    struct buf *out;
    const char *name;
    size_t used;
};

static void list_item(struct list *list, const char *name, uint64_t count)
{
    char text[96], number[SCREEN_ROOM];
    if (count == 0)
        return;
    snprintf(text, sizeof text, "%s: %s", name, screen_count(number, count));
    const bool first = list->used == 0;
    if (!first && list->used + 2 + strlen(text) > list->screen->width) {
        buf_append_text(list->out, "\n");
        list->used = 0;
    }
    if (list->used == 0) {
        begin_line(list->screen, list->out, first ? list->name : "");
        list->used = NAME;
    } else {
        buf_append_text(list->out, "  ");
        list->used += 2;
    }
    buf_append_text(list->out, text);
    list->used += strlen(text);
}

static void list_end(struct list *list)
{
    if (list->used)
        buf_append_text(list->out, "\n");
}

static void print_lists(const struct summary_figures *figures, const struct screen *screen,
                        struct buf *out)
{
    const struct summary *const s = figures->of;
    struct list codes = {screen, out, "HTTP codes", 0};
    for (int i = 1; i < SUMMARY_HTTP_CODES; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d", i);
        list_item(&codes, name, s->http_codes[i]);
    }
    list_item(&codes, "none", s->http_codes[0]);
    list_end(&codes);
    struct list protocols = {screen, out, "protocols", 0};
    for (size_t p = 0; p < PROTOCOL_NONE; p++)
        list_item(&protocols, summary_protocol_names[p], s->protocols[p]);
    list_end(&protocols);
}

static void print_bytes(const struct summary_figures *figures, const struct screen *screen,
                        struct buf *out, const char *name, double bytes)
{
    char size[SCREEN_ROOM], rate[SCREEN_ROOM];
    begin_line(screen, out, name);
    buf_append_text(out, screen_bytes(size, bytes));
    if (figures->rate > 0)
        buf_printf(out, ", %s/s",
                   screen_bytes(rate, bytes / (double)figures->of->transfers * figures->rate));
    buf_append_text(out, "\n");
}

struct column {
    const char *name;
    size_t offset; /* in struct figures_stats */
    size_t rank;   /* on a narrow screen the highest are left out */
};
enum { COLUMNS_MAX = PERCENTILES_MAX + 3 };

/* Fills `columns` in the order of the table. Percentiles that somebody asked for come before
 * the other columns, and high ones before low ones. */
static size_t list_columns(const struct percentiles *p, struct column *columns)
{
    static const size_t usual[] = {3, 5, 0, 6, 1, 4, 2};
    size_t count = 0;
    columns[count++] = (struct column){"avg", offsetof(struct figures_stats, avg), p->count + 1};
    columns[count++] = (struct column){"min", offsetof(struct figures_stats, min), p->count + 2};
    for (size_t i = 0; i < p->count; i++)
        columns[count++] = (struct column){
            p->names[i], offsetof(struct figures_stats, values) + i * sizeof(double),
            p->count - 1 - i};
    columns[count++] = (struct column){"max", offsetof(struct figures_stats, max), p->count};
    for (size_t i = 0; p->usual && i < count; i++)
        columns[i].rank = usual[i];
    return count;
}

static void print_table(const struct summary_figures *figures, const struct screen *screen,
                        struct buf *out)
{
    const struct figures_cell *const cells = figures->whole.cells;
    struct column columns[COLUMNS_MAX];
    const size_t count = list_columns(figures->percentiles, columns);
    char text[SCREEN_ROOM];
    if (!cells[ROW_TOTAL].stats.count)
        return;
    size_t count_columns = strlen(screen_count(text, cells[ROW_TOTAL].stats.count)) + 1;
    count_columns = count_columns < 6 ? 6 : count_columns;
    const size_t room = screen->width - NAME - count_columns;
    const int each = room >= 10 * count ? 10 : 8;
    const size_t fit = room / (size_t)each;
    buf_printf(out, "\n%*s", NAME, "");
    screen_styled(screen, out, STYLE_DIM, "count", -(int)count_columns);
    for (size_t c = 0; c < count; c++)
        if (columns[c].rank < fit)
            screen_styled(screen, out, STYLE_DIM, columns[c].name, -each);
    buf_append_text(out, "\n");
    for (size_t row = 0; row < FIGURES_ROWS; row++) {
        const struct figures_stats *const stats = &cells[row].stats;
        if (!stats->count)
            continue;
        const int indent = figures_rows[row].indent;
        screen_cell(screen, out, "", indent);
        screen_styled(screen, out, row == ROW_TOTAL ? STYLE_BOLD : STYLE_PLAIN,
                      figures_rows[row].word, NAME - indent);
        screen_cell(screen, out, screen_count(text, stats->count), -(int)count_columns);
        for (size_t c = 0; c < count; c++) {
            double value;
            memcpy(&value, (const char *)stats + columns[c].offset, sizeof value);
            if (columns[c].rank < fit)
                screen_cell(screen, out, screen_seconds(screen, text, value), -each);
        }
        buf_append_text(out, "\n");
    }
}

/* How many digits show that the bounds of each bin differ: three, as everywhere, or more. */
static int digits_of_bins(const struct summary_figures *figures, const struct screen *screen)
{
    enum { DIGITS = 3, DIGITS_MAX = 6 };
    char low[SCREEN_ROOM], high[SCREEN_ROOM];
    int digits = DIGITS;
    for (size_t i = 0; i < figures->bin_count; i++) {
        const struct figures_bin *const bin = &figures->bins[i];
        while (digits < DIGITS_MAX &&
               strcmp(screen_seconds_to(screen, low, bin->low, digits),
                      screen_seconds_to(screen, high, bin->high, digits)) == 0)
            digits++;
    }
    return digits;
}

static void print_bins(const struct summary_figures *figures, const struct screen *screen,
                       struct buf *out)
{
    enum { EDGE = 6, BAR_MAX = 60 };
    char text[SCREEN_ROOM];
    uint64_t most = 0;
    if (figures->bin_count < 2 || figures->whole.transfers < FIGURES_COMPARED_MIN)
        return;
    for (size_t i = 0; i < figures->bin_count; i++)
        most = figures->bins[i].count > most ? figures->bins[i].count : most;
    const int digits = digits_of_bins(figures, screen), edge = EDGE + digits;
    const size_t count = strlen(screen_count(text, most));
    const size_t room = screen->width - 2 * (size_t)edge - 6 - count;
    buf_append_text(out, "\n");
    screen_styled(screen, out, STYLE_BOLD, "how the total is spread", 0);
    buf_append_text(out, "\n");
    for (size_t i = 0; i < figures->bin_count; i++) {
        const struct figures_bin *const bin = &figures->bins[i];
        screen_cell(screen, out, screen_seconds_to(screen, text, bin->low, digits), -edge);
        buf_append_text(out, " -");
        screen_cell(screen, out, screen_seconds_to(screen, text, bin->high, digits), -edge);
        buf_append_text(out, "  ");
        screen_bar(screen, out, (double)bin->count, (double)most, room < BAR_MAX ? room : BAR_MAX);
        buf_printf(out, "%s%s\n", bin->count ? " " : "", screen_count(text, bin->count));
    }
}

void summary_print(const struct summary_figures *figures, const struct screen *screen,
                   struct buf *out)
{
    /* histograms of usual durations are better than this */
    const double usual = 0.003;
    char text[128];
    buf_append_text(out, "\n");
    print_transfers(figures, screen, out);
    if (!figures->of->transfers)
        return;
    print_failures(figures, screen, out);
    print_lists(figures, screen, out);
    print_bytes(figures, screen, out, "received", figures->of->bytes_received);
    print_bytes(figures, screen, out, "sent", figures->of->bytes_sent);
    print_table(figures, screen, out);
    print_bins(figures, screen, out);
    comparison_print(figures, screen, out);
    if (figures->error > usual) {
        snprintf(text, sizeof text,
                 "Percentiles are within %.1f %%: so many values had to share memory.",
                 100 * figures->error);
        screen_wrapped(screen, out, text);
    }
    if (figures->of->incomplete)
        screen_wrapped(screen, out, "There was no memory for some transfers' durations.");
    buf_append_text(out, "\n");
}
