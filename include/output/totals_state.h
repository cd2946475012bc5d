/* totals_state: the struct behind totals.h, for the files that are made of it: totals.c,
 * totals_samples.c and totals_text.c. */
#ifndef TSDB_EXPORTER_OUTPUT_TOTALS_STATE_H
#define TSDB_EXPORTER_OUTPUT_TOTALS_STATE_H

#include "output/totals.h"
#include "output/totals_sets.h"

struct totals {
    const struct totals_options *options; /* not owned, as is the layout */
    const struct layout *layout;
    struct totals_sets sets;
    int64_t since_ms;        /* the time of the first transfer; 0: there was none */
    int64_t newest_ms;       /* the latest time of a transfer */
    int64_t last_ms;         /* the time of the last samples; 0: there were none */
    bool stale;              /* these are stale markers */
    uint64_t others;         /* see totals_others */
    struct buf tags, labels; /* of the transfer that is being added */
};

/* True if its native buckets are kept: they are sent, or a quantile is made from them. */
bool totals_keeps_native(const struct totals *totals, const struct instrument *instrument);

#endif
