/* histogram_bounds: where the 256 buckets between 1 and 2 end (schema 8). */
#ifndef TSDB_EXPORTER_STATS_HISTOGRAM_BOUNDS_H
#define TSDB_EXPORTER_STATS_HISTOGRAM_BOUNDS_H

#include <stdint.h>

/* The 52 bits behind the point of 2^(k/256). */
extern const uint64_t histogram_bounds[256];
/* For numbers whose first 8 bits behind the point are the index: the first k
 * whose bound can be as large as they are, or 256. */
extern const uint16_t histogram_guess[256];

#endif
