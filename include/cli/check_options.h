/* check_options: which options go together. What a single value may be is in
 * option_table; what a target or a threshold may be, its own wing knows. */
#ifndef TSDB_EXPORTER_CLI_CHECK_OPTIONS_H
#define TSDB_EXPORTER_CLI_CHECK_OPTIONS_H

#include "cli/options.h"

/* 0, or -1 and an error, for exit code 64. */
int options_check(const struct options *options, struct error *err);

#endif
