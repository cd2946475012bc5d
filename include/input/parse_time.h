/* parse_time: the time that came with an object, as "ts".
 *
 * It must be plausible (see model/transfer.h). Both functions return NULL and the time,
 * or why it is none: static text. */
#ifndef TSDB_EXPORTER_INPUT_PARSE_TIME_H
#define TSDB_EXPORTER_INPUT_PARSE_TIME_H

#include <stddef.h>
#include <stdint.h>

/* The reason for a "ts" that is neither a number nor a text. */
extern const char parse_time_wrong_type[];

/* Unix seconds that were read as `seconds`. A double keeps 16 digits, date
 * +%s.%N has 19, so the digits are looked up again in the object's text. */
const char *parse_time_of_number(double seconds, const char *object, size_t len, int64_t now_ns,
                                 int64_t *time_ns);
/* ISO 8601. */
const char *parse_time_of_text(const char *text, int64_t now_ns, int64_t *time_ns);

#endif
