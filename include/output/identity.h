/* identity: which queue of a spool a set of outputs uses.
 *
 * Processes that send the same things to the same places as the same user share a queue.
 * Its name is a hash of all that decides that: the outputs' URLs, layout, prefix, fields,
 * texts, headers, and who logs in: a user without the password, a token, a client
 * certificate's file. */
#ifndef TSDB_EXPORTER_OUTPUT_IDENTITY_H
#define TSDB_EXPORTER_OUTPUT_IDENTITY_H

#include "output/output.h"

#define IDENTITY_NAME_ROOM 17
#define IDENTITY_BYTES_MAX (256 * 1024)

struct identity {
    char name[IDENTITY_NAME_ROOM];     /* 16 hexadecimal digits */
    char old_name[IDENTITY_NAME_ROOM]; /* that the first versions gave, whoever logs in */
    struct buf destinations;           /* a line for each output, for a person; no secrets */
};

/* Appends "TYPE URL" without anything that may be a secret. For outputs with a URL. */
void identity_append_destination(struct buf *out, const struct output *output);

/* 0, or -1. Release it either way. */
int identity_init(struct identity *identity, const struct output *outputs, size_t count,
                  const struct output_options *options, struct error *err);
void identity_release(struct identity *identity);

#endif
