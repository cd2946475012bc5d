/* What is shown twice, on a screen and in a file, is computed once. The groups are merged
 * into the whole and into parts one after the other, so that this takes no more memory
 * than a few histograms. */
#include "report/summary_figures.h"

#include "base/clock.h"
#include "stats/mann_whitney.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct figures_row_name figures_rows[FIGURES_ROWS] = {
    [ROW_TOTAL] = {"time_total", "total", 0},
    [ROW_TOTAL_GOOD] = {"time_total{failed=0}", "not failed", 2},
    [ROW_QUEUE] = {"phase_queue", "queue", 2},
    [ROW_DNS] = {"phase_dns", "dns", 2},
    [ROW_HANDSHAKE] = {"phase_handshake", "handshake", 2},
    [ROW_CONNECT] = {"phase_connect", "connect", 4},
    [ROW_TLS] = {"phase_tls", "tls", 4},
    [ROW_SEND] = {"phase_send", "send", 2},
    [ROW_WAIT] = {"phase_wait", "wait", 2},
    [ROW_TRANSFER] = {"phase_transfer", "transfer", 2},
};

/* A group, or all of them. */
struct merged {
    uint64_t transfers, failed;
    uint64_t protocols[SUMMARY_PROTOCOLS];
    struct histogram rows[FIGURES_ROWS];
};

static void merge_group(struct merged *to, const struct summary_group *group)
{
    to->transfers += group->transfers;
    to->failed += group->failed;
    histogram_merge(&to->rows[ROW_TOTAL], &group->times[SUMMARY_GOOD]);
    histogram_merge(&to->rows[ROW_TOTAL], &group->times[SUMMARY_BAD]);
    histogram_merge(&to->rows[ROW_TOTAL_GOOD], &group->times[SUMMARY_GOOD]);
    for (size_t p = 0; p < SUMMARY_PROTOCOLS; p++)
        to->protocols[p] += group->protocols[p];
    for (size_t phase = SUMMARY_PHASES; phase < SUMMARY_TIMES; phase++)
        histogram_merge(&to->rows[phase - SUMMARY_PHASES + ROW_PHASES], &group->times[phase]);
}

static void merged_init(struct merged *to)
{
    *to = (struct merged){0};
    for (size_t i = 0; i < FIGURES_ROWS; i++)
        histogram_init(&to->rows[i], HISTOGRAM_BYTES);
}

static void merged_release(struct merged *merged)
{
    for (size_t i = 0; i < FIGURES_ROWS; i++)
        histogram_release(&merged->rows[i]);
}

/* curl counts whole microseconds, so an estimate between two of them is rounded. */
static double whole_microseconds(double seconds)
{
    return fabs(seconds) < 1e9 ? round(seconds * 1e6) / 1e6 : seconds;
}

static struct figures_stats stats_of(const struct histogram *h, const struct percentiles *wanted)
{
    struct figures_stats stats = {.count = h->count};
    if (h->count == 0)
        return stats;
    stats.avg = h->sum / (double)h->count;
    stats.min = h->min;
    stats.med = whole_microseconds(histogram_quantile(h, 0.5));
    stats.max = h->max;
    histogram_quantiles(h, wanted->shares, stats.values, wanted->count);
    for (size_t i = 0; i < wanted->count; i++)
        stats.values[i] = whole_microseconds(stats.values[i]);
    return stats;
}

static void fill(struct summary_figures *figures, struct figures_part *part,
                 const struct merged *from)
{
    part->transfers = from->transfers;
    part->failed = from->failed;
    memcpy(part->protocols, from->protocols, sizeof part->protocols);
    for (size_t i = 0; i < FIGURES_ROWS; i++) {
        const struct histogram *const h = &from->rows[i];
        const double ratio = exp2(1 / exp2(h->schema));
        const double error = (ratio - 1) / (ratio + 1);
        figures->error = h->count && error > figures->error ? error : figures->error;
        if (i != ROW_TOTAL_GOOD || from->failed)
            part->cells[i].stats = stats_of(h, figures->percentiles);
    }
}

/* phase_tls of QUIC is its whole handshake, that of TCP what comes after connecting. Only
 * parts that have the same of the two, and not both, can be compared in it. */
