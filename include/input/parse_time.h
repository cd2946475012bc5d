/* parse_time: the time that came with an object, as "ts".
 *
 * A time is believed from 2000-01-01 on, until now + 10 minutes (what Prometheus
 * 3.5 takes; 2.42 takes more and then refuses everything else). Both functions
 * return NULL and the time, or why it is none: static text. */
#ifndef TSDB_EXPORTER_INPUT_PARSE_TIME_H
#define TSDB_EXPORTER_INPUT_PARSE_TIME_H

#include <stddef.h>
#include <stdint.h>

#define PARSE_TIME_MIN_NS (INT64_C(946684800) * 1000000000)
#define PARSE_TIME_AHEAD_NS (INT64_C(600) * 1000000000)

/* The reason for a "ts" that is neither a number nor a text. */
extern const char parse_time_wrong_type[];

/* Unix seconds that were read as `seconds`. A double keeps 16 digits, date
 * +%s.%N has 19, so the digits are looked up again in the object's text. */
const char *parse_time_of_number(double seconds, const char *object, size_t len, int64_t now_ns,
                                 int64_t *time_ns);
/* ISO 8601. */
const char *parse_time_of_text(const char *text, int64_t now_ns, int64_t *time_ns);

#endif
