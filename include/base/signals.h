/* signals: SIGINT, SIGTERM and SIGHUP as something that poll can wait for. */
#ifndef TSDB_EXPORTER_BASE_SIGNALS_H
#define TSDB_EXPORTER_BASE_SIGNALS_H

#include "base/error.h"

/* Returns a descriptor that the first of them makes readable; the second one ends the
 * process. A signal that was ignored stays ignored. SIGPIPE is ignored from now on. -1
 * when there are no descriptors left. */
int signals_catch(struct error *err);

/* From signals_hold to signals_let_go they come late: a child that is forked in between
 * holds them too, until it lets go. */
void signals_hold(void);
void signals_let_go(void);

#endif
