/* batch: transfers on their way to one output, in that output's own form.
 *
 * A batch knows how many points each transfer became. So a request can hold any part of
 * it, and each transfer is still counted once, by the worst that happened to any of its
 * points.
 *
 * What is not known for sure has two names, here and in send/, drain/ and spool/:
 *
 *   in doubt   Bytes: they were sent, and nobody knows whether they arrived, because the
 *              answer got lost, or the process that waited for it was killed. Only sending
 *              the same bytes again can tell. Where a queue is in doubt, from one place to
 *              another, its cursor says (spool/cursor.h: `tried`).
 *   partial    A transfer: the database has answered that it stored some points and not
 *              others, and not which. Nothing more can be found out; the user is told
 *              "possibly incomplete".
 *
 * `in doubt` ends with the next clear answer; `partial` is for good.
 *
 * The points of a batch of totals belong to all of its transfers together. Such a batch is
 * settled as a whole: it is delivered when all of its points are stored, and left when any
 * is. For the search for a bad point each point counts as a transfer then. */
#ifndef TSDB_EXPORTER_OUTPUT_BATCH_H
#define TSDB_EXPORTER_OUTPUT_BATCH_H

#include "base/buf.h"
#include "model/tally.h"

#include <stdint.h>

/* A batch is closed when its data is this long: about 9,000 lines of the metric
 * layout (InfluxData calls 5,000 to 10,000 lines a request optimal). */
#define BATCH_BYTES_GOAL (512 * 1024)
/* One transfer more may add: all points with tags of TAG_BYTES_MAX, escaped. */
#define BATCH_BYTES_MAX (BATCH_BYTES_GOAL + 16 * 1024 * 1024)
/* The samples of totals, packed: of 10,000 sets of labels, each takes 2 kB in the layout totals
 * and 7 kB in k6, and more with long labels. */
#define BATCH_TOTALS_BYTES_MAX (256 * 1024 * 1024)

/* From best to worst; a transfer keeps the worst. */
enum outcome {
    OUTCOME_OPEN,
    OUTCOME_DELIVERED,
    OUTCOME_MERGED, /* delivered, but a newer value took the place of one of its own */
    OUTCOME_PARTIAL,
    OUTCOME_REFUSED, /* the database does not take a point of it, now or ever */
    OUTCOME_LEFT     /* given up; whoever still has it may send it again, else it is lost */
};
#define OUTCOMES (OUTCOME_LEFT + 1)

/* The sizes of a batch; what has been added since goes when they are set back. */
struct batch_mark {
    size_t data, names, name_count;
};

struct batch {
    struct batch *next;
    struct buf data;   /* written and read by the output only */
    struct buf names;  /* the same, for what points of the batch share */
    size_t name_count; /* the same */
    uint64_t id;       /* no two batches of a process have the same; from 1 */
    size_t points;
    size_t transfers, room;  /* there is room for in ends and outcomes */
    int64_t since_ms;        /* monotonic time of the first transfer */
    size_t *ends;            /* ends[i]: points up to and with transfer i */
    unsigned char *outcomes; /* enum outcome of each transfer */
    bool in_doubt, denied;
    bool again;              /* made again: any part of it may have been sent, and stored */
    bool together;           /* a batch of totals; it has neither ends nor outcomes, but: */
    unsigned seen;           /* 1 << enum outcome, of all that was settled */
    uint64_t pooled;         /* transfers that were counted under "other" labels */
    bool why_told;           /* a notice has said it */
    char why[TALLY_WHY_MAX]; /* the last failure that cost something, or "" */
};

/* What became of a batch, in transfers. */
struct batch_result {
    uint64_t delivered, merged, partial, refused, left;
    uint64_t pooled;  /* of those delivered, under "other" labels */
    uint64_t settled; /* how many, from the first on, are none of those left */
    bool in_doubt;    /* what is left, or a part of it */
    bool denied;      /* it is left because of a 401 or 403 */
    bool why_told;    /* a notice has said `why` */
    char why[TALLY_WHY_MAX];
};

/* `id` as above. NULL: out of memory. */
struct batch *batch_new(uint64_t id);
void batch_free(struct batch *batch);

/* The memory that the batch takes, about. */
size_t batch_memory(const struct batch *batch);
/* What it comes to in a request, about. */
size_t batch_bytes(const struct batch *batch);

struct batch_mark batch_begin_transfer(const struct batch *batch);
/* Counts a transfer whose points have been put behind the data since `begin`. `merged`:
 * a point of it took the place of an older one. 0, or -1 when memory ran out, here or
 * in one of the buffers: then data and names are as they were at `begin`. */
int batch_end_transfer(struct batch *batch, struct batch_mark begin, size_t points, bool merged);

/* Counts a transfer of a batch of totals, whose points come later. `pooled`: as above. */
void batch_count(struct batch *batch, bool pooled);
/* Counts so many points of a batch of totals. */
void batch_add_points(struct batch *batch, size_t points);
/* The transfers of `from`, a batch of totals, count with those of `to`, another. */
void batch_carry(struct batch *to, struct batch *from);

/* The transfer that the point belongs to. */
size_t batch_transfer_of(const struct batch *batch, size_t point);
/* Its first point, which is also the end of the transfer before it. */
size_t batch_first_point(const struct batch *batch, size_t transfer);

/* Sets what became of the points from `first` up to `end`. */
void batch_settle(struct batch *batch, size_t first, size_t end, enum outcome outcome);

/* Sums up; what is still open counts as left. */
struct batch_result batch_result(const struct batch *batch);
/* Adds it to a tally, all but what is left. */
void batch_result_add(const struct batch_result *result, struct output_tally *tally);

#endif
