/* status: what waits in a spool, for a person and for a script. */
#ifndef TSDB_EXPORTER_DRAIN_STATUS_H
#define TSDB_EXPORTER_DRAIN_STATUS_H

#include "base/error.h"
#include "base/notice.h"
#include "model/tally.h"

#include <stdio.h>

/* Prints to `out` what waits for each destination of each queue in the directory `path`,
 * how long already and why. EXIT_OK when nothing waits, EXIT_WAITING when something does,
 * EXIT_NOT_SPOOLED and a notice when the spool cannot be read. */
enum exit_code status_print(const char *path, FILE *out, const struct notice *to);

/* Counts the transfers that wait in all queues of the spool `dir` but the one called
 * `queue`. Where a queue has several destinations, the one for which most wait counts. 0
 * or -1. */
int status_elsewhere(int dir, const char *queue, uint64_t *transfers, struct error *err);

#endif
