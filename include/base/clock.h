/* clock: wall time and monotonic time.
 *
 * Wall time is in nanoseconds since 1970 (UTC) and may jump. Monotonic time is in
 * milliseconds since an arbitrary moment and never runs backwards. */
#ifndef TSDB_EXPORTER_BASE_CLOCK_H
#define TSDB_EXPORTER_BASE_CLOCK_H

#include <stdint.h>

#define NS_PER_S INT64_C(1000000000)

int64_t clock_wall_ns(void);
/* Wall time in whole microseconds, plus this process's id modulo 1,000 as nanoseconds.
 * Without the id, two processes that read the clock in the same microsecond would have
 * the same time, and a database would silently overwrite one's points with the other's. */
int64_t clock_arrival_ns(void);
int64_t clock_mono_ms(void);

#endif
