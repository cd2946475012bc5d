/* progress: how a stream is doing, in one line of the terminal that is drawn again about
 * five times a second.
 *
 * Rate, median and 95th percentile are those of the last PROGRESS_SECONDS. */
#ifndef TSDB_EXPORTER_REPORT_PROGRESS_H
#define TSDB_EXPORTER_REPORT_PROGRESS_H

#include "base/notice.h"
#include "model/tally.h"
#include "model/transfer.h"
#include "report/screen.h"
#include "stats/histogram.h"

#define PROGRESS_SECONDS 5
#define PROGRESS_TICK_MS 200

struct progress {
    const struct notice *notice; /* whose `drawn` says that the line is there */
    uint64_t transfers, failed;
    struct {
        uint64_t transfers;
        struct histogram times;
    } seconds[PROGRESS_SECONDS + 1]; /* a ring; the newest is not over yet */
    int64_t begun_ms, second;        /* of the monotonic clock */
    int64_t due_ms;
};

void progress_init(struct progress *progress, const struct notice *notice, int64_t now_ms);
void progress_release(struct progress *progress);

void progress_add(struct progress *progress, const struct transfer *transfer);

/* Appends the line, without a newline. */
void progress_line(const struct progress *progress, const struct output_tally *tallies,
                   size_t count, const struct screen *screen, int64_t now_ms, struct buf *out);

/* Draws the line on standard error if it is due. Returns the milliseconds until it is due
 * again. */
int64_t progress_step(struct progress *progress, const struct output_tally *tallies, size_t count,
                      int64_t now_ms);
/* Removes the line. */
void progress_end(struct progress *progress);

#endif
