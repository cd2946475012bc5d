/* Why: a round is put together set by set, so that it never lies in memory unpacked. */
#include "output/round.h"

#include "output/packed.h"
#include "output/totals_samples.h"

enum { LIST_BYTES_MAX = 32 * 1024 * 1024 }; /* of the samples of one set */

/* Appends one part of a round: that of the series of every set. */
static int append_numbers(const struct totals *totals, bool native, struct batch *batch,
                          enum packed_part part, struct error *err)
{
    int result = 0;
    struct sample_list list;
    for (size_t set = 0; set < totals_set_count(totals) && result == 0; set++) {
        sample_list_init(&list, LIST_BYTES_MAX);
        totals_numbers(totals, set, &list);
        if (!native)
            totals_classic(totals, set, &list);
        result = list.samples.failed || list.definitions.failed || list.kinds.failed
                     ? error_set(err, "out of memory")
                     : packed_add(batch, part, &list, err);
        sample_list_release(&list);
    }
    return result;
}

/* The same for native histograms. */
static int append_histograms(const struct totals *totals, struct batch *batch,
                             enum packed_part part, struct error *err)
{
    int result = 0;
    struct histogram_list list;
    struct sample_list classic;
    for (size_t set = 0; set < totals_set_count(totals) && result == 0; set++) {
        histogram_list_init(&list, LIST_BYTES_MAX);
        sample_list_init(&classic, LIST_BYTES_MAX);
        totals_native(totals, set, &list);
        totals_classic(totals, set, &classic);
        result = list.samples.failed || list.buckets.failed || list.definitions.failed ||
                         list.kinds.failed || classic.samples.failed ||
                         classic.definitions.failed || classic.kinds.failed
                     ? error_set(err, "out of memory")
                     : packed_add_histograms(batch, part, &list, &classic, err);
        histogram_list_release(&list);
        sample_list_release(&classic);
    }
    return result;
}

int round_append(const struct totals *totals, bool native, struct batch *batch)
{
    struct error err;
    if (append_numbers(totals, native, batch, PACKED_ZEROS, &err) < 0 ||
        append_numbers(totals, native, batch, PACKED_NUMBERS, &err) < 0)
        return -1;
    if (!native)
        return 0;
    return append_histograms(totals, batch, PACKED_HISTOGRAM_ZEROS, &err) < 0
               ? -1
               : append_histograms(totals, batch, PACKED_HISTOGRAMS, &err);
}
