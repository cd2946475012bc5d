/* intake: a queue's lines -> the transfers of one batch, and where each of them ends.
 *
 * A line that cannot be read is skipped, told and counted: nobody could ever send it. */
#ifndef TSDB_EXPORTER_DRAIN_INTAKE_H
#define TSDB_EXPORTER_DRAIN_INTAKE_H

#include "base/notice.h"
#include "model/transfer.h"
#include "spool/reader.h"

/* The end of a transfer of the batch. */
struct intake_end {
    struct queue_place at;
    unsigned broken; /* lines skipped between the batch's beginning and here */
};

struct intake {
    struct queue_reader reader;
    const struct notice *notice;
    struct intake_end *ends; /* of the batch's transfers */
    size_t count, room;
    unsigned broken; /* lines skipped since the batch's beginning */
    bool held;       /* the transfer that was read last is the next batch's first */
    unsigned named;  /* of those ever skipped, told one by one */
};

/* `notice` must outlive it. */
void intake_init(struct intake *intake, const struct notice *notice);
void intake_release(struct intake *intake);

/* A new batch begins at that place of the queue `dir`, or where the last one ended. */
void intake_seek(struct intake *intake, int dir, struct queue_place at);
void intake_begin(struct intake *intake);

/* The next transfer, which lives until the next call; `transfer` is as it was left by the
 * call before. 1; 0 if there is none yet; -1 when the queue cannot be read. */
int intake_next(struct intake *intake, struct transfer *transfer, struct error *err);
/* The transfer that was read last belongs to the batch. 0, or -1: out of memory. */
int intake_keep(struct intake *intake, struct error *err);

/* The transfer that was read last ends the batch, and is the next one's first. */
void intake_hold(struct intake *intake);
/* Where the batch ends, which has a transfer, with the broken lines behind its last one. */
struct intake_end intake_batch_end(const struct intake *intake);

#endif
