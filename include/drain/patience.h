/* patience: waiting for another process to move a cursor. */
#ifndef TSDB_EXPORTER_DRAIN_PATIENCE_H
#define TSDB_EXPORTER_DRAIN_PATIENCE_H

#include "send/sender.h"
#include "spool/cursor.h"

/* Between two looks at what is waited for. */
#define PATIENCE_LOOK_MS 50

/* Begins as {0}. */
struct patience {
    struct cursor seen;
    int64_t waited_ms; /* since the cursor changed */
};

/* Waits for a moment. True when `stop_fd` is readable. */
bool patience_is_stopped(int stop_fd);

/* Waits for a moment; `now` is the cursor. 0, or -1: `stop_fd` is readable, or the cursor
 * has stood still for longer than a batch can take with these options; err says which. */
int patience_wait(struct patience *patience, const struct send_options *options,
                  const struct cursor *now, int stop_fd, struct error *err);

#endif
