/* directory: the directory given with --spool, and the queues in it.
 *
 * Each queue is a directory in it, under a name that the caller gives (see
 * output/identity.h). Its file "destinations" says for people where the transfers go, a
 * line for each destination.
 *
 * A symbolic link is not followed. A directory that belongs to another user, or that
 * others may write to, is refused. Directories are created with mode 0700, files with
 * 0600. */
#ifndef TSDB_EXPORTER_SPOOL_DIRECTORY_H
#define TSDB_EXPORTER_SPOOL_DIRECTORY_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* The name of a queue has this many hexadecimal digits. Whatever has another name is not
 * a queue. */
#define QUEUE_NAME_LEN 16

struct spool_options {
    const char *dir;    /* NULL: no spool */
    uint64_t bytes_max; /* of one queue */
    bool fsync;         /* what is kept outlives a power cut too */
};

/* Opens the directory, and creates it if it is missing and `make` is set. A descriptor,
 * or -1. */
int directory_open(const char *path, bool make, struct error *err);

/* Opens the queue called `name`, and creates it if it is missing, with `destinations` as
 * its lines. A descriptor, or -1. */
int directory_make_queue(int dir, const char *name, const struct buf *destinations,
                         struct error *err);

/* Calls `each` for every queue with its name, its open directory and its lines, all of
 * which live until `each` returns; "" if its lines are lost. What goes wrong with one queue
 * does not end it. 0, or -1 when something went wrong with any. */
typedef int directory_each(void *context, const char *name, int queue_dir, const char *destinations,
                           struct error *err);
int directory_list(int dir, directory_each *each, void *context, struct error *err);

#endif
