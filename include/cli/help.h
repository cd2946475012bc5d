/* help: what --help prints. */
#ifndef TSDB_EXPORTER_CLI_HELP_H
#define TSDB_EXPORTER_CLI_HELP_H

#include "base/error.h"

#include <stdio.h>

/* Prints the short help (`group` NULL), or the options of a group (a name in
 * option_groups, or "all"). -1 if there is no such group. */
int help_print(FILE *to, const char *group, struct error *err);

#endif
