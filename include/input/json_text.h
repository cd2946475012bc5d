/* json_text: what is done to the text of a JSON object before it is parsed.
 *
 * Both functions expect one whole object from json_stream. */
#ifndef TSDB_EXPORTER_INPUT_JSON_TEXT_H
#define TSDB_EXPORTER_INPUT_JSON_TEXT_H

#include "base/arena.h"

/* Copies the object, with null where a value is missing ("certs":,), and with
 * "1700000000.N" as 1700000000. curl from 8.3 on writes nothing for a string of more than
 * 100,000 bytes, and `date +%s.%N` the N where it knows no %N. `*len` becomes the
 * length of the copy. NULL: no memory. */
char *json_text_fill_gaps(const char *text, size_t *len, struct arena *arena);

/* Takes the certificates out of the object, if they are its first key, which is
 * where curl writes them. They are most of an https object, and only a date of them
 * is wanted, so the parser need not copy them. What stands before them is moved
 * over their end. Returns where the object begins now. `*certs` is the inside of
 * the JSON string as it stands there, with a '\0' behind it ("" if it is shorter than what
 * stands before it, and so holds no certificate), or NULL if there is
 * none. */
char *json_text_cut_certs(char *text, size_t *len, const char **certs);

#endif
