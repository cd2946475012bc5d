/* spool_status: what waits in a spool, for a person and for a script. */
#ifndef TSDB_EXPORTER_DRAIN_STATUS_H
#define TSDB_EXPORTER_DRAIN_STATUS_H

#include "base/error.h"
#include "base/notice.h"
#include "model/tally.h"

#include <stdio.h>

/* Prints to `out` a line for each destination of each queue in the directory
 * `path`. EXIT_OK when nothing waits, EXIT_WAITING, or EXIT_NOT_SPOOLED and a
 * notice when it cannot be read. */
enum exit_code status_print(const char *path, FILE *out, const struct notice *to);

/* How many transfers wait in the queues of `dir` but the one called `queue`, the
 * most for any destination each. 0 or -1. */
int status_elsewhere(int dir, const char *queue, uint64_t *transfers, struct error *err);

#endif
