/* dates: the times that curl, its recipes and certificates write, as Unix time. */
#ifndef TSDB_EXPORTER_BASE_DATES_H
#define TSDB_EXPORTER_BASE_DATES_H

#include <stdint.h>

/* Reads a decimal number of Unix seconds ("1795423774.748555123") to the last
 * nanosecond. `*end`, unless `end` is NULL, is set to the end of what was read.
 * 0, or -1 when there is no number or it does not fit. */
int dates_parse_seconds(const char *text, const char **end, int64_t *ns);

/* Reads "2026-11-23T20:49:34[.123456789][Z|+hh:mm|-hhmm]", the whole of `text`. A blank
 * may stand for the T; without a zone it is UTC. 0 or -1. */
int dates_parse_iso8601(const char *text, int64_t *ns);

/* Reads a certificate's date as curl prints it, at the beginning of `text`, up to the end of
 * the line: OpenSSL's "Nov 23 20:49:34[.5] 2026[ GMT]", or "2026-11-23 20:49:34[.5]" of all
 * other TLS libraries with " GMT", " UTC+02:30", " UTC-3", " +0100" or no zone, which is UTC.
 * Gives whole Unix seconds. 0 or -1. */
int dates_parse_certificate(const char *text, int64_t *seconds);

#endif
