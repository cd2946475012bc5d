/* json_text: what is done to the text of a JSON object before it is parsed.
 *
 * Both functions expect one whole object from json_stream. */
#ifndef TSDB_EXPORTER_INPUT_JSON_TEXT_H
#define TSDB_EXPORTER_INPUT_JSON_TEXT_H

#include "base/arena.h"

/* Copies the object with null where a value is missing ("certs":,): from curl
 * 8.3 on a string over 100,000 bytes is written as nothing. NULL: no memory. */
char *json_text_fill_gaps(const char *text, size_t *len, struct arena *arena);

/* Takes the certificates out of the text, where curl writes them: first. They are
 * most of an https object, and of all that is in them only a date is wanted, so
 * the parser need not copy them. What stands before them moves behind them, over
 * their end. Returns the new beginning of the text; *certs is the raw JSON
 * string's inside, terminated, or NULL if there is none. */
char *json_text_cut_certs(char *text, size_t *len, const char **certs);

#endif
