/* halving: which part of a batch goes into the next request.
 *
 * A batch is first sent whole. A part that is refused as a whole is cut in two, and each
 * half is sent on its own, until what is wrong stands alone:
 *
 *   1. A part of several transfers is cut between two of them.
 *   2. A part of one transfer is cut between two of its points. If both halves are
 *      refused too, it is not one point that is wrong: both are given up. If one of them
 *      is stored, the other is cut further. So a transfer that is refused whole costs 3
 *      requests, and finding one bad point among n costs 1 + 2 log2(n).
 *   3. A part that is too large is cut until it fits, whatever its other half does.
 *   4. A database that refuses nearly everything is not asked forever: after
 *      HALVING_CUTS_MAX cuts of one batch, parts that are refused are given up as they are;
 *      after HALVING_CUTS_AGAIN of the next ones, until something is stored.
 *   5. A refusal that says nothing of points may be about the URL. It is held against
 *      points only after something of the same batch has been stored, or been refused in
 *      words that speak of points. Until then what is refused is put aside: one transfer
 *      from the front, another one, then four times as many each time, at most half of the
 *      rest, so that the last part is one transfer too. When all is aside, or after
 *      HALVING_DOUBTS_MAX such refusals, the batch is hopeless: the destination is wrong,
 *      not the points. Otherwise what is aside is sent again, and rules 1 to 4 hold. */
#ifndef TSDB_EXPORTER_SEND_HALVING_H
#define TSDB_EXPORTER_SEND_HALVING_H

#include "output/batch.h"

/* Each cut leaves one part behind: more than log2 of the points of a batch. */
#define HALVING_PARTS_MAX 64

#define HALVING_CUTS_MAX 1000
#define HALVING_CUTS_AGAIN 10
#define HALVING_DOUBTS_MAX 10

struct range {
    size_t first, end; /* points of a batch */
};

/* What is known of the other half of a part that lies within one transfer. */
enum other_half {
    HALF_OF_NOTHING, /* there is none, or it does not matter */
    HALF_UNKNOWN,    /* it is sent behind this one */
    HALF_STORED,
    HALF_REFUSED /* it stands below this one, and is given up if this one is refused too */
};

struct part {
    struct range range;
    enum other_half other;
};

struct halving {
    struct part parts[HALVING_PARTS_MAX]; /* still to send; the last is next */
    size_t count, cuts, cuts_max;
    struct range aside[HALVING_DOUBTS_MAX]; /* in their order */
    size_t aside_count;
    size_t doubts; /* refusals that rule 5 holds against nothing; of all batches, until proven */
    bool believed; /* rule 5 does not apply to this batch any more */
    bool proven;   /* so it was for any batch */
};

enum refusal {
    REFUSED_POINTS, /* the answer speaks of points */
    REFUSED_SIZE,   /* the part is too large */
    REFUSED_UNSAID  /* anything else */
};

/* Points that are not sent any more. */
struct given_up {
    struct range range;
    bool cuts_spent; /* because of rule 4: it may hold points that could be stored */
};

void halving_init(struct halving *halving);
/* Begins a batch of so many points. */
void halving_begin(struct halving *halving, size_t points);
/* True when nothing is left to send. */
bool halving_is_done(const struct halving *halving);
/* What is to be sent next; not when it is done. */
struct range halving_next(const struct halving *halving);
/* The next part ends at `end`, which is within it; what is behind that is sent after it. */
void halving_shorten(struct halving *halving, size_t end);

/* The next part has been stored, or settled in another way. True: this has shown that
 * those in *given_up cannot be. */
bool halving_stored(struct halving *halving, const struct batch *batch, struct given_up *given_up);
/* The next part has been refused. True as above. */
bool halving_refused(struct halving *halving, const struct batch *batch, enum refusal refusal,
                     struct given_up *given_up);
/* True when the destination must be wrong (rule 5): nothing more of the batch is to be
 * sent, and nothing of it is known to be bad. */
bool halving_is_hopeless(const struct halving *halving);
/* Takes out the next part, for good. */
struct range halving_drop(struct halving *halving);

#endif
