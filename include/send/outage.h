/* outage: a destination that does not answer, and what the user is told of that. */
#ifndef TSDB_EXPORTER_SEND_OUTAGE_H
#define TSDB_EXPORTER_SEND_OUTAGE_H

#include "send/failure.h"
#include "send/retry.h"

struct outage {
    struct retry retry;
    bool said; /* of this outage */
};

/* Counts a failure, the one that `failure` holds, and tells of it; `retry_after_ms` is 0 if
 * the server gave none. True: the destination is given up. */
bool outage_fail(struct outage *outage, struct failure *failure, int64_t retry_after_ms,
                 int64_t now_ms);
/* It has answered. */
void outage_end(struct outage *outage, struct failure *failure, int64_t now_ms);

#endif
