/* report: what people see of the transfers of a run: the summary, the thresholds, the
 * progress. It changes nothing about them.
 *
 * Every function takes a report of NULL, and then does nothing. */
#ifndef TSDB_EXPORTER_REPORT_REPORT_H
#define TSDB_EXPORTER_REPORT_REPORT_H

#include "base/list.h"
#include "base/notice.h"
#include "model/tally.h"
#include "model/transfer.h"

struct report_options {
    bool summary, progress;
    const char *summary_by;        /* a tag or key */
    const char *summary_export;    /* file, or NULL */
    struct string_list thresholds; /* expressions */
    bool quiet;                    /* show thresholds only if one does not hold */
};

struct report;

/* Sets `*report` to what the options ask for, or to NULL if that is nothing.
 * `uses_stdout` says that lines of the output go to standard output, so that no progress
 * is drawn on the same terminal. Options and notice must outlive the report. -1: a wrong
 * threshold, a file that cannot be opened, no memory; free the report either way. */
int report_new(struct report **report, const struct report_options *options, bool uses_stdout,
               const struct notice *notice, struct error *err);
void report_free(struct report *report);

void report_add(struct report *report, const struct transfer *transfer);

/* Draws the progress if it is due. Returns the milliseconds until it is due again, or -1 if
 * it never is. */
int64_t report_step(struct report *report, const struct output_tally *tallies, size_t count);
/* Ends the progress. To be called before anything else is said. */
void report_end(struct report *report);
/* Shows and writes what was asked for. `code` is the exit code of the delivery; returns
 * that of the whole run. */
enum exit_code report_finish(struct report *report, enum exit_code code);

#endif
