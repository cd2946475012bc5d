/* clock: the two clocks, and the dates that curl and its recipes write.
 *
 * Wall time is nanoseconds since 1970 (UTC), monotonic time milliseconds since
 * an arbitrary start. Everything else takes the time as a parameter. */
#ifndef TSDB_EXPORTER_BASE_CLOCK_H
#define TSDB_EXPORTER_BASE_CLOCK_H

#include <stdint.h>

#define NS_PER_S INT64_C(1000000000)

int64_t clock_wall_ns(void);
/* Now, to the microsecond, with the process's number below it: parallel processes
 * that read the clock in the same microsecond must not share a time, or one's
 * points would overwrite the other's without a word. */
int64_t clock_arrival_ns(void);
int64_t clock_mono_ms(void);

/* Reads a decimal number of Unix seconds ("1795423774.748555123") to the last
 * nanosecond. `*end`, when not NULL, is set behind what was read.
 * 0, or -1 when there is none or it does not fit. */
int clock_parse_seconds(const char *text, const char **end, int64_t *ns);

/* Reads "2026-11-23T20:49:34[.123456789][Z|+hh:mm|-hhmm]" (also with a space
 * for the T; no zone means UTC), the whole of `text`. 0 or -1. */
int clock_parse_iso8601(const char *text, int64_t *ns);

/* Reads the start of `text` as a certificate's date as curl prints it: OpenSSL's
 * "Nov 23 20:49:34 2026 GMT" or GnuTLS's "2026-11-23 20:49:34 GMT".
 * Unix seconds in `*seconds`. 0 or -1. */
int clock_parse_certificate_date(const char *text, int64_t *seconds);

#endif
