/* A median is only as good as what the reader knows about it: how many values it is of,
 * whether the difference may be chance, and whether both sides did the same. */
#include "report/comparison_key.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Labels of which is told that they may have fallen back; columns of a name. */
enum { FALLBACKS_MAX = 6, NAME_MAX = 30, LINE_BYTES_MAX = 4096 };

static void append_name(const struct screen *screen, struct buf *line, const char *name)
{
    const size_t columns = screen_columns(name);
    screen_cell(screen, line, name, columns < NAME_MAX ? (int)columns : NAME_MAX);
}

static void print_verdicts(const struct summary_figures *figures, const struct screen *screen,
                           struct buf *out)
{
    char text[512];
    const char *const pairs = "The number before the verdict: in so many of 100 random pairs it is "
                              "slower than the first. ";
    if (figures->comparisons)
        snprintf(text, sizeof text,
                 "%sslower, faster: the difference stands out from the noise (Mann-Whitney U test, "
                 "p < %.2f over %zu comparison%s); slightly: it does, but is small (%.0f to %.0f "
                 "of 100 pairs); noise: it does not; few: there are less than %d on one side.",
                 comparison_has_pairs(screen) ? pairs : "", FIGURES_P_MAX, figures->comparisons,
                 text_plural(figures->comparisons), 100 * (0.5 - FIGURES_SLIGHTLY),
                 100 * (0.5 + FIGURES_SLIGHTLY), FIGURES_COMPARED_MIN);
    else
        snprintf(text, sizeof text, "few: there are less than %d on one side to compare.",
                 FIGURES_COMPARED_MIN);
    screen_wrapped(screen, out, text);
}

static void print_unlike(const struct summary_figures *figures, const struct screen *screen,
                         struct buf *out)
{
    size_t unlike = 0;
    for (size_t i = 1; i < figures->part_count; i++)
        for (size_t row = ROW_CONNECT; row <= ROW_TLS; row++)
            unlike += figures->parts[i].cells[row].than == FIGURES_UNLIKE;
    if (unlike)
        screen_wrapped(screen, out,
                       "tls is the whole handshake over QUIC, but only its second half over TCP: "
                       "compare handshake.");
}

/* True if `row` is one of those with `count` values that are listed. */
static bool has_count(const struct figures_part *part, size_t row, uint64_t count)
{
    return row != ROW_TOTAL_GOOD && part->cells[row].stats.count == count;
}

/* "HTTP/2: 5 of 1,000 have handshake, connect, tls; 12 of 1,000 have dns." lists the rows
 * that have values, but fewer than there are transfers. */
static void print_counts(const struct figures_part *part, const struct screen *screen,
                         struct buf *out)
{
    char n[SCREEN_ROOM], of[SCREEN_ROOM];
    struct buf line;
    bool is_first = true;
    buf_init(&line, LINE_BYTES_MAX);
    append_name(screen, &line, *part->name ? part->name : "(none)");
    for (size_t row = 0; row < FIGURES_ROWS; row++) {
        const uint64_t count = part->cells[row].stats.count;
        bool is_listed = count == 0 || count >= part->transfers || row == ROW_TOTAL_GOOD;
        for (size_t before = 0; before < row; before++)
            is_listed |= has_count(part, before, count);
        if (is_listed)
            continue;
        buf_printf(&line, "%s %s of %s have %s", is_first ? ":" : ";", screen_count(n, count),
                   screen_count(of, part->transfers), figures_rows[row].word);
        for (size_t after = row + 1; after < FIGURES_ROWS; after++)
            if (has_count(part, after, count))
                buf_printf(&line, ", %s", figures_rows[after].word);
        is_first = false;
    }
    buf_append_text(&line, ".");
    if (!is_first)
        screen_wrapped(screen, out, buf_text(&line));
    buf_release(&line);
}

/* One object alone does not tell that it fell back, so this can only be supposed. */
static void print_fallback(const char *by, const struct figures_fallback *fallback,
                           const struct screen *screen, struct buf *out)
{
    char n[SCREEN_ROOM], of[SCREEN_ROOM];
    struct buf line;
    const char *before = " answers came over ";
    buf_init(&line, LINE_BYTES_MAX);
    append_name(screen, &line, by);
    buf_append_text(&line, " ");
    append_name(screen, &line, fallback->label);
    buf_printf(&line, ": %s of %s", screen_count(n, fallback->not_http3),
               screen_count(of, fallback->answers));
    for (size_t p = 0; p < PROTOCOL_NONE; p++)
        if (p != PROTOCOL_HTTP_3 && fallback->protocols[p]) {
            buf_printf(&line, "%s%s", before, summary_protocol_names[p]);
            before = " or ";
        }
    buf_append_text(&line, ", not HTTP/3. If all asked for HTTP/3, these fell back, and their "
                           "connect contains the time that QUIC was given first.");
    screen_wrapped(screen, out, buf_text(&line));
    buf_release(&line);
}

static void print_fallbacks(const struct summary_figures *figures, const struct screen *screen,
                            struct buf *out)
{
    char text[64];
    for (size_t i = 0; i < figures->fallback_count && i < FALLBACKS_MAX; i++)
        print_fallback(figures->of->by, &figures->fallbacks[i], screen, out);
    if (figures->fallback_count <= FALLBACKS_MAX)
        return;
    snprintf(text, sizeof text, "The same holds for %zu more.",
             figures->fallback_count - FALLBACKS_MAX);
    screen_wrapped(screen, out, text);
}

void comparison_key_print(const struct summary_figures *figures, const struct screen *screen,
                          struct buf *out)
{
    char text[256], count[SCREEN_ROOM];
    uint64_t without = figures->whole.transfers;
    for (size_t i = 0; i < figures->part_count; i++)
        without -= figures->parts[i].transfers;
    print_verdicts(figures, screen, out);
    if (figures->part_count <= COMPARISON_SIDE_BY_SIDE_MAX) {
        print_unlike(figures, screen, out);
        for (size_t i = 0; i < figures->part_count; i++)
            print_counts(&figures->parts[i], screen, out);
    }
    if (without) {
        snprintf(text, sizeof text, "%s transfer%s got no answer, which tells no protocol.",
                 screen_count(count, without), text_plural(without));
        screen_wrapped(screen, out, text);
    }
    if (figures->parts[figures->part_count - 1].others) {
        snprintf(text, sizeof text, "others: all values of %.100s after the first %d.", figures->by,
                 SUMMARY_VALUES);
        screen_wrapped(screen, out, text);
    }
    print_fallbacks(figures, screen, out);
}
