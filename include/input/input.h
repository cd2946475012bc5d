/* input: standard input -> transfers.
 *
 * Reads what is there, copies it on with --tee, finds the objects (stream) and
 * reads them (parser). What is no transfer is counted, and the first few are
 * named with line and byte. */
#ifndef TSDB_EXPORTER_INPUT_INPUT_H
#define TSDB_EXPORTER_INPUT_INPUT_H

#include "base/notice.h"
#include "model/tags.h"
#include "model/tally.h"
#include "model/transfer.h"

struct input_options {
    size_t object_max; /* bytes; longer objects are refused */
    bool tee;          /* copy the input to standard output */
    struct tag_plan tags;
};

enum input_result {
    INPUT_TRANSFER, /* there is one */
    INPUT_WAIT,     /* call input_read when the descriptor is readable */
    INPUT_END
};

struct input;

/* Reads from `fd`, copies to `tee_fd` unless it is -1. Options and notice must
 * outlive it. NULL: out of memory. */
struct input *input_new(int fd, int tee_fd, const struct input_options *options,
                        const struct notice *notice);
void input_free(struct input *input);

/* Reads once; blocks if nothing is there. */
void input_read(struct input *input);
/* No more will be read: what is there ends here. */
void input_stop(struct input *input);

/* The next transfer of what was read; it lives until the next call. */
enum input_result input_next(struct input *input, struct transfer *transfer);

const struct input_tally *input_tally(const struct input *input);

#endif
