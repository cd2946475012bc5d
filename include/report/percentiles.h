/* percentiles: which ones a summary has, for --summary-percentiles. */
#ifndef TSDB_EXPORTER_REPORT_PERCENTILES_H
#define TSDB_EXPORTER_REPORT_PERCENTILES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Beside avg, min and max more do not fit a screen. */
#define PERCENTILES_MAX 10
#define PERCENTILES_USUAL "50,90,95,99"

struct percentiles {
    size_t count;
    double shares[PERCENTILES_MAX];  /* 0 to 1, rising */
    char names[PERCENTILES_MAX][24]; /* "p99.9"; the 50th is "med" */
    bool usual;                      /* these are PERCENTILES_USUAL */
};

/* Reads "50,90,99.9", in any order; one that is there twice counts once. -1: one of them is no
 * number from 0 to 100, or there are too many. */
int percentiles_parse(struct percentiles *percentiles, const char *list, struct error *err);

#endif
