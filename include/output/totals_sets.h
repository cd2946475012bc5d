/* totals_sets: the state of all series, in sets of the same labels.
 *
 * A transfer belongs to one set for each group of instruments that carry the same labels:
 * those of k6's failed rate have fewer than those of its durations. Sets and their series
 * stand in the order in which they came, which is also that of the text they are stored as,
 * so that what goes on from the text does the same as what had gone on. */
#ifndef TSDB_EXPORTER_OUTPUT_TOTALS_SETS_H
#define TSDB_EXPORTER_OUTPUT_TOTALS_SETS_H

#include "output/totals_histogram.h"
#include "output/totals_labels.h"

#include <stdbool.h>

#define TOTALS_GROUPS_MAX 4

struct totals_series {
    const struct instrument *instrument;
    char *label;      /* the value of instrument->label; owned; NULL if that is NULL */
    int64_t since_ms; /* the time of its 0; 0 as long as it has no sample */
    double number;    /* of a counter, a gauge; of a rate: how many failed */
    double all;       /* of a rate */
    struct totals_histogram *histogram; /* owned; NULL for other kinds */
};

struct totals_set {
    char *labels; /* as totals_labels has them; owned */
    size_t labels_len;
    uint64_t hash; /* of group and labels */
    size_t group;
    struct totals_series *series; /* owned */
    size_t count;
};

struct totals_sets {
    const struct instrument *instruments;          /* end with a NULL name */
    size_t bounds;                                 /* of histograms */
    const char *const *without[TOTALS_GROUPS_MAX]; /* what makes a group */
    size_t groups;
    size_t group_sets[TOTALS_GROUPS_MAX]; /* how many sets a group has */
    struct totals_set *sets;              /* owned */
    size_t count, room;
    uint32_t *slots;   /* of the hash table: numbers of sets from 1, or 0; owned */
    size_t slot_count; /* a power of two, or 0 */
};

void totals_sets_init(struct totals_sets *sets, const struct instrument *instruments,
                      size_t bounds);
void totals_sets_release(struct totals_sets *sets);

size_t totals_sets_group(const struct totals_sets *sets, const struct instrument *instrument);

/* The number of the set with these labels, or SIZE_MAX. */
size_t totals_sets_find(const struct totals_sets *sets, size_t group, const char *labels,
                        size_t len);
/* Adds the set, which is not there yet. Its number, or SIZE_MAX: no memory. */
size_t totals_sets_add(struct totals_sets *sets, size_t group, const char *labels, size_t len);

/* The series' number in the set; with `label` if the instrument has one. It is added if it
 * is not there. SIZE_MAX: no memory. */
size_t totals_sets_series(struct totals_sets *sets, size_t set, const struct instrument *instrument,
                          const char *label);

#endif
