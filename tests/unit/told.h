/* told: totals as the series that a database gets, for the tests that look into them: through
 * the encoder and back, as decoded.h writes them. */
#ifndef TSDB_EXPORTER_TOLD_H
#define TSDB_EXPORTER_TOLD_H

#include "layout/layouts.h"
#include "output/remote_write.h"
#include "output/totals.h"
#include "output/totals_read.h"
#include "output/totals_samples.h"
#include "output/totals_write.h"

#include "decoded.h"

#define TOLD_BYTES_MAX (64 * 1024 * 1024)

enum told_part { TOLD_NUMBERS = 1, TOLD_CLASSIC = 2, TOLD_NATIVE = 4 };

static inline void told_numbers(struct buf *out, const struct totals *totals, size_t set, int parts,
                                int version)
{
    struct sample_list list;
    struct buf body, text;
    struct error err;
    sample_list_init(&list, TOLD_BYTES_MAX);
    buf_init(&body, TOLD_BYTES_MAX);
    buf_init(&text, TOLD_BYTES_MAX);
    if (parts & TOLD_NUMBERS)
        totals_numbers(totals, set, &list);
    if (parts & TOLD_CLASSIC)
        totals_classic(totals, set, &list);
    const size_t count = list.samples.len / sizeof(struct sample);
    if (count && remote_write_encode_list(version, &list, 0, count, &body, &err) < 0)
        buf_append_text(out, err.text);
    else if (count)
        buf_append_text(out, decoded(&text, version, body.data, body.len));
    sample_list_release(&list);
    buf_release(&body);
    buf_release(&text);
}

static inline void told_histograms(struct buf *out, const struct totals *totals, size_t set,
                                   int version)
{
    struct histogram_list list;
    struct buf body, text;
    struct error err;
    histogram_list_init(&list, TOLD_BYTES_MAX);
    buf_init(&body, TOLD_BYTES_MAX);
    buf_init(&text, TOLD_BYTES_MAX);
    totals_native(totals, set, &list);
    const size_t count = list.samples.len / sizeof(struct histogram_sample);
    if (count && remote_write_encode_histograms(version, &list, 0, count, &body, &err) < 0)
        buf_append_text(out, err.text);
    else if (count)
        buf_append_text(out, decoded(&text, version, body.data, body.len));
    histogram_list_release(&list);
    buf_release(&body);
    buf_release(&text);
}

/* Replaces `out` with the samples fixed last of all sets, a line a series. */
static inline const char *told(struct buf *out, const struct totals *totals, int parts, int version)
{
    buf_clear(out);
    for (size_t set = 0; set < totals_set_count(totals); set++) {
        told_numbers(out, totals, set, parts, version);
        if (parts & TOLD_NATIVE)
            told_histograms(out, totals, set, version);
    }
    return buf_text(out);
}

#endif
