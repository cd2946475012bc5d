/* run: does what the options ask for. */
#ifndef TSDB_EXPORTER_RUN_RUN_H
#define TSDB_EXPORTER_RUN_RUN_H

#include "cli/options.h"

/* Reads, sends, keeps or drains, and says what came of it. */
enum exit_code run(const struct options *options, const struct notice *notice);

#endif
