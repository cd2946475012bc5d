/* drained: spool -> outputs (--drain). */
#ifndef TSDB_EXPORTER_RUN_DRAINED_H
#define TSDB_EXPORTER_RUN_DRAINED_H

#include "run/session.h"

/* Sends what waits in the spool for the session's outputs. Tells the result. */
enum exit_code drained_run(const struct session *session);

#endif
