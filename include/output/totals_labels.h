/* totals_labels: the labels that the series of a set have in common.
 *
 * They are the transfer's tags under Prometheus's names, without those that the series shall
 * not carry, and `instance`, the machine's name, unless a tag says otherwise: two machines
 * must not write one series. A tag that is called like a label of the series themselves (le,
 * reason) is renamed to exported_reason, as Prometheus does when it scrapes.
 *
 * As text they are a run of strings, names and values in turn, each with its '\0', sorted by
 * name, none twice, and the empty string behind them. */
#ifndef TSDB_EXPORTER_OUTPUT_TOTALS_LABELS_H
#define TSDB_EXPORTER_OUTPUT_TOTALS_LABELS_H

#include "base/buf.h"
#include "layout/instrument.h"
#include "model/transfer.h"

#define TOTALS_LABELS_MAX (TRANSFER_TAGS_MAX + 1) /* with `instance` */

struct totals_label {
    const char *name, *value; /* not owned */
};

struct totals_labels {
    size_t count;
    struct totals_label of[TOTALS_LABELS_MAX]; /* sorted by name, none twice */
    char renamed[4][32]; /* names that were made; a copy of the whole would point to them */
    size_t renamed_count;
};

/* Adds a label, unless there is one of that name or there are too many (then -1). */
int totals_labels_add(struct totals_labels *labels, const char *name, const char *value);
/* Adds the machine's name, unless it is NULL or empty or there is an `instance`. */
void totals_labels_add_instance(struct totals_labels *labels, const char *instance);
/* Appends them as text. */
void totals_labels_append(const struct totals_labels *labels, struct buf *out);

/* The labels of a transfer, whose tags stand in `tags` as text: without those named in
 * `without`, and renamed if one of the instruments has a label of that name. What they point
 * to lives as long as both. */
void totals_labels_init(struct totals_labels *labels, const char *tags, const char *const *without,
                        const struct instrument *instruments, const char *instance);
/* Gives all of them the value "other", all but `instance` if that shall stay. */
void totals_labels_make_other(struct totals_labels *labels, bool keep_instance);

#endif
