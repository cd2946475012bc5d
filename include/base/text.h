/* text: strings and numbers made fit to be stored.
 *
 * What goes into a database is valid UTF-8 without control characters, at most
 * TEXT_MAX bytes long: InfluxDB 3 refuses a whole request for one bad byte,
 * Prometheus 3 drops the series, a raw newline would begin another point. */
#ifndef TSDB_EXPORTER_BASE_TEXT_H
#define TSDB_EXPORTER_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* VictoriaMetrics 1.145 drops rows with a label value over 4096 bytes. */
#define TEXT_MAX 4096
#define TEXT_ROOM (TEXT_MAX + 1)
#define NUMBER_ROOM 32

/* The bytes of the character that a string, which does not end here, goes on with; 0 if it is
 * no valid UTF-8. */
size_t text_character(const char *text);
/* Whether the character at `text`, of so many bytes, controls how others are shown. */
bool text_is_control(const char *text, size_t length);

/* Copies `text` to `out` (TEXT_ROOM bytes): control characters (also those of C1, those
 * that reverse the direction of writing, and line separators) become spaces, invalid
 * UTF-8 U+FFFD, what does not fit is cut at a whole character. With
 * `tag`, a backslash becomes '/': InfluxDB wants it single, VictoriaMetrics
 * double, and at the end of a tag value InfluxDB cannot take it at all.
 * Returns the length without the '\0'. */
size_t text_clean(char *out, const char *text, bool tag);

/* Writes the shortest decimal that reads back as exactly `value` (finite) to
 * `out` (NUMBER_ROOM bytes). Integers below 1e15 and numbers with at most six
 * decimals come without an exponent. Returns the length; there is a '\0' behind it. */
size_t text_number(char *out, double value);

/* Writes a 64-bit integer, as above. */
size_t text_integer(char *out, long long value);

/* The end of a noun behind a number: "" for one, else "s". */
static inline const char *text_plural(unsigned long long count)
{
    return count == 1 ? "" : "s";
}

#endif
