/* steps: a run's transfers, in equal steps of its time.
 *
 * Step number n holds the times from n * 2^k up to, not including, (n + 1) * 2^k seconds. k is
 * the least, from -10 on, with which the run has at most STEPS_MAX steps: when a transfer falls
 * outside, pairs of steps merge and k grows by one. So the steps follow from the first and the
 * last time alone, and not from the order in which transfers came. Merging adds counts, and
 * never computes one percentile from others.
 *
 * A step holds counts and a histogram for each of up to STEPS_GROUPS groups. With one group
 * more, only their sum goes on, in group 0. All of it takes 0.9 MiB at most. */
#ifndef TSDB_EXPORTER_REPORT_STEPS_H
#define TSDB_EXPORTER_REPORT_STEPS_H

#include "stats/histogram.h"

#define STEPS_MAX 128
#define STEPS_GROUPS 6
/* Of a histogram: three octaves within 0.6 %, six within 1.1 %. */
#define STEPS_HISTOGRAM_BYTES 1024

struct step_group {
    uint64_t transfers, failed;
    struct histogram times; /* time_total */
};

/* May be read by everybody; only steps.c changes it. */
struct steps {
    int k;
    int64_t first; /* the number of the first step */
    size_t count;  /* of steps, also empty ones between others; 0: nothing came */
    bool whole;    /* there were too many groups: all is in group 0 */
    /* As long as all failed, the times are of those that failed. From the first time of a
     * transfer that did not fail on, they are of those that did not. */
    bool has_good;
    bool incomplete;                                    /* some are missing for want of memory */
    struct step_group *groups[STEPS_MAX][STEPS_GROUPS]; /* NULL where there were none */
};

/* NULL: out of memory. */
struct steps *steps_new(void);
void steps_free(struct steps *steps);

/* Takes in a transfer of a group, which is any number; `time_total` is NULL if it has none. */
void steps_add(struct steps *steps, size_t group, int64_t time_ns, bool failed,
               const double *time_total);
/* Makes all groups so far one, which is group 0. Further groups may follow. */
void steps_join_groups(struct steps *steps);
/* Merges pairs while there are more than `most` and at least STEPS_LEAST would be left. */
void steps_reduce(struct steps *steps, uint64_t most);
#define STEPS_LEAST 12

/* Seconds: a step's width, and the Unix time at which step i begins; both are exact. */
double steps_width(const struct steps *steps);
double steps_begin(const struct steps *steps, size_t i);

#endif
