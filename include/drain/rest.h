/* rest: the pause after failures, during which nobody sends to a destination. It is kept in
 * the destination's cursor, and doubles with each failure in a row. */
#ifndef TSDB_EXPORTER_DRAIN_REST_H
#define TSDB_EXPORTER_DRAIN_REST_H

#include "spool/cursor.h"

/* The longest pause; it doubles from a second on. */
#define REST_MAX_MS 60000

/* A failure, and why, of which the first line counts. */
void rest_begin(struct cursor *cursor, const char *why, bool denied);
/* A success. */
void rest_end(struct cursor *cursor);
/* True during the pause. */
bool rest_is_on(const struct cursor *cursor);

#endif
