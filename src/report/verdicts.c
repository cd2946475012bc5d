/* Two medians always differ. What people want to know is whether they would again, and whether
 * anybody would notice. */
#include "report/verdicts.h"

#include "stats/mann_whitney.h"

#include <math.h>

/* phase_tls of QUIC is its whole handshake, that of TCP what comes after connecting, which QUIC
 * does not do. Only parts that have the same of the two, and not both, can be compared in
 * these. */
static bool is_handshake_alike(const struct figures_part *a, const struct figures_part *b)
{
    const uint64_t a_quic = a->protocols[PROTOCOL_HTTP_3], b_quic = b->protocols[PROTOCOL_HTTP_3];
    const uint64_t a_tcp = a->transfers - a->protocols[PROTOCOL_NONE] - a_quic,
                   b_tcp = b->transfers - b->protocols[PROTOCOL_NONE] - b_quic;
    return (!a_quic && !b_quic) || (!a_tcp && !b_tcp);
}

static bool is_minor(double a, double b, double total)
{
    return fabs(a - b) < FIGURES_MINOR * total;
}

void verdicts_compare(struct summary_figures *figures, struct figures_part *part,
                      const struct histogram *mine, const struct histogram *first)
{
    const double total = figures->parts[0].cells[ROW_TOTAL].stats.med;
    for (size_t i = 0; i < FIGURES_ROWS; i++) {
        struct figures_cell *const cell = &part->cells[i];
        const struct figures_stats *const other = &figures->parts[0].cells[i].stats;
        if (cell->stats.count == 0 || other->count == 0)
            continue;
        if ((i == ROW_CONNECT || i == ROW_TLS) && !is_handshake_alike(part, &figures->parts[0])) {
            cell->than = FIGURES_UNLIKE;
            continue;
        }
        cell->than = FIGURES_FEW;
        cell->ratio = other->med > 0 ? cell->stats.med / other->med : 0;
        cell->minor = i >= ROW_PHASES && is_minor(cell->stats.med, other->med, total);
        const struct mann_whitney c = mann_whitney_test(&first[i], &mine[i]);
        cell->p = c.p;
        cell->greater = c.greater;
        if (cell->stats.count < FIGURES_COMPARED_MIN || other->count < FIGURES_COMPARED_MIN)
            continue;
        cell->than = FIGURES_NOISE;
        figures->comparisons++;
    }
}

static enum figures_verdict judge(const struct figures_cell *cell)
{
    if (cell->p >= FIGURES_P_MAX)
        return FIGURES_NOISE;
    if (fabs(cell->greater - 0.5) <= FIGURES_SLIGHTLY)
        return FIGURES_SLIGHT;
    return cell->greater > 0.5 ? FIGURES_SLOWER : FIGURES_FASTER;
}

void verdicts_judge(struct summary_figures *figures)
{
    for (size_t n = 1; n < figures->part_count; n++)
        for (size_t i = 0; i < FIGURES_ROWS; i++) {
            struct figures_cell *const cell = &figures->parts[n].cells[i];
            const double p = cell->p * (double)figures->comparisons;
            if (cell->than != FIGURES_NOISE)
                continue;
            cell->p = p < 1 ? p : 1;
            cell->than = judge(cell);
        }
}
