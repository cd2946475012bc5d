/* k6_totals: the layout of k6's output to Prometheus: its series, labels and units, for its
 * dashboards. */
#ifndef TSDB_EXPORTER_LAYOUT_K6_TOTALS_H
#define TSDB_EXPORTER_LAYOUT_K6_TOTALS_H

#include "layout/layout.h"

extern const struct instrument layout_k6_instruments[];
size_t layout_k6_observe(const struct transfer *transfer, struct observation *observations);

#endif
