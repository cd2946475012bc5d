/* unseen: names that were asked for and that no transfer had. */
#ifndef TSDB_EXPORTER_REPORT_UNSEEN_H
#define TSDB_EXPORTER_REPORT_UNSEEN_H

#include "base/notice.h"
#include "report/summary.h"
#include "report/threshold.h"

/* Says each of them once, after the last transfer: the metrics and keys of thresholds, and the
 * key of --summary-by (`summary` may be NULL). Without it a misspelt name would make a check
 * that sees nothing. Metrics of curl's and "label" need no word: a report shows that they are
 * not there. */
void unseen_tell(const struct threshold *thresholds, size_t count, const struct summary *summary,
                 const struct tag_plan *tags, const struct notice *to);

#endif
