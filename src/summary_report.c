/* Why: what is shown twice, on a screen and in a file, is computed once. Here the
 * groups are merged into the whole and into parts, one part after the other, so
 * that it takes no more memory than a few histograms. */
#include "tsdb_exporter/summary_report.h"

#include "tsdb_exporter/clock.h"
#include "tsdb_exporter/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const report_metrics[REPORT_ROWS] = {
    [ROW_TOTAL] = "time_total", [ROW_TOTAL_GOOD] = "time_total{failed=0}",
    [ROW_DNS] = "phase_dns",    [ROW_CONNECT] = "phase_connect",
    [ROW_TLS] = "phase_tls",    [ROW_SEND] = "phase_send",
    [ROW_WAIT] = "phase_wait",  [ROW_TRANSFER] = "phase_transfer",
};

const char *const report_words[REPORT_ROWS] = {
    [ROW_TOTAL] = "total", [ROW_TOTAL_GOOD] = "not failed",
    [ROW_DNS] = "dns",     [ROW_CONNECT] = "connect",
    [ROW_TLS] = "tls",     [ROW_SEND] = "send",
    [ROW_WAIT] = "wait",   [ROW_TRANSFER] = "transfer",
};

/* A group, or all of them. */
struct merged {
    uint64_t transfers, failed;
    struct histogram rows[REPORT_ROWS];
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
    for (size_t i = 0; i < REPORT_ROWS; i++)
        histogram_init(&to->rows[i], HISTOGRAM_BYTES);
}

static void merged_release(struct merged *merged)
{
    for (size_t i = 0; i < REPORT_ROWS; i++)
        histogram_release(&merged->rows[i]);
}

/* curl counts microseconds: an estimate is not one between them. */
static double whole_microseconds(double seconds)
{
    return fabs(seconds) < 1e9 ? round(seconds * 1e6) / 1e6 : seconds;
}

static struct report_stats stats_of(const struct histogram *h)
{
    static const double shares[] = {0.5, 0.9, 0.95, 0.99};
    double values[4];
    if (h->count == 0)
        return (struct report_stats){0};
    histogram_quantiles(h, shares, values, 4);
    return (struct report_stats){
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

static void fill(struct report *report, struct report_part *part, const struct merged *from)
{
    part->transfers = from->transfers;
    part->failed = from->failed;
    for (size_t i = 0; i < REPORT_ROWS; i++) {
        const struct histogram *const h = &from->rows[i];
        const double ratio = exp2(1 / exp2(h->schema));
        const double error = (ratio - 1) / (ratio + 1);
        report->error = h->count && error > report->error ? error : report->error;
        if (i != ROW_TOTAL_GOOD || from->failed)
            part->cells[i].stats = stats_of(h);
    }
}

/* The verdict waits until the number of comparisons is known. */
static void compare(struct report *report, struct report_part *part, const struct merged *mine,
                    const struct merged *first)
{
    for (size_t i = 0; i < REPORT_ROWS; i++) {
        struct report_cell *const cell = &part->cells[i];
        const struct report_stats *const other = &report->parts[0].cells[i].stats;
        if (cell->stats.count == 0 || other->count == 0)
            continue;
        cell->than = REPORT_FEW;
        cell->ratio = other->med > 0 ? cell->stats.med / other->med : 0;
        const struct comparison c = compare_histograms(&first->rows[i], &mine->rows[i]);
        cell->p = c.p;
        cell->greater = c.greater;
        if (cell->stats.count < REPORT_COMPARED_MIN || other->count < REPORT_COMPARED_MIN)
            continue;
        cell->than = REPORT_NOISE;
        report->comparisons++;
    }
}

/* Bonferroni: who looks at many differences will find one that is chance. */
static void judge(struct report *report)
{
    for (size_t n = 1; n < report->part_count; n++)
        for (size_t i = 0; i < REPORT_ROWS; i++) {
            struct report_cell *const cell = &report->parts[n].cells[i];
            const double p = cell->p * (double)report->comparisons;
            if (cell->than != REPORT_NOISE)
                continue;
            cell->p = p < 1 ? p : 1;
            if (cell->p < REPORT_P_MAX)
                cell->than = cell->greater > 0.5 ? REPORT_SLOWER : REPORT_FASTER;
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
    while (first < count && s->groups[selected[first]]->transfers < REPORT_COMPARED_MIN)
        first++;
    if (first == count)
        return count;
    const size_t chosen = selected[first];
    memmove(&selected[1], &selected[0], first * sizeof *selected);
    selected[0] = chosen;
    return count;
}

static void name_part(struct report_part *part, const struct summary *s, size_t which)
{
    const bool by_value = summary_is_by_value(s);
    part->others = by_value && which == SUMMARY_VALUES;
    part->name = part->others ? "others"
                 : by_value   ? s->values[which]
                              : summary_protocol_names[which];
}

static int make_parts(struct report *report)
{
    const struct summary *const s = report->of;
    size_t selected[SUMMARY_VALUES + 1];
    struct merged first, mine;
    const size_t count = choose_parts(s, selected);
    if (count < 2)
        return 0;
    report->parts = calloc(count, sizeof *report->parts);
    if (!report->parts)
        return -1;
    report->part_count = count;
    report->by = summary_is_by_value(s) ? s->by : "protocol";
    for (size_t n = 0; n < count; n++) {
        struct report_part *const part = &report->parts[n];
        struct merged *const into = n == 0 ? &first : &mine;
        name_part(part, s, selected[n]);
        merged_init(into);
        merge_group(into, s->groups[selected[n]]);
        fill(report, part, into);
        if (n == 0)
            continue;
        compare(report, part, &mine, &first);
        merged_release(&mine);
    }
    merged_release(&first);
    judge(report);
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
static void make_bins(struct report *report, const struct histogram *h)
{
    enum { STEPS = 10, FAR = 25 };
    const double least = h->min > 1e-6 ? h->min : 1e-6,
                 most = report->whole.cells[ROW_TOTAL].stats.p99;
    if (h->count == 0 || h->max <= h->min || most < 1e-6)
        return;
    const bool even = most / least <= FAR && most > least;
    const double step = even ? nice((most - least) / STEPS) : 0;
    double low = even ? floor(least / step) * step : 0, high = even ? low + step : nice(least);
    uint64_t below = 0;
    while (report->bin_count < REPORT_BINS_MAX && below < h->count) {
        const bool last = low >= most * (1 - 1e-9) || report->bin_count == REPORT_BINS_MAX - 1;
        high = last ? h->max : high;
        const uint64_t to = last ? h->count : histogram_count_to(h, high);
        report->bins[report->bin_count++] = (struct report_bin){low, high, to - below};
        below = to;
        low = high;
        high = even ? low + step : nice(low * 1.5);
    }
}

int report_init(struct report *report, const struct summary *summary)
{
    *report = (struct report){.of = summary, .whole = {.name = "all"}};
    struct merged all;
    merged_init(&all);
    for (size_t i = 0; i <= SUMMARY_VALUES; i++)
        if (summary->groups[i])
            merge_group(&all, summary->groups[i]);
    fill(report, &report->whole, &all);
    make_bins(report, &all.rows[ROW_TOTAL]);
    merged_release(&all);
    report->span_s = (double)(summary->last_ns - summary->first_ns) / (double)NS_PER_S;
    if (summary->transfers > 1 && report->span_s > 0)
        report->rate = (double)(summary->transfers - 1) / report->span_s;
    return make_parts(report);
}

void report_release(struct report *report)
{
    free(report->parts);
}
