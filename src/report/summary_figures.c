/* Why: what is shown twice, on a screen and in a file, is computed once. Here the
 * groups are merged into the whole and into parts, one part after the other, so
 * that it takes no more memory than a few histograms. */
#include "report/summary_figures.h"

#include "base/clock.h"
#include "stats/mann_whitney.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const figures_metrics[FIGURES_ROWS] = {
    [ROW_TOTAL] = "time_total", [ROW_TOTAL_GOOD] = "time_total{failed=0}",
    [ROW_DNS] = "phase_dns",    [ROW_CONNECT] = "phase_connect",
    [ROW_TLS] = "phase_tls",    [ROW_SEND] = "phase_send",
    [ROW_WAIT] = "phase_wait",  [ROW_TRANSFER] = "phase_transfer",
};

const char *const figures_words[FIGURES_ROWS] = {
    [ROW_TOTAL] = "total", [ROW_TOTAL_GOOD] = "not failed",
    [ROW_DNS] = "dns",     [ROW_CONNECT] = "connect",
    [ROW_TLS] = "tls",     [ROW_SEND] = "send",
    [ROW_WAIT] = "wait",   [ROW_TRANSFER] = "transfer",
};

/* A group, or all of them. */
struct merged {
    uint64_t transfers, failed;
    struct histogram rows[FIGURES_ROWS];
};

static void merge_group(struct merged *to, const struct summary_group *group)
{
    to->transfers += group->transfers;
    to->failed += group->failed;
    histogram_merge(&to->rows[ROW_TOTAL], &group->times[SUMMARY_GOOD]);
    histogram_merge(&to->rows[ROW_TOTAL], &group->times[SUMMARY_BAD]);
    histogram_merge(&to->rows[ROW_TOTAL_GOOD], &group->times[SUMMARY_GOOD]);
    for (size_t phase = SUMMARY_DNS; phase < SUMMARY_TIMES; phase++)
        histogram_merge(&to->rows[phase - SUMMARY_DNS + ROW_DNS], &group->times[phase]);
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

/* curl counts microseconds: an estimate is not one between them. */
static double whole_microseconds(double seconds)
{
    return fabs(seconds) < 1e9 ? round(seconds * 1e6) / 1e6 : seconds;
}

static struct figures_stats stats_of(const struct histogram *h)
{
    static const double shares[] = {0.5, 0.9, 0.95, 0.99};
    double values[4];
    if (h->count == 0)
        return (struct figures_stats){0};
    histogram_quantiles(h, shares, values, 4);
    return (struct figures_stats){
        .count = h->count,
        .avg = h->sum / (double)h->count,
        .min = h->min,
        .med = whole_microseconds(values[0]),
        .p90 = whole_microseconds(values[1]),
        .p95 = whole_microseconds(values[2]),
        .p99 = whole_microseconds(values[3]),
        .max = h->max,
    };
}

static void fill(struct summary_figures *figures, struct figures_part *part,
                 const struct merged *from)
{
    part->transfers = from->transfers;
    part->failed = from->failed;
    for (size_t i = 0; i < FIGURES_ROWS; i++) {
        const struct histogram *const h = &from->rows[i];
        const double ratio = exp2(1 / exp2(h->schema));
        const double error = (ratio - 1) / (ratio + 1);
        figures->error = h->count && error > figures->error ? error : figures->error;
        if (i != ROW_TOTAL_GOOD || from->failed)
            part->cells[i].stats = stats_of(h);
    }
}

/* The verdict waits until the number of comparisons is known. */
static void compare(struct summary_figures *figures, struct figures_part *part,
                    const struct merged *mine, const struct merged *first)
{
    for (size_t i = 0; i < FIGURES_ROWS; i++) {
        struct figures_cell *const cell = &part->cells[i];
        const struct figures_stats *const other = &figures->parts[0].cells[i].stats;
        if (cell->stats.count == 0 || other->count == 0)
            continue;
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

/* Bonferroni: who looks at many differences will find one that is chance. */
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

/* No answer is no protocol, and nobody asks for it to be compared. What is compared
 * with comes first, and must be many enough if there is such a part. */
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

/* The smallest of 1, 2, 5, 10, ... times a power of ten that is at least `x`. */
static double nice(double x)
{
    static const double steps[] = {1, 2, 5};
    const double power = pow(10, floor(log10(x)));
    for (size_t i = 0; i < 3; i++)
        if (steps[i] * power >= x * (1 - 1e-9))
            return steps[i] * power;
    return 10 * power;
}

/* Equal steps when the values are not too far apart, else 1, 2, 5, 10, ...; what is
 * past the 99th percentile is one bin, lest a few stragglers flatten the rest. */
static void make_bins(struct summary_figures *figures, const struct histogram *h)
{
    enum { STEPS = 10, FAR = 25 };
    const double least = h->min > 1e-6 ? h->min : 1e-6,
                 most = figures->whole.cells[ROW_TOTAL].stats.p99;
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

int summary_figures_init(struct summary_figures *figures, const struct summary *summary)
{
    *figures = (struct summary_figures){.of = summary, .whole = {.name = "all"}};
    struct merged all;
    merged_init(&all);
    for (size_t i = 0; i <= SUMMARY_VALUES; i++)
        if (summary->groups[i])
            merge_group(&all, summary->groups[i]);
    fill(figures, &figures->whole, &all);
    make_bins(figures, &all.rows[ROW_TOTAL]);
    merged_release(&all);
    figures->span_s = (double)(summary->last_ns - summary->first_ns) / (double)NS_PER_S;
    if (summary->transfers > 1 && figures->span_s > 0)
        figures->rate = (double)(summary->transfers - 1) / figures->span_s;
    return make_parts(figures);
}

void summary_figures_release(struct summary_figures *figures)
{
    free(figures->parts);
}
