/* tally: what became of every transfer, and how that is told. */
#ifndef TSDB_EXPORTER_MODEL_TALLY_H
#define TSDB_EXPORTER_MODEL_TALLY_H

#include "base/notice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* sysexits.h's; the first that applies, in tally_first's order. */
enum exit_code {
    EXIT_OK = 0,
    EXIT_WRONG_USAGE = 64,
    EXIT_REFUSED = 65, /* a part of the input, or by the database */
    EXIT_LOST = 69,
    EXIT_NOT_SPOOLED = 73,
    EXIT_WAITING = 75,
    EXIT_DENIED = 77,
    EXIT_CROSSED = 99 /* k6's; only when none of the others applies */
};

#define TALLY_REASONS_MAX 16
#define TALLY_WHY_MAX 512

/* What was read, and what of it was no transfer. */
struct input_tally {
    uint64_t read;    /* objects and pieces of rubbish */
    uint64_t refused; /* of those */
    bool unread;      /* it could not be read to its end: what came there is lost */
    bool copy_failed; /* --tee could not write all */
    bool empty;       /* there was nothing, though something was expected */
    size_t reason_count;
    struct {
        const char *text; /* static */
        uint64_t count;
    } reasons[TALLY_REASONS_MAX];
};

/* What became of the transfers at one output: each is counted once. */
struct output_tally {
    const char *name;
    uint64_t delivered;
    uint64_t pooled;  /* of those delivered: counted under "other" labels */
    uint64_t merged;  /* a newer value took the place of one of theirs */
    uint64_t partial; /* not known whether all of their points are stored */
    uint64_t refused; /* a point of theirs was refused */
    uint64_t lost;
    uint64_t spooled;        /* safe in the spool, which is all that was asked for */
    uint64_t waiting;        /* still in the spool, though asked to be delivered */
    bool no_spool;           /* what is lost, the spool could not take */
    uint64_t retries;        /* requests that were sent again, or will be */
    bool denied;             /* by 401 or 403 */
    bool why_told;           /* a notice has said `why`: the report need not say it again */
    char why[TALLY_WHY_MAX]; /* the last failure that cost something, or "" */
};

void tally_refuse(struct input_tally *tally, const char *reason);

/* Says it at `level`: one line for one output; with more, one for the input and
 * one for each. `input` may be NULL, if nothing was to be read. */
void tally_report(const struct notice *to, enum notice_level level, const struct input_tally *input,
                  const struct output_tally *outputs, size_t count);

/* The one of two that is to be told. */
enum exit_code tally_first(enum exit_code a, enum exit_code b);

enum exit_code tally_exit_code(const struct input_tally *input, const struct output_tally *outputs,
                               size_t count);

#endif
