/* known_keys: whether a key that a person typed can have a value.
 *
 * A name that is neither a tag of this run nor a key of curl's may be a newer curl's or the
 * person's own, which only the transfers will tell. But one that is a slip away from a known
 * name was meant to be that one. */
#ifndef TSDB_EXPORTER_MODEL_KNOWN_KEYS_H
#define TSDB_EXPORTER_MODEL_KNOWN_KEYS_H

#include "model/tags.h"

/* True for a tag of the plan (NULL: there are none), for "label", which a spool's other
 * writers may have, and for a key of curl's. */
bool known_keys_has(const struct tag_plan *tags, const char *key);

/* 0, or -1 if transfers never have a value under `key`: it is misspelt, and the error names
 * the right one, or it can hold secrets. */
int known_keys_check(const struct tag_plan *tags, const char *key, struct error *err);

/* "; did you mean 'NAME'?" for the most similar known name, in `room` (SPELLING_ROOM bytes),
 * or "". */
const char *known_keys_hint(const struct tag_plan *tags, const char *key, char *room);

#endif
