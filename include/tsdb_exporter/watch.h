/* watch: all that looks on while transfers pass by: the summary, the thresholds,
 * the progress. It touches nothing of them.
 *
 * A watch of NULL, which looks at nothing, is good everywhere. */
#ifndef TSDB_EXPORTER_WATCH_H
#define TSDB_EXPORTER_WATCH_H

#include "tsdb_exporter/notice.h"
#include "tsdb_exporter/options.h"
#include "tsdb_exporter/tally.h"
#include "tsdb_exporter/transfer.h"

struct watch;

/* What the options ask for, NULL if that is nothing. Options and notice must outlive
 * it. -1: a wrong threshold, a file that cannot be opened, no memory. */
int watch_new(struct watch **watch, const struct options *options, const struct notice *notice,
              struct error *err);
void watch_free(struct watch *watch);

void watch_add(struct watch *watch, const struct transfer *transfer);

/* Draws the progress when it is due; returns the milliseconds until then, -1: never. */
int64_t watch_step(struct watch *watch, const struct output_tally *tallies, size_t count);
/* Ends the progress; before anything else is said. */
void watch_end(struct watch *watch);
/* Shows and writes what was asked for. `code` is how the delivery went; returns how
 * the whole went. */
enum exit_code watch_report(struct watch *watch, enum exit_code code);

#endif
