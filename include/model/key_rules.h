/* key_rules: the names that every database can store and query.
 *
 * A name begins with a letter and goes on with letters, digits, '_', '.' and '-'. Beyond
 * that:
 *
 *                        '_' first    ':' later
 *   key of a tag         no           no
 *   key of a number      yes          no
 *   prefix of a series   yes          yes
 *
 * InfluxDB reserves tags that begin with '_' (its own _field, _measurement), and the key
 * "time". Prometheus takes ':' in names of series alone; for it '.' and '-' are
 * rewritten. */
#ifndef TSDB_EXPORTER_MODEL_KEY_RULES_H
#define TSDB_EXPORTER_MODEL_KEY_RULES_H

#include <stdbool.h>
#include <stddef.h>

enum { KEY_MAX = 128 }; /* bytes in a key */

/* How many of the `len` bytes are the beginning of a name: a letter, or one of `first`;
 * then letters, digits, '_', '.', '-', or one of `others`. */
size_t key_rules_span(const char *text, size_t len, const char *first, const char *others);

/* Whether a number can be stored under this name. */
bool key_rules_is_name(const char *name);

#endif
