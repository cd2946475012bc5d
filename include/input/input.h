/* input: standard input -> transfers.
 *
 * Reads the bytes, copies them on with --tee, finds the objects in them
 * (json_stream) and makes a transfer of each (parse). Whatever is no transfer is
 * counted, and the first few are listed with line and byte. */
#ifndef TSDB_EXPORTER_INPUT_INPUT_H
#define TSDB_EXPORTER_INPUT_INPUT_H

#include "base/notice.h"
#include "model/tags.h"
#include "model/tally.h"
#include "model/transfer.h"

struct input_options {
    size_t object_max; /* bytes; longer objects are refused */
    bool tee;          /* copy the input to standard output */
    bool allow_empty;  /* an input without any object is no failure */
    struct tag_plan tags;
    const char *fields; /* the --fields list, or NULL: its names are looked for */
    bool text;          /* texts of these names are sent too */
};

enum input_result {
    INPUT_TRANSFER, /* there is one */
    INPUT_WAIT,     /* call input_read when the descriptor is readable */
    INPUT_END
};

struct input;

/* Reads from `fd`, and copies to `tee_fd` unless that is -1. Options and notice
 * must live longer than it. NULL: out of memory. */
struct input *input_new(int fd, int tee_fd, const struct input_options *options,
                        const struct notice *notice);
void input_free(struct input *input);

/* Reads once. Blocks while there is nothing to read. */
void input_read(struct input *input);
/* Nothing more will be read: the input ends with what has been read so far. */
void input_stop(struct input *input);

/* The next transfer in what has been read. It lives until the next call. */
enum input_result input_next(struct input *input, struct transfer *transfer);

const struct input_tally *input_tally(const struct input *input);

#endif
