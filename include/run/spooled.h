/* spooled: input -> spool. */
#ifndef TSDB_EXPORTER_RUN_SPOOLED_H
#define TSDB_EXPORTER_RUN_SPOOLED_H

#include "run/session.h"

/* Puts what standard input holds into the spool of the options, sees to it that it is
 * drained, and says what came of it. */
enum exit_code spooled_run(const struct session *session);

#endif
