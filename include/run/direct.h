/* direct: standard input -> outputs. */
#ifndef TSDB_EXPORTER_RUN_DIRECT_H
#define TSDB_EXPORTER_RUN_DIRECT_H

#include "run/session.h"

/* Delivers standard input until it ends or a signal comes and everything that was read is
 * delivered, refused or lost. Tells the result. */
enum exit_code direct_run(const struct session *session);

#endif
