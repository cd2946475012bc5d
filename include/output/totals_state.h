/* totals_state: the struct behind totals.h, for the files that are made of it: totals.c,
 * totals_samples.c, totals_write.c and totals_read.c. */
#ifndef TSDB_EXPORTER_OUTPUT_TOTALS_STATE_H
#define TSDB_EXPORTER_OUTPUT_TOTALS_STATE_H

#include "base/buf.h"
#include "layout/layout.h"
#include "output/totals_options.h"
#include "output/totals_sets.h"

struct totals {
    const struct totals_options *options; /* not owned, as is the layout */
    const struct layout *layout;
    bool quantiles; /* are among the trends, and are made from native buckets */
    struct totals_sets sets;
    int64_t since_ms;        /* the time of the first transfer; 0: there was none */
    int64_t newest_ms;       /* the latest time of a transfer */
    int64_t last_ms;         /* the time of the last samples; 0: there were none */
    bool stale;              /* these are stale markers */
    uint64_t others;         /* see totals_others */
    struct buf tags, labels; /* of the transfer that is being added */
};

/* True if the native buckets of such a series are kept. */
static inline bool totals_keeps_native(const struct totals *totals,
                                       const struct instrument *instrument)
{
    return instrument->kind == INSTRUMENT_HISTOGRAM &&
           (totals->options->native || (totals->quantiles && instrument->trend));
}

#endif
