/* Why: a batch is settled part by part, in whatever order its parts are answered, and each of
 * its transfers must have one outcome in the end. */
#include "send/settling.h"

#include <string.h>

/* The end line tells the last failure that cost something. */
static void keep_why(const struct settling *s, struct batch *batch)
{
    memcpy(batch->why, s->failure.why, sizeof batch->why);
    batch->why_told = failure_is_told(&s->failure);
}

/* The first batch is finished: every part of it is settled. */
static void end_first(struct settling *s)
{
    carry_finish(&s->carry, &s->batches, batch_queue_take_waiting(&s->batches));
    if (s->batches.waiting.first)
        halving_begin(&s->halving, s->batches.waiting.first->points);
}

static void settle(struct settling *s, struct range range, enum outcome outcome)
{
    if (outcome != OUTCOME_DELIVERED)
        keep_why(s, s->batches.waiting.first);
    batch_settle(s->batches.waiting.first, range.first, range.end, outcome);
}

/* After an answer to the next part: halving may have given something up with it. */
static void go_on(struct settling *s, const struct given_up *given_up)
{
    if (given_up && !given_up->cuts_spent) {
        failure_tell_points(&s->failure, s->batches.waiting.first, given_up->range);
    } else if (given_up && !s->refusal_said) {
        failure_tell(&s->failure, NOTICE_WARN, "it refuses nearly everything");
        s->refusal_said = true;
    }
    if (given_up)
        settle(s, given_up->range, OUTCOME_REFUSED);
    if (halving_is_done(&s->halving))
        end_first(s);
}

struct batch *settling_first(const struct settling *s)
{
    return s->batches.waiting.first;
}

void settling_close(struct settling *s)
{
    const bool is_first = !s->batches.waiting.first;
    const size_t points = s->batches.filling->points;
    batch_queue_close(&s->batches);
    if (is_first)
        halving_begin(&s->halving, points);
}

void settling_leave_filling(struct settling *s)
{
    struct batch *const batch = batch_queue_take_filling(&s->batches);
    if (batch->points || batch->together)
        keep_why(s, batch);
    batch_settle(batch, 0, batch->points, OUTCOME_LEFT);
    carry_finish(&s->carry, &s->batches, batch);
}

void settling_leave_first(struct settling *s)
{
    keep_why(s, s->batches.waiting.first);
    while (!halving_is_done(&s->halving))
        settle(s, halving_drop(&s->halving), OUTCOME_LEFT);
    end_first(s);
}

void settling_leave_all(struct settling *s)
{
    while (s->batches.waiting.first)
        settling_leave_first(s);
}

void settling_settled(struct settling *s, enum outcome outcome)
{
    struct given_up it;
    settle(s, halving_next(&s->halving), outcome);
    const bool any = halving_stored(&s->halving, s->batches.waiting.first, &it);
    go_on(s, any ? &it : NULL);
}

bool settling_refused(struct settling *s, enum refusal refusal)
{
    struct given_up it;
    const bool any = halving_refused(&s->halving, s->batches.waiting.first, refusal, &it);
    if (halving_is_hopeless(&s->halving))
        return true;
    go_on(s, any ? &it : NULL);
    return false;
}
