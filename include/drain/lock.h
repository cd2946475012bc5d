/* lock: at most one process sends to a destination of a queue.
 *
 * That process holds the lock (flock) of the file "N.drainer" in the queue's directory
 * for as long as it sends; the kernel releases it when the process ends, however that
 * happens. */
#ifndef TSDB_EXPORTER_DRAIN_LOCK_H
#define TSDB_EXPORTER_DRAIN_LOCK_H

#include <stdbool.h>
#include <stddef.h>

/* Takes the lock of destination `index` without waiting for another sender. A descriptor
 * that holds it until it is closed, here and in children; or -1 and errno, EWOULDBLOCK if
 * another process is sending. */
int drain_lock_take(int queue_dir, size_t index);

/* True when a process holds the lock. */
bool drain_lock_is_held(int queue_dir, size_t index);

#endif
