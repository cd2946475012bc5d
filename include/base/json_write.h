/* json_write: writes JSON, indented by two spaces a level or for an HTML page. It puts the
 * commas.
 *
 * `key` is NULL for the elements of an array and for the outermost value. Strings
 * become clean UTF-8 (text_clean), numbers come out so that they read back exactly; in HTML
 * those below 1000 have nine digits, which is a microsecond. */
#ifndef TSDB_EXPORTER_BASE_JSON_WRITE_H
#define TSDB_EXPORTER_BASE_JSON_WRITE_H

#include "base/buf.h"

#include <stdint.h>

enum json_form {
    JSON_INDENTED,
    JSON_HTML /* no spaces; < > & as \uXXXX, so that no string ends the <script> that it stands
                 in, or begins a comment there */
};

struct json {
    struct buf *out;
    enum json_form form;
    bool row; /* in an array that stands in one line */
    int depth;
    bool first; /* nothing stands before on this level */
};

void json_init(struct json *json, enum json_form form, struct buf *out);

void json_open(struct json *json, const char *key, char bracket); /* '{' or '[' */
/* An array of numbers, in one line. Closed as others are. */
void json_open_row(struct json *json, const char *key);
void json_close(struct json *json, char bracket); /* '}' or ']' */
void json_string(struct json *json, const char *key, const char *value);
void json_number(struct json *json, const char *key, double value); /* finite */
void json_count(struct json *json, const char *key, uint64_t value);
void json_integer(struct json *json, const char *key, int value);
void json_literal(struct json *json, const char *key, const char *value); /* as it stands */
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

#endif
