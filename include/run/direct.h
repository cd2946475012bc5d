/* direct: input -> outputs, until the input ends and all of it is settled. */
#ifndef TSDB_EXPORTER_RUN_DIRECT_H
#define TSDB_EXPORTER_RUN_DIRECT_H

#include "run/session.h"

/* Reads standard input; says what came of it. */
enum exit_code direct_run(const struct session *session);

#endif
