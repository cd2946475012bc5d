/* totals_read: the text that totals_write has made -> totals. */
#ifndef TSDB_EXPORTER_OUTPUT_TOTALS_READ_H
#define TSDB_EXPORTER_OUTPUT_TOTALS_READ_H

#include "output/totals.h"

/* Makes the totals what the text tells. 0, or -1: it is damaged, of another layout or version,
 * or of a time later than `most_ms`, or there is no memory; the totals are then empty.
 *
 * Histograms that were counted in other buckets begin anew, at 0, which Prometheus takes for a
 * restart. Counters go on in any case. */
int totals_read(struct totals *totals, const char *text, int64_t most_ms, struct error *err);

#endif
