/* raw: what is done to the text of a JSON object before and beside parsing it.
 *
 * All of them expect one whole object from frame. */
#ifndef TSDB_EXPORTER_INPUT_JSON_TEXT_H
#define TSDB_EXPORTER_INPUT_JSON_TEXT_H

#include <stddef.h>
#include <stdint.h>

typedef void *json_text_alloc(size_t count);

/* Copies the object with null where a value is missing ("certs":,): from curl
 * 8.3 on a string over 100,000 bytes is written as nothing. NULL: no memory. */
char *json_text_fill_gaps(const char *text, size_t *len, json_text_alloc *alloc);

/* Takes the certificates out of the text, where curl writes them: first. They are
 * most of an https object, and of all that is in them only a date is wanted, so
 * the parser need not copy them. What stands before them moves behind them, over
 * their end. Returns the new beginning of the text; *certs is the raw JSON
 * string's inside, terminated, or NULL if there is none. */
char *json_text_cut_certs(char *text, size_t *len, const char **certs);

/* A double keeps 16 digits, date +%s.%N has 19: finds the number of "ts": again,
 * which was read as `seconds`, in nanoseconds. 0 or -1. */
int json_text_exact_seconds(const char *text, size_t len, double seconds, int64_t *ns);

#endif
