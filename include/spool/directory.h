/* spool_dir: the directory given with --spool, and the queues in it.
 *
 * A queue is a directory below; its name is the caller's (see output/identity.h). A file
 * in it, "destinations", says in words what it is, a line for each destination.
 *
 * Nothing is followed through a symbolic link, and a directory that belongs to
 * somebody else, or that others may write to, is refused. What is made here is
 * for its owner only (0700; files 0600). */
#ifndef TSDB_EXPORTER_SPOOL_DIRECTORY_H
#define TSDB_EXPORTER_SPOOL_DIRECTORY_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* A queue is called by so many hexadecimal digits; what else is there is none. */
#define QUEUE_NAME_LEN 16

struct spool_options {
    const char *dir;    /* NULL: no spool */
    uint64_t bytes_max; /* of one queue */
    bool fsync;         /* be safe from power cuts too */
};

/* Opens the directory; with `make`, it is made if it is missing. A descriptor, or -1. */
int directory_open(const char *path, bool make, struct error *err);

/* Opens the queue called `name` in it, made if it is missing. `destinations` is its
 * line for each destination. A descriptor, or -1. */
int directory_make_queue(int dir, const char *name, const struct buf *destinations,
                         struct error *err);

/* Opens the queue called `name`. A descriptor, or -1. */
int directory_open_queue(int dir, const char *name, struct error *err);

/* Calls `each` for every queue; `destinations` are its lines. 0, or -1 as soon as
 * `each` fails or something cannot be read. */
typedef int directory_each(void *context, const char *name, int queue, const char *destinations,
                           struct error *err);
int directory_list(int dir, directory_each *each, void *context, struct error *err);

#endif
