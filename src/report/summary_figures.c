/* What is shown twice, on a screen and in a file, is computed once. The groups are merged
 * into the whole and into parts one after the other, so that this takes no more memory
 * than a few histograms. */
#include "report/summary_figures.h"

#include "base/clock.h"
#include "base/dates.h"
#include "report/over_time.h"
#include "report/spread.h"
#include "report/verdicts.h"

#include <stdlib.h>
#include <string.h>

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

static void estimate(const struct histogram *h, const double *shares, double *values, size_t count)
{
    histogram_quantiles(h, shares, values, count);
    for (size_t i = 0; i < count; i++)
        values[i] = figures_estimate(h, values[i]);
}

static struct figures_stats stats_of(const struct histogram *h, const struct percentiles *wanted)
{
    static const double shares[] = {0.05, 0.5, 0.95, 0.99};
    struct figures_stats stats = {.count = h->count};
    double values[4];
    if (h->count == 0)
        return stats;
    estimate(h, shares, values, 4);
    estimate(h, wanted->shares, stats.values, wanted->count);
    stats.avg = h->sum / (double)h->count;
    stats.min = h->min;
    stats.p5 = values[0];
    stats.med = values[1];
    stats.p95 = values[2];
    stats.p99 = values[3];
    stats.max = h->max;
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
        const double error = figures_error(h);
        figures->error = error > figures->error ? error : figures->error;
        if (i != ROW_TOTAL_GOOD || figures->of->failed)
            part->cells[i].stats = stats_of(h, figures->percentiles);
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
    part->group = which;
    part->failures = &s->groups[which]->failures;
    part->others = by_value && which == SUMMARY_VALUES;
    part->name = part->others ? "others"
                 : by_value   ? s->values[which]
                              : summary_protocol_names[which];
}

static int make_spread(struct figures_part *part, const struct merged *from)
{
    return spread_new(&part->spread, &from->rows[ROW_TOTAL_GOOD], &from->rows[ROW_TOTAL]);
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
    int failed = 0;
    for (size_t n = 0; n < count; n++) {
        struct figures_part *const part = &figures->parts[n];
        struct merged *const into = n == 0 ? &first : &mine;
        name_part(part, s, selected[n]);
        merged_init(into);
        merge_group(into, s->groups[selected[n]]);
        fill(figures, part, into);
        if (count <= FIGURES_DRAWN_MAX && make_spread(part, into) < 0)
            failed = -1;
        if (n == 0)
            continue;
        verdicts_compare(figures, part, mine.rows, first.rows);
        merged_release(&mine);
    }
    merged_release(&first);
    verdicts_judge(figures);
    return failed;
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
    over_time_release(&figures->over_time);
    free(figures->fallbacks);
    for (size_t i = 0; i < figures->part_count; i++)
        free(figures->parts[i].spread);
    free(figures->parts);
    free(figures->whole.spread);
}

bool summary_figures_compare_row(const struct summary_figures *figures, size_t row)
{
    for (size_t i = 0; i < figures->part_count; i++) {
        const struct figures_part *const part = &figures->parts[i];
        if (part->cells[row].stats.count && (row != ROW_TOTAL_GOOD || part->failed))
            return true;
    }
    return false;
}

int summary_figures_init(struct summary_figures *figures, const struct summary *summary,
                         const struct percentiles *percentiles)
{
    *figures = (struct summary_figures){.of = summary,
                                        .percentiles = percentiles,
                                        .whole = {.name = "all", .failures = &summary->failures}};
    struct merged all;
    merged_init(&all);
    for (size_t i = 0; i <= SUMMARY_VALUES; i++)
        if (summary->groups[i])
            merge_group(&all, summary->groups[i]);
    fill(figures, &figures->whole, &all);
    spread_make_bins(figures, &all.rows[ROW_TOTAL]);
    const int failed = make_spread(&figures->whole, &all);
    merged_release(&all);
    figures->zone_s = dates_zone(summary->first_ns / NS_PER_S);
    figures->span_s = (double)(summary->last_ns - summary->first_ns) / (double)NS_PER_S;
    figures->rate = transfer_rate(summary->transfers, summary->first_ns, summary->last_ns);
    if (failed == 0 && make_parts(figures) == 0 && find_fallbacks(figures) == 0 &&
        over_time_make(figures) == 0)
        return 0;
    summary_figures_release(figures);
    return -1;
}
