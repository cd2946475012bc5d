/* Why: a thousand sets of labels have a hundred thousand series, and each sample with its
 * series' labels takes two hundred bytes. A round of them, kept until it is delivered, must
 * not take more than the totals themselves. */
#include "output/packed.h"

#include "output/snappy.h"

#include <string.h>

enum { SIZES = 4, RAW_BYTES_MAX = 64 * 1024 * 1024 };

/* What stands before the bytes of a list. */
struct shape {
    size_t sizes[SIZES]; /* in bytes, of its buffers */
    size_t series;
};

/* The samples of one set of labels, of one part. Its bytes are in the batch's data; behind
 * them, those of the classic histograms that may take the place of native ones. The pieces
 * themselves are the batch's names. */
struct piece {
    enum packed_part part;
    size_t at, len, first, points;
    size_t spare_len, spare_points;
};

static const struct piece *pieces_of(const struct batch *batch)
{
    return (const struct piece *)(const void *)batch->names.data;
}

/* The piece that the point is in. */
static const struct piece *find_piece(const struct batch *batch, size_t point)
{
    const struct piece *const pieces = pieces_of(batch);
    size_t low = 0, high = batch->name_count;
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if (pieces[middle].first <= point)
            low = middle;
        else
            high = middle;
    }
    return &pieces[low];
}

/* Appends the list in one piece to the batch's data. */
static int pack(struct batch *batch, const struct buf *const *buffers, size_t series, size_t *len,
                struct error *err)
{
    struct shape shape = {.series = series};
    struct buf raw, packed;
    buf_init(&raw, RAW_BYTES_MAX);
    buf_init(&packed, RAW_BYTES_MAX);
    for (size_t i = 0; i < SIZES; i++)
        shape.sizes[i] = buffers[i] ? buffers[i]->len : 0;
    buf_append(&raw, &shape, sizeof shape);
    for (size_t i = 0; i < SIZES; i++)
        buf_append(&raw, buffers[i] ? buffers[i]->data : "", shape.sizes[i]);
    int result = raw.failed ? error_set(err, "out of memory")
                            : snappy_block_compress(&packed, raw.data, raw.len, err);
    *len = packed.len;
    buf_append(&batch->data, packed.data, packed.len);
    if (result == 0 && batch->data.failed)
        result = error_set(err, "out of memory");
    buf_release(&packed);
    buf_release(&raw);
    return result;
}

static bool belongs_to(enum packed_part part, int64_t time_ms, int64_t last_ms)
{
    const bool zero = part == PACKED_ZEROS || part == PACKED_HISTOGRAM_ZEROS;
    return zero ? time_ms < last_ms : time_ms == last_ms;
}

/* Packs the samples of a list that belong to the part; *points is how many. */
static int pack_numbers(struct batch *batch, enum packed_part part, const struct sample_list *list,
                        size_t *len, size_t *points, struct error *err)
{
    const struct sample *const samples = (const void *)list->samples.data;
    const size_t count = list->samples.len / sizeof *samples;
    struct buf chosen;
    buf_init(&chosen, RAW_BYTES_MAX);
    for (size_t i = 0; i < count; i++)
        if (belongs_to(part, samples[i].time_ms, samples[count - 1].time_ms))
            buf_append(&chosen, &samples[i], sizeof samples[i]);
    const struct buf *const buffers[SIZES] = {&chosen, &list->definitions, &list->kinds, NULL};
    *points = chosen.len / sizeof *samples;
    *len = 0;
    int result = chosen.failed ? error_set(err, "out of memory") : 0;
    if (result == 0 && *points)
        result = pack(batch, buffers, list->series, len, err);
    buf_release(&chosen);
    return result;
}

static int add_piece(struct batch *batch, struct piece piece, struct error *err)
{
    buf_append(&batch->names, &piece, sizeof piece);
    if (batch->names.failed)
        return error_set(err, "out of memory");
    batch->name_count++;
    batch_add_points(batch, piece.points);
    return 0;
}

int packed_add(struct batch *batch, enum packed_part part, const struct sample_list *list,
               struct error *err)
{
    struct piece piece = {.part = part, .at = batch->data.len, .first = batch->points};
    if (pack_numbers(batch, part, list, &piece.len, &piece.points, err) < 0)
        return -1;
    return piece.points ? add_piece(batch, piece, err) : 0;
}

int packed_add_histograms(struct batch *batch, enum packed_part part,
                          const struct histogram_list *list, const struct sample_list *classic,
                          struct error *err)
{
    const struct histogram_sample *const samples = (const void *)list->samples.data;
    const size_t count = list->samples.len / sizeof *samples;
    struct piece piece = {.part = part, .at = batch->data.len, .first = batch->points};
    struct buf chosen;
    buf_init(&chosen, RAW_BYTES_MAX);
    for (size_t i = 0; i < count; i++)
        if (belongs_to(part, samples[i].time_ms, samples[count - 1].time_ms))
            buf_append(&chosen, &samples[i], sizeof samples[i]);
    const struct buf *const buffers[SIZES] = {&chosen, &list->definitions, &list->kinds,
                                              &list->buckets};
    piece.points = chosen.len / sizeof *samples;
    int result = chosen.failed ? error_set(err, "out of memory") : 0;
    if (result == 0 && piece.points)
        result = pack(batch, buffers, list->series, &piece.len, err);
    buf_release(&chosen);
    if (result < 0 || !piece.points)
        return result;
    result = pack_numbers(batch, part, classic, &piece.spare_len, &piece.spare_points, err);
    return result < 0 ? -1 : add_piece(batch, piece, err);
}

enum packed_part packed_part_of(const struct batch *batch, size_t point)
{
    return find_piece(batch, point)->part;
}

