/* keep: input -> spool, and everything else that is done with a spool. */
#ifndef TSDB_EXPORTER_KEEP_H
#define TSDB_EXPORTER_KEEP_H

#include "tsdb_exporter/output.h"
#include "tsdb_exporter/tally.h"
#include "tsdb_exporter/watch.h"

/* Puts what standard input holds into the spool of the options, sees to it that it
 * is drained, and says what came of it; or drains it, if that is the action.
 * `outputs` are those of the options; `watch` looks on. */
enum exit_code keep(const struct options *options, struct output *outputs, struct watch *watch,
                    const struct notice *to);

#endif
