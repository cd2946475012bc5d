/* spool_dir: the directory given with --spool, and the queues in it.
 *
 * Processes that send the same things to the same places share a queue, a
 * directory below, named by a hash of all that decides that: the outputs' URLs
 * without credentials, layout, prefix, fields, texts, headers. A file in it,
 * "destinations", says in words what it is, a line for each destination.
 *
 * Nothing is followed through a symbolic link, and a directory that belongs to
 * somebody else, or that others may write to, is refused. What is made here is
 * for its owner only (0700; files 0600). */
#ifndef TSDB_EXPORTER_SPOOL_DIR_H
#define TSDB_EXPORTER_SPOOL_DIR_H

#include "tsdb_exporter/output.h"

#define SPOOL_QUEUE_NAME_ROOM 17

/* Opens the directory; with `make`, it is made if it is missing. A descriptor, or -1. */
int spool_dir_open(const char *path, bool make, struct error *err);

/* Opens the queue of these outputs in it, made if it is missing; its name goes to
 * `name` (SPOOL_QUEUE_NAME_ROOM). A descriptor, or -1. */
int spool_dir_queue(int dir, const struct output *outputs, const struct options *options,
                    char *name, struct error *err);

/* Opens the queue called `name`. A descriptor, or -1. */
int spool_dir_open_queue(int dir, const char *name, struct error *err);

/* Calls `each` for every queue; `destinations` are its lines. 0, or -1 as soon as
 * `each` fails or something cannot be read. */
typedef int spool_dir_each(void *context, const char *name, int queue, const char *destinations,
                           struct error *err);
int spool_dir_list(int dir, spool_dir_each *each, void *context, struct error *err);

#endif
