/* dates: the times that curl, its recipes and certificates write, as Unix time. */
#ifndef TSDB_EXPORTER_BASE_DATES_H
#define TSDB_EXPORTER_BASE_DATES_H

#include <stdint.h>

/* Reads "2026-11-23T20:49:34[.123456789]" and "Z", "+hh:mm", "-hhmm" or "+hh", the whole of
 * `text`. A blank may stand for the T. 0 or -1. */
int dates_parse_iso8601(const char *text, int64_t *ns);

/* Reads a certificate's date as curl prints it, at the beginning of `text`, up to the end of
 * the line: OpenSSL's "Nov 23 20:49:34[.5] 2026[ GMT]", or "2026-11-23 20:49:34[.5]" of all
 * other TLS libraries with " GMT", " UTC+02:30", " UTC-3", " +0100" or no zone, which is UTC.
 * Gives whole Unix seconds. 0 or -1. */
int dates_parse_certificate(const char *text, int64_t *seconds);

/* Seconds by which local time is ahead of UTC at a moment. */
int dates_zone(int64_t seconds);

#endif