size_t packed_request_end(const struct batch *batch, size_t first, size_t end)
{
    const struct piece *const last = pieces_of(batch) + batch->name_count;
    const struct piece *piece = find_piece(batch, first);
    const enum packed_part part = piece->part;
    /* whole sets of labels, as long as there are not too many; one goes in any case */
    size_t at = piece->first + piece->points;
    for (piece++; piece < last && piece->part == part; piece++) {
        if (piece->first + piece->points - first > PACKED_REQUEST_MAX)
            break;
        at = piece->first + piece->points;
    }
    return at < end ? at : end;
}

/* A list that is being read from its bytes. */
struct raw {
    struct buf bytes;
    struct shape shape;
    const char *at[SIZES];
};

static int unpack(const struct batch *batch, size_t at, size_t len, struct raw *raw,
                  struct error *err)
{
    buf_init(&raw->bytes, RAW_BYTES_MAX);
    if (snappy_block_uncompress(&raw->bytes, batch->data.data + at, len, err) < 0)
        return -1;
    memcpy(&raw->shape, raw->bytes.data, sizeof raw->shape);
    raw->at[0] = raw->bytes.data + sizeof raw->shape;
    for (size_t i = 1; i < SIZES; i++)
        raw->at[i] = raw->at[i - 1] + raw->shape.sizes[i - 1];
    return 0;
}

/* Appends the samples first <= i < end of a packed list of numbers. */
static int append_numbers(const struct batch *batch, size_t at, size_t len, size_t first,
                          size_t end, struct sample_list *list, struct error *err)
{
    struct raw raw;
    int result = unpack(batch, at, len, &raw, err);
    for (size_t i = first; i < end && result == 0; i++) {
        struct sample sample;
        memcpy(&sample, raw.at[0] + i * sizeof sample, sizeof sample);
        sample.series += (uint32_t)list->series;
        buf_append(&list->samples, &sample, sizeof sample);
    }
    if (result == 0) {
        buf_append(&list->definitions, raw.at[1], raw.shape.sizes[1]);
        buf_append(&list->kinds, raw.at[2], raw.shape.sizes[2]);
        list->series += raw.shape.series;
        if (list->samples.failed || list->definitions.failed || list->kinds.failed)
            result = error_set(err, "out of memory");
    }
    buf_release(&raw.bytes);
    return result;
}

/* The points of a piece that are in a range, counted from the piece's first. */
struct cut {
    const struct piece *piece; /* NULL before the first cut */
    size_t from, to;
};

/* Goes on to the next piece that has points first <= i < end. False: there is none. */
static bool next_cut(const struct batch *batch, size_t first, size_t end, struct cut *cut)
{
    const struct piece *const piece = cut->piece ? cut->piece + 1 : find_piece(batch, first);
    if (piece == pieces_of(batch) + batch->name_count || piece->first >= end)
        return false;
    cut->piece = piece;
    cut->from = first > piece->first ? first - piece->first : 0;
    cut->to = end < piece->first + piece->points ? end - piece->first : piece->points;
    return true;
}

int packed_numbers(const struct batch *batch, size_t first, size_t end, struct sample_list *list,
                   struct error *err)
{
    struct cut cut = {0};
    int result = 0;
    while (result == 0 && next_cut(batch, first, end, &cut)) {
        const struct piece *const p = cut.piece;
        if (p->part <= PACKED_NUMBERS)
            result = append_numbers(batch, p->at, p->len, cut.from, cut.to, list, err);
        else if (cut.from == 0 && p->spare_points) /* all of them belong to the first */
            result =
                append_numbers(batch, p->at + p->len, p->spare_len, 0, p->spare_points, list, err);
    }
    return result;
}

size_t packed_count_numbers(const struct batch *batch, size_t first, size_t end)
{
    struct cut cut = {0};
    size_t count = 0;
    while (next_cut(batch, first, end, &cut))
        count += cut.piece->part <= PACKED_NUMBERS ? cut.to - cut.from
                 : cut.from == 0                   ? cut.piece->spare_points
                                                   : 0;
    return count;
}

/* Appends the histograms first <= i < end of a piece. */
static int append_histograms(const struct batch *batch, const struct piece *piece, size_t first,
                             size_t end, struct histogram_list *list, struct error *err)
{
    struct raw raw;
    const size_t buckets = list->buckets.len / sizeof(uint64_t);
    int result = unpack(batch, piece->at, piece->len, &raw, err);
    for (size_t i = first; i < end && result == 0; i++) {
        struct histogram_sample sample;
        memcpy(&sample, raw.at[0] + i * sizeof sample, sizeof sample);
        sample.series += (uint32_t)list->series;
        sample.buckets += (uint32_t)buckets;
        buf_append(&list->samples, &sample, sizeof sample);
    }
    if (result == 0) {
        buf_append(&list->definitions, raw.at[1], raw.shape.sizes[1]);
        buf_append(&list->kinds, raw.at[2], raw.shape.sizes[2]);
        buf_append(&list->buckets, raw.at[3], raw.shape.sizes[3]);
        list->series += raw.shape.series;
        if (list->samples.failed || list->definitions.failed || list->kinds.failed ||
            list->buckets.failed)
            result = error_set(err, "out of memory");
    }
    buf_release(&raw.bytes);
    return result;
}

int packed_histograms(const struct batch *batch, size_t first, size_t end,
                      struct histogram_list *list, struct error *err)
{
    struct cut cut = {0};
    int result = 0;
    while (result == 0 && next_cut(batch, first, end, &cut))
        result = append_histograms(batch, cut.piece, cut.from, cut.to, list, err);
    return result;
}
