/* parse_time: the time that came with an object, as "ts", "time" or "timestamp".
 *
 * It must be plausible (see model/transfer.h). Both functions return NULL and the time,
 * or why it is none: static text. */
#ifndef TSDB_EXPORTER_INPUT_PARSE_TIME_H
#define TSDB_EXPORTER_INPUT_PARSE_TIME_H

#include <stddef.h>
#include <stdint.h>

/* The reasons for a time that is neither a number nor a text, and for none at all. */
extern const char parse_time_wrong_type[], parse_time_missing[];

/* A Unix time in seconds, milliseconds, microseconds or nanoseconds, which its size tells.
 * A double keeps 16 digits, date +%s.%N has 19, so the digits of `number` are looked up again
 * in the object's text, behind `key`. */
const char *parse_time_of_number(double number, const char *key, const char *object, size_t len,
                                 int64_t now_ns, int64_t *time_ns);
/* The same in quotes, or ISO 8601 with a zone. */
const char *parse_time_of_text(const char *text, int64_t now_ns, int64_t *time_ns);

#endif
