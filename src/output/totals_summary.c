/* Why: who looks at a spool wants to know what its counters stand for, and needs neither the
 * options nor the memory that the totals themselves take. */
#include "output/totals_summary.h"

#include <inttypes.h>
#include <stdio.h>

int totals_summarize(struct totals_summary *summary, const char *text)
{
    int version, stale;
    int64_t newest_ms, last_ms;
    *summary = (struct totals_summary){0};
    return sscanf(text, "totals %d %*s %" SCNd64 " %" SCNd64 " %" SCNd64 " %d %" SCNu64 " %zu",
                  &version, &summary->since_ms, &newest_ms, &last_ms, &stale, &summary->others,
                  &summary->sets) == 7
               ? 0
               : -1;
}
