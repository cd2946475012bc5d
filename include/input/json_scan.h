/* json_scan: JSON's grammar, a byte at a time.
 *
 * Read loosely in three places where real curls and shells break it: a value may be
 * missing ("certs":, and "certs":}), numbers may have leading zeros (000), and may end
 * with an N, which is what `date +%s.%N` prints where it knows no %N. Escapes and literals
 * are left to the JSON parser. */
#ifndef TSDB_EXPORTER_INPUT_JSON_SCAN_H
#define TSDB_EXPORTER_INPUT_JSON_SCAN_H

#include <stdbool.h>
#include <stdint.h>

/* curl's objects are flat; a wrapper adds one level, header_json two. */
#define JSON_SCAN_DEPTH_MAX 16

enum json_scan_result { JSON_SCAN_GOING, JSON_SCAN_WHOLE, JSON_SCAN_BROKEN };

struct json_scan {
    unsigned char state;
    bool keyed;        /* there was a "key": at least */
    bool gaps;         /* a value is missing, or ends with an N */
    unsigned depth;    /* 0 behind the object; above JSON_SCAN_DEPTH_MAX: broken by that */
    uint32_t arrays;   /* bit n: level n is an array */
    uint64_t newlines; /* read so far */
};

/* Begins behind the '{' of an object. */
void json_scan_begin(struct json_scan *scan);

/* Reads on from *text: to behind the object (WHOLE), to its first wrong byte
 * (BROKEN), or to the end (GOING). *text is moved there. */
enum json_scan_result json_scan_run(struct json_scan *scan, const char **text, const char *end);

/* JSON's white space. */
bool json_scan_is_space(unsigned char c);

#endif
