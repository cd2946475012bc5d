/* packed: the samples of a batch of totals, packed until they are sent.
 *
 * Totals go on changing while a batch waits, and the same samples must be sent again after a
 * failure, so they are kept. What a set of labels has shares nearly all of its text, of
 * which compression leaves a tenth.
 *
 * A batch holds its samples in this order, and no request holds two of these parts: */
#ifndef TSDB_EXPORTER_OUTPUT_PACKED_H
#define TSDB_EXPORTER_OUTPUT_PACKED_H

#include "output/batch.h"
#include "output/remote_write.h"

enum packed_part {
    PACKED_ZEROS,           /* with which new series begin, in case that they must be sent again:
                             * they are older then than what is stored */
    PACKED_NUMBERS,         /* counters, gauges, classic histograms */
    PACKED_HISTOGRAM_ZEROS, /* the same for native histograms */
    PACKED_HISTOGRAMS,
    PACKED_PARTS
};

/* Samples in a request at most; the same is Prometheus's own usual limit. */
#define PACKED_REQUEST_MAX 2000

/* Appends those samples of a list that belong to this part, if there are any: zeros are
 * older than the last sample, and all others as old. 0 or -1. */
int packed_add(struct batch *batch, enum packed_part part, const struct sample_list *list,
               struct error *err);
/* The same for native histograms; `classic` are the same histograms as classic ones. */
int packed_add_histograms(struct batch *batch, enum packed_part part,
                          const struct histogram_list *list, const struct sample_list *classic,
                          struct error *err);

/* The part that a point belongs to. */
enum packed_part packed_part_of(const struct batch *batch, size_t point);
/* See output_type.request_end. */
size_t packed_request_end(const struct batch *batch, size_t first, size_t end);

/* Appends the points first <= i < end, which are numbers, to a list; or, of native
 * histograms, the classic ones that take their place. 0 or -1. */
int packed_numbers(const struct batch *batch, size_t first, size_t end, struct sample_list *list,
                   struct error *err);
/* The same for native histograms. */
int packed_histograms(const struct batch *batch, size_t first, size_t end,
                      struct histogram_list *list, struct error *err);
/* How many samples packed_numbers would append. */
size_t packed_count_numbers(const struct batch *batch, size_t first, size_t end);

#endif
