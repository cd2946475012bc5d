/* spooled: standard input -> spool. */
#ifndef TSDB_EXPORTER_RUN_SPOOLED_H
#define TSDB_EXPORTER_RUN_SPOOLED_H

#include "run/session.h"

/* Adds the transfers of standard input to the spool and starts the background processes
 * that send them; with --wait, waits until they are delivered. Tells the result. */
enum exit_code spooled_run(const struct session *session);

#endif
