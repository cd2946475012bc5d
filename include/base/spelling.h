/* spelling: what a misspelt word was most likely meant to be. */
#ifndef TSDB_EXPORTER_BASE_SPELLING_H
#define TSDB_EXPORTER_BASE_SPELLING_H

#include <stdbool.h>

enum { SPELLING_ROOM = 128 };

/* The end of a message about a word that is none of `names` (ended by NULL):
 * "; did you mean BEFORE NAME AFTER?", without the spaces, for the nearest name, written
 * to `room` (SPELLING_ROOM bytes); "" when none is near. Near is a name that at most
 * one slip for each three letters makes of the word (a letter too many, missing,
 * wrong, or two swapped), or that begins with the word. */
const char *spelling_hint(char *room, const char *word, const char *const *names,
                          const char *before, const char *after);

/* True if `word` is so near to `name` that a person meant that: one slip, as above, two in a
 * word of eight letters and more. A word of less than three letters is near to nothing. */
bool spelling_is_slip(const char *word, const char *name);

#endif