static bool is_tls_alike(const struct figures_part *a, const struct figures_part *b)
{
    const uint64_t a_quic = a->protocols[PROTOCOL_HTTP_3], b_quic = b->protocols[PROTOCOL_HTTP_3];
    const uint64_t a_tcp = a->transfers - a->protocols[PROTOCOL_NONE] - a_quic,
                   b_tcp = b->transfers - b->protocols[PROTOCOL_NONE] - b_quic;
    return (!a_quic && !b_quic) || (!a_tcp && !b_tcp);
}

/* The verdict must wait until the number of comparisons is known (judge). */
static void compare(struct summary_figures *figures, struct figures_part *part,
                    const struct merged *mine, const struct merged *first)
{
    for (size_t i = 0; i < FIGURES_ROWS; i++) {
        struct figures_cell *const cell = &part->cells[i];
        const struct figures_stats *const other = &figures->parts[0].cells[i].stats;
        if (cell->stats.count == 0 || other->count == 0)
            continue;
        if (i == ROW_TLS && !is_tls_alike(part, &figures->parts[0])) {
            cell->than = FIGURES_UNLIKE;
            continue;
        }
        cell->than = FIGURES_FEW;
        cell->ratio = other->med > 0 ? cell->stats.med / other->med : 0;
        const struct mann_whitney c = mann_whitney_test(&first->rows[i], &mine->rows[i]);
        cell->p = c.p;
        cell->greater = c.greater;
        if (cell->stats.count < FIGURES_COMPARED_MIN || other->count < FIGURES_COMPARED_MIN)
            continue;
        cell->than = FIGURES_NOISE;
        figures->comparisons++;
    }
}

/* Among many differences some are large by chance alone. So each p is multiplied by the
 * number of comparisons (Bonferroni). */
static void judge(struct summary_figures *figures)
{
    for (size_t n = 1; n < figures->part_count; n++)
        for (size_t i = 0; i < FIGURES_ROWS; i++) {
            struct figures_cell *const cell = &figures->parts[n].cells[i];
            const double p = cell->p * (double)figures->comparisons;
            if (cell->than != FIGURES_NOISE)
                continue;
            cell->p = p < 1 ? p : 1;
            if (cell->p < FIGURES_P_MAX)
                cell->than = cell->greater > 0.5 ? FIGURES_SLOWER : FIGURES_FASTER;
        }
}

/* Which groups become parts. No answer is not a protocol to be compared. The part that the
 * others are compared with comes first; it is one with enough transfers, if there is one. */
static size_t choose_parts(const struct summary *s, size_t *selected)
{
    const size_t end = summary_is_by_value(s) ? SUMMARY_VALUES + 1 : PROTOCOL_NONE;
    size_t count = 0, first = 0;
    for (size_t i = 0; i < end; i++)
        if (s->groups[i])
            selected[count++] = i;
    while (first < count && s->groups[selected[first]]->transfers < FIGURES_COMPARED_MIN)
        first++;
    if (first == count)
        return count;
    const size_t chosen = selected[first];
    memmove(&selected[1], &selected[0], first * sizeof *selected);
    selected[0] = chosen;
    return count;
}

static void name_part(struct figures_part *part, const struct summary *s, size_t which)
{
    const bool by_value = summary_is_by_value(s);
    part->others = by_value && which == SUMMARY_VALUES;
    part->name = part->others ? "others"
                 : by_value   ? s->values[which]
                              : summary_protocol_names[which];
}

static int make_parts(struct summary_figures *figures)
{
    const struct summary *const s = figures->of;
    size_t selected[SUMMARY_VALUES + 1];
    struct merged first, mine;
    const size_t count = choose_parts(s, selected);
    if (count < 2)
        return 0;
    figures->parts = calloc(count, sizeof *figures->parts);
    if (!figures->parts)
        return -1;
    figures->part_count = count;
    figures->by = summary_is_by_value(s) ? s->by : "protocol";
    for (size_t n = 0; n < count; n++) {
        struct figures_part *const part = &figures->parts[n];
        struct merged *const into = n == 0 ? &first : &mine;
        name_part(part, s, selected[n]);
        merged_init(into);
        merge_group(into, s->groups[selected[n]]);
        fill(figures, part, into);
        if (n == 0)
            continue;
        compare(figures, part, &mine, &first);
        merged_release(&mine);
    }
    merged_release(&first);
    judge(figures);
    return 0;
}

