/* totals: the layout of curl's transfers as counters and histograms. */
#ifndef TSDB_EXPORTER_LAYOUT_TOTALS_H
#define TSDB_EXPORTER_LAYOUT_TOTALS_H

#include "layout/layout.h"

extern const struct tag_source layout_totals_tags[];
extern const struct instrument layout_totals_instruments[];
size_t layout_totals_observe(const struct transfer *transfer, struct observation *observations);

#endif
