/* report: all that looks on while transfers pass by: the summary, the thresholds,
 * the progress. It touches nothing of them.
 *
 * A report of NULL, which looks at nothing, is good everywhere. */
#ifndef TSDB_EXPORTER_REPORT_REPORT_H
#define TSDB_EXPORTER_REPORT_REPORT_H

#include "base/list.h"
#include "base/notice.h"
#include "model/tally.h"
#include "model/transfer.h"

struct report_options {
    bool summary, progress;
    const char *summary_by;        /* a tag or field */
    const char *summary_export;    /* file, or NULL */
    struct string_list thresholds; /* expressions */
    bool quiet;                    /* show thresholds only if one does not hold, and nothing else */
};

struct report;

/* What the options ask for, NULL if that is nothing. `uses_stdout`: lines of the output go
 * to standard output, so that progress must not be drawn on the same terminal. Options and notice must outlive it. -1: a wrong threshold, a
 * file that cannot be opened, no memory. */
int report_new(struct report **report, const struct report_options *options,
               bool uses_stdout, const struct notice *notice, struct error *err);
void report_free(struct report *report);

void report_add(struct report *report, const struct transfer *transfer);

/* Draws the progress when it is due; returns the milliseconds until then, -1: never. */
int64_t report_step(struct report *report, const struct output_tally *tallies, size_t count);
/* Ends the progress; before anything else is said. */
void report_end(struct report *report);
/* Shows and writes what was asked for. `code` is how the delivery went; returns how
 * the whole went. */
enum exit_code report_finish(struct report *report, enum exit_code code);

#endif