/* The smallest number of 1, 2, 5, 10, 20, ... (also 0.5, 0.2, ...) that is at least `x`. */
static double nice(double x)
{
    static const double steps[] = {1, 2, 5};
    const double power = pow(10, floor(log10(x)));
    for (size_t i = 0; i < 3; i++)
        if (steps[i] * power >= x * (1 - 1e-9))
            return steps[i] * power;
    return 10 * power;
}

/* The bins are of equal width if the values are not too far apart, else they end at 1, 2,
 * 5, 10, .... What is above the 99th percentile shares one bin, so that a few very slow
 * transfers do not press all others into one. */
static void make_bins(struct summary_figures *figures, const struct histogram *h)
{
    enum { STEPS = 10, FAR = 25 };
    const double least = h->min > 1e-6 ? h->min : 1e-6,
                 most = whole_microseconds(histogram_quantile(h, 0.99));
    if (h->count == 0 || h->max <= h->min || most < 1e-6)
        return;
    const bool even = most / least <= (double)FAR && most > least;
    const double step = even ? nice((most - least) / (double)STEPS) : 0;
    double low = even ? floor(least / step) * step : 0, high = even ? low + step : nice(least);
    uint64_t below = 0;
    while (figures->bin_count < FIGURES_BINS_MAX && below < h->count) {
        const bool last = low >= most * (1 - 1e-9) || figures->bin_count == FIGURES_BINS_MAX - 1;
        high = last ? h->max : high;
        const uint64_t to = last ? h->count : histogram_count_to(h, high);
        figures->bins[figures->bin_count++] = (struct figures_bin){low, high, to - below};
        below = to;
        low = high;
        high = even ? low + step : nice(low * 1.5);
    }
}

/* Adds the label if its answers came over HTTP/3 and over something else. */
static void add_fallback(struct summary_figures *figures, const char *label,
                         const uint64_t *protocols)
{
    uint64_t answers = 0;
    for (size_t p = 0; p < PROTOCOL_NONE; p++)
        answers += protocols[p];
    const uint64_t not_http3 = answers - protocols[PROTOCOL_HTTP_3];
    if (*label && not_http3 && not_http3 < answers)
        figures->fallbacks[figures->fallback_count++] =
            (struct figures_fallback){label, protocols, answers, not_http3};
}

/* Only for labels. Values of curl's own keys, such as hosts, are asked in several ways on
 * purpose. */
static int find_fallbacks(struct summary_figures *figures)
{
    const struct summary *const s = figures->of;
    if (s->field != FIELD_NONE || s->value_count == 0)
        return 0;
    figures->fallbacks = calloc(s->value_count, sizeof *figures->fallbacks);
    if (!figures->fallbacks)
        return -1;
    for (size_t i = 0; summary_is_by_value(s) && i < s->value_count; i++)
        if (s->groups[i])
            add_fallback(figures, s->values[i], s->groups[i]->protocols);
    if (!summary_is_by_value(s))
        add_fallback(figures, s->values[0], s->protocols);
    return 0;
}

void summary_figures_release(struct summary_figures *figures)
{
    free(figures->fallbacks);
    free(figures->parts);
}

bool summary_figures_compare_row(const struct summary_figures *figures, size_t row)
{
    for (size_t i = 0; i < figures->part_count; i++)
        if (figures->parts[i].cells[row].stats.count)
            return true;
    return false;
}

int summary_figures_init(struct summary_figures *figures, const struct summary *summary,
                         const struct percentiles *percentiles)
{
    *figures = (struct summary_figures){
        .of = summary, .percentiles = percentiles, .whole = {.name = "all"}};
    struct merged all;
    merged_init(&all);
    for (size_t i = 0; i <= SUMMARY_VALUES; i++)
        if (summary->groups[i])
            merge_group(&all, summary->groups[i]);
    fill(figures, &figures->whole, &all);
    make_bins(figures, &all.rows[ROW_TOTAL]);
    merged_release(&all);
    figures->span_s = (double)(summary->last_ns - summary->first_ns) / (double)NS_PER_S;
    figures->rate = transfer_rate(summary->transfers, summary->first_ns, summary->last_ns);
    if (make_parts(figures) == 0 && find_fallbacks(figures) == 0)
        return 0;
    summary_figures_release(figures);
    return -1;
}
