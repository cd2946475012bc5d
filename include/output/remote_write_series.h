/* remote_write_series: one series with its samples, on its way into a request; for the files
 * that pack it in one version or the other. */
#ifndef TSDB_EXPORTER_OUTPUT_REMOTE_WRITE_SERIES_H
#define TSDB_EXPORTER_OUTPUT_REMOTE_WRITE_SERIES_H

#include "model/transfer.h"
#include "output/sample_list.h"

/* With the name, `instance`, `le`, and a label of the series' own. */
#define SERIES_LABELS_MAX (TRANSFER_TAGS_MAX + 4)

/* The samples of one series: numbers, or histograms. */
struct series_group {
    const char *definition;
    struct series_kind kind;
    const struct sample *samples;              /* or NULL */
    const struct histogram_sample *histograms; /* or NULL */
    const uint64_t *buckets;                   /* that the histograms point into */
    size_t count;
};

/* The labels of a series with its name among them, in order. */
struct series_labels {
    const char *names[SERIES_LABELS_MAX], *values[SERIES_LABELS_MAX];
    const char *unit, *help;
    size_t count;
};

void series_labels_init(struct series_labels *labels, const char *definition);

const char *series_next_string(const char *string);
const char *series_next_definition(const char *definition);

#endif
