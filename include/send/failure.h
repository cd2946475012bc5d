/* failure: what went wrong last at one output, and what the user has been told of it.
 *
 * The server's own words are said once: a notice that is about the same failure as the
 * one before leaves them out, and so does the report at the end (output_tally.why_told). */
#ifndef TSDB_EXPORTER_SEND_FAILURE_H
#define TSDB_EXPORTER_SEND_FAILURE_H

#include "base/notice.h"
#include "output/output.h"
#include "send/halving.h"

struct failure {
    const struct output *output;
    const struct notice *notice;
    char why[TALLY_WHY_MAX];  /* "HTTP 400: out of order sample"; "" before the first */
    char told[TALLY_WHY_MAX]; /* the one that was said last */
    const char *advice;       /* what could be done about it, or NULL */
    bool advised;             /* advice has been given */
    unsigned named;           /* refusals that were told one by one */
};

/* Sets a failure that is not the server's. */
void failure_set(struct failure *failure, const char *why);
/* Sets one from the answer, in the server's words, on one line. */
void failure_set_answer(struct failure *failure, const struct http_answer *answer,
                        const struct attempt *attempt);
/* Adds to a failure that the URL may be wrong, and what of it to check. */
void failure_blame_url(struct failure *failure);
/* True when the user has been told of it. */
bool failure_is_told(const struct failure *failure);

/* Says "OUTPUT: WHY; WHAT"; without WHY when that was the last thing that was said. */
void failure_tell(struct failure *failure, enum notice_level level, const char *what);
/* Says that the database refused an unknown part of a request, the first few times. */
void failure_tell_refused(struct failure *failure);
/* Says that it refused these points, the first few times. */
void failure_tell_points(struct failure *failure, const struct batch *batch, struct range range);

#endif
