/* deliver: input -> outputs, until the input ends and all of it is settled. */
#ifndef TSDB_EXPORTER_DELIVER_H
#define TSDB_EXPORTER_DELIVER_H

#include "tsdb_exporter/output.h"
#include "tsdb_exporter/tally.h"
#include "tsdb_exporter/watch.h"

/* Reads standard input; says what came of it. `outputs` are those of the options; `watch` looks on.
 */
enum exit_code deliver(const struct options *options, struct output *outputs, struct watch *watch,
                       const struct notice *to);

#endif
