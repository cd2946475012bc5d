/* run: one run of the program, from its options to its exit code. */
#ifndef TSDB_EXPORTER_RUN_RUN_H
#define TSDB_EXPORTER_RUN_RUN_H

#include "cli/options.h"

/* Does what the options ask for: delivers standard input, adds it to a spool, drains a
 * spool or shows its status. Messages go to `notice`. */
enum exit_code run(const struct options *options, const struct notice *notice);

#endif
