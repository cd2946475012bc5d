/* over_time: the course of a run, from the steps that its summary has collected. */
#ifndef TSDB_EXPORTER_REPORT_OVER_TIME_H
#define TSDB_EXPORTER_REPORT_OVER_TIME_H

#include "report/figures.h"

/* Each step that is shown is to have so many transfers of each part, on average. */
#define OVER_TIME_EACH 20
/* No more steps than this of all parts together, so that a page stays small. */
#define OVER_TIME_STEPS 384

/* Merges the steps until they are few enough, and fills the figures' over_time, when their parts
 * are there. -1: out of memory; release it either way. */
int over_time_make(struct summary_figures *figures);
void over_time_release(struct figures_over_time *over_time);

#endif
