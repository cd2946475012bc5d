/* report: what people see of the transfers of a run: the summary, the thresholds, the
 * progress. It changes nothing about them.
 *
 * Every function takes a report of NULL, and then does nothing. */
#ifndef TSDB_EXPORTER_REPORT_REPORT_H
#define TSDB_EXPORTER_REPORT_REPORT_H

#include "base/list.h"
#include "base/notice.h"
#include "model/tags.h"
#include "model/tally.h"

struct report_options {
    bool summary, progress;
    const char *summary_by;          /* a tag or key */
    const char *summary_export;      /* file, "-" for standard output, or NULL */
    const char *page;                /* --report: an HTML file, "-", or NULL */
    const char *summary_percentiles; /* a list, see percentiles.h */
    struct string_list thresholds;   /* expressions */
    bool abort_on_fail;              /* stop reading when a threshold cannot hold any more */
    bool quiet;                      /* show thresholds only if one does not hold */
};

struct report;

/* Sets `*report` to what the options ask for, or to NULL if that is nothing.
 * `uses_stdout` says that lines of the output go to standard output, so that no progress
 * is drawn on the same terminal; `tags` are those that the transfers have. Options, tags and
 * notice must outlive the report. -1: a wrong threshold or percentile, a file that cannot be
 * opened, no memory; free the report either way. */
int report_new(struct report **report, const struct report_options *options,
               const struct tag_plan *tags, bool uses_stdout, const struct notice *notice,
               struct error *err);
void report_free(struct report *report);

void report_add(struct report *report, const struct transfer *transfer);

/* True once the run should read no more than it has (--abort-on-fail). The reason has been
 * said. */
bool report_is_over(const struct report *report);

/* Draws the progress if it is due. Returns the milliseconds until it is due again, or -1 if
 * it never is. */
int64_t report_step(struct report *report, const struct output_tally *tallies, size_t count);
/* Ends the progress. To be called before anything else is said. */
void report_end(struct report *report);
/* Shows and writes what was asked for. `code` is the exit code of the delivery; returns
 * that of the whole run. */
enum exit_code report_finish(struct report *report, enum exit_code code);

#endif
