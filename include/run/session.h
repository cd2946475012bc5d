/* session: what every run but --spool-status needs: options, open outputs and a report. */
#ifndef TSDB_EXPORTER_RUN_SESSION_H
#define TSDB_EXPORTER_RUN_SESSION_H

#include "cli/options.h"

struct session {
    const struct options *options;
    const struct notice *notice;
    struct output *outputs; /* those of the options, in their order; owned */
    size_t output_count;
    struct report *report; /* owned; NULL when none is asked for */
};

/* Opens the outputs and the report. 0, or -1 and an error for exit code 64. Close the
 * session either way. `options` and `notice` must outlive it. */
int session_open(struct session *session, const struct options *options,
                 const struct notice *notice, struct error *err);
void session_close(struct session *session);

#endif
