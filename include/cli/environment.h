/* environment: the options that stand in environment variables.
 *
 * Every option that takes part in a run has a variable: TSDB_EXPORTER_ and its long name
 * in capitals (TSDB_EXPORTER_OUTPUT). INFLUX_* are the variables of InfluxDB's own
 * tools. */
#ifndef TSDB_EXPORTER_CLI_ENVIRONMENT_H
#define TSDB_EXPORTER_CLI_ENVIRONMENT_H

#include "cli/options.h"

/* Sets the options that are not in `given` (a flag for each row of option_table), marks
 * those that it sets, and adds the default output if there is none. Labels and tag
 * fields of the environment are added to those that are there. -1: a wrong variable. */
int environment_read(struct options *options, char **environment, bool *given, struct error *err);

#endif
