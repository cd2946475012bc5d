/* signals: SIGINT and SIGTERM as something that poll can wait for. */
#ifndef TSDB_EXPORTER_BASE_SIGNALS_H
#define TSDB_EXPORTER_BASE_SIGNALS_H

/* From now on the first SIGINT or SIGTERM makes the returned descriptor readable,
 * and the second one kills; one that was ignored before stays so. SIGPIPE is
 * ignored. -1: there are no more descriptors. */
int signals_catch(void);

#endif
