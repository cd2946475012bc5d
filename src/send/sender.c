/* Why: the difference between "sent" and "stored". One state machine takes a
 * batch through requests, answers, retries and halves, until every one of its
 * transfers has been counted as one thing. */
#include "send/sender.h"

#include "base/clock.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    BYTES_GOAL_MIN = 4096 /* however small a server's limit */
};

/* Appends the points of a batch of totals. */
static bool complete(struct sender *sender, struct batch *batch)
{
    const struct output_type *const type = sender->output->type;
    if (!type->finish || type->finish(sender->output, batch) == 0)
        return batch->points > 0;
    failure_set(&sender->settling.failure,
                "out of memory, or there are too many sets of labels: use a lower --series-max");
    return false;
}

static void close_filling(struct sender *sender)
{
    struct batch *const batch = sender->settling.batches.filling;
    const bool no_room = sender->outage.retry.given_up &&
                         sender->settling.batches.waiting_bytes >= SENDER_QUEUE_BYTES;
    if (no_room && batch->together && !sender->flushing)
        batch->since_ms = clock_mono_ms(); /* totals can wait for longer */
    else if (!sender->stopped && !no_room && complete(sender, batch))
        settling_close(&sender->settling);
    else
        settling_leave_filling(&sender->settling);
}

static void stop(struct sender *sender)
{
    sender->stopped = true;
    failure_tell(&sender->settling.failure, NOTICE_WARN, "nothing more is sent there");
    settling_leave_all(&sender->settling);
    carry_release(&sender->settling.carry, &sender->settling.batches);
}

/* So much was too much: batches are to be half of it from now on. */
static void learn_limit(struct sender *sender, struct range range)
{
    const struct batch *const batch = settling_first(&sender->settling);
    const size_t half = batch_bytes(batch) / batch->points * (range.end - range.first) / 2;
    if (half < sender->bytes_goal)
        sender->bytes_goal = half > BYTES_GOAL_MIN ? half : BYTES_GOAL_MIN;
}

/* The whole batch is refused, without a word of its points: it is left. */
static void doubt_destination(struct sender *sender)
{
    failure_blame_url(&sender->settling.failure);
    if (!sender->settling.halving.proven && sender->settling.halving.doubts >= HALVING_DOUBTS_MAX) {
        stop(sender);
        return;
    }
    failure_tell(&sender->settling.failure, NOTICE_WARN, "it refuses all of a batch");
    settling_leave_first(&sender->settling);
}

static void halve(struct sender *sender, enum refusal refusal, int status)
{
    if (status == 413)
        learn_limit(sender, halving_next(&sender->settling.halving));
    if (settling_refused(&sender->settling, refusal))
        doubt_destination(sender);
}

static void back_off(struct sender *sender, int64_t retry_after_ms, int64_t now_ms)
{
    const bool was_given_up = sender->outage.retry.given_up;
    if (!outage_fail(&sender->outage, &sender->settling.failure, retry_after_ms, now_ms))
        sender->retries++;
    else if (sender->flushing && was_given_up)
        settling_leave_all(&sender->settling); /* the end must come */
    else
        settling_leave_first(&sender->settling);
}

static void adapt(struct sender *sender, const struct http_answer *answer)
{
    const char *const known = sender->output->type->adapt(sender->output, answer);
    failure_tell(&sender->settling.failure, known ? NOTICE_WARN : NOTICE_DETAIL,
                 known ? known : "sent in the older form from now on");
}

static void act(struct sender *sender, enum verdict verdict, const struct http_answer *answer,
                int64_t now_ms)
{
    struct batch *const batch = settling_first(&sender->settling);
    if (answer->status && verdict != VERDICT_TRY_AGAIN)
        outage_end(&sender->outage, &sender->settling.failure, now_ms);
    batch->in_doubt = verdict == VERDICT_TRY_AGAIN && (batch->in_doubt || answer->sent);
    const bool said = output_answer_has(answer, sender->output->type->point_words);
    if (verdict == VERDICT_REFUSED && !said)
        verdict = VERDICT_TRY_SMALLER;
    switch (verdict) {
    case VERDICT_STORED:
        settling_settled(&sender->settling, OUTCOME_DELIVERED);
        break;
    case VERDICT_TRY_AGAIN:
        back_off(sender, answer->retry_after_ms, now_ms);
        break;
    case VERDICT_TOO_LARGE:
    case VERDICT_TRY_SMALLER:
        halve(sender,
              verdict == VERDICT_TOO_LARGE ? REFUSED_SIZE
              : said                       ? REFUSED_POINTS
                                           : REFUSED_UNSAID,
              answer->status);
        break;
    case VERDICT_ENCODE_ANEW:
        adapt(sender, answer);
        break;
    case VERDICT_PARTIAL:
    case VERDICT_REFUSED:
        failure_tell_refused(&sender->settling.failure);
        settling_settled(&sender->settling,
                         verdict == VERDICT_PARTIAL ? OUTCOME_PARTIAL : OUTCOME_REFUSED);
        break;
    case VERDICT_DENIED:
        batch->denied = true;
        /* fall through */
    case VERDICT_MISDIRECTED:
        if (verdict == VERDICT_MISDIRECTED && answer->status)
            failure_blame_url(&sender->settling.failure);
        stop(sender);
        break;
    }
}

static void send_part(struct sender *sender, int64_t now_ms)
{
    const struct batch *const batch = settling_first(&sender->settling);
    const struct output_type *const type = sender->output->type;
    struct range range = halving_next(&sender->settling.halving);
    if (type->request_end) {
        range.end = type->request_end(batch, range.first, range.end);
        halving_shorten(&sender->settling.halving, range.end);
        range = halving_next(&sender->settling.halving);
    }
    const int64_t timeout_ms =
        retry_timeout(&sender->outage.retry, sender->options->timeout_ms, now_ms);
    struct error err;
    if (request_send(&sender->request, batch, range, timeout_ms, &err) < 0) {
        failure_set(&sender->settling.failure, err.text);
        stop(sender);
    } else if (type->write) {
        settling_settled(&sender->settling, OUTCOME_DELIVERED);
    } else {
        sender->busy = true;
        notice(sender->notice, NOTICE_DETAIL,
               "%s: sending %zu point%s of %zu transfer%s, %zu bytes", sender->output->name,
               range.end - range.first, text_plural(range.end - range.first), batch->transfers,
               text_plural(batch->transfers), sender->request.len);
    }
}

static void send_parts(struct sender *sender, int64_t now_ms)
{
    while (settling_first(&sender->settling) && !sender->busy &&
           now_ms >= sender->outage.retry.at_ms)
        send_part(sender, now_ms);
}

static void take_answer(struct sender *sender, const struct http_answer *answer, int64_t now_ms)
{
    const struct range range = halving_next(&sender->settling.halving);
    const struct batch *const batch = settling_first(&sender->settling);
    const struct attempt attempt = {batch, range.first, range.end - range.first, batch->in_doubt};
    const enum verdict verdict =
        answer->permanent ? VERDICT_MISDIRECTED
                          : sender->output->type->judge(sender->output, answer, &attempt);
    sender->busy = false;
    if (verdict != VERDICT_STORED)
        failure_set_answer(&sender->settling.failure, answer, &attempt);
    act(sender, verdict, answer, now_ms);
}

/* When the batch that is being filled goes. */
static int64_t close_at(const struct sender *sender)
{
    const struct batch *const batch = sender->settling.batches.filling;
    const int64_t own_ms = sender->output->interval_ms;
    return !batch ? INT64_MAX
           : sender->flushing
               ? 0
               : batch->since_ms + (own_ms < 0 ? sender->options->interval_ms : own_ms);
}

int sender_init(struct sender *sender, struct output *output, struct http *http,
                const struct send_options *options, const struct notice *notice)
{
    *sender = (struct sender){.output = output,
                              .options = options,
                              .notice = notice,
                              .settling.failure = {.output = output, .notice = notice},
                              .bytes_goal = BATCH_BYTES_GOAL};
    halving_init(&sender->settling.halving);
    retry_init(&sender->outage.retry, options->retry_max_ms, (uint32_t)clock_wall_ns());
    return request_init(&sender->request, output, http);
}

void sender_release(struct sender *sender)
{
    batch_queue_release(&sender->settling.batches);
    batch_free(sender->settling.carry.held);
    request_release(&sender->request);
}

bool sender_takes(const struct sender *sender, const struct transfer *transfer)
{
    const struct output_type *const type = sender->output->type;
    const struct batch *const filling = sender->settling.batches.filling;
    return !filling || filling->in_doubt || !type->is_due ||
           !type->is_due(sender->output, transfer);
}

int sender_add(struct sender *sender, const struct transfer *transfer)
{
    const struct output_type *const type = sender->output->type;
    const struct layout *const layout = sender->output->layout;
    struct point points[LAYOUT_POINTS_MAX];
    struct transfer room;
    if (!sender_takes(sender, transfer))
        close_filling(sender);
    if (sender->stopped)
        return -1;
    const struct transfer *const view = layout_view(layout, transfer, &room);
    const size_t count = type->finish ? 0 : layout_points(layout, view, points);
    struct batch *const batch = batch_queue_fill(&sender->settling.batches, clock_mono_ms());
    if (!batch || type->add(sender->output, batch, view, points, count) < 0) {
        failure_set(&sender->settling.failure, "out of memory");
        if (batch)
            close_filling(sender); /* what the output remembers of it may be wrong now */
        return -1;
    }
    if (!batch->together && (batch->transfers >= sender->options->batch_max ||
                             batch_bytes(batch) >= sender->bytes_goal))
        close_filling(sender);
    return 0;
}

const char *sender_why(const struct sender *sender, bool *told)
{
    *told = failure_is_told(&sender->settling.failure);
    return sender->settling.failure.why;
}

bool sender_is_full(const struct sender *sender)
{
    return !sender->outage.retry.given_up &&
           sender->settling.batches.waiting_bytes >= SENDER_QUEUE_BYTES;
}

bool sender_has_closed(const struct sender *sender)
{
    return settling_first(&sender->settling) || sender->settling.batches.finished.first;
}

bool sender_is_done(const struct sender *sender)
{
    return !sender->settling.batches.filling && !settling_first(&sender->settling) &&
           (!sender->ending || sender->ended);
}

void sender_end(struct sender *sender)
{
    struct batch *const only = sender->settling.batches.filling;
    sender->flushing = sender->ending = true;
    if (!only || !only->together || only->transfers > 1 || sender->settling.batches.begun > 1)
        return;
    failure_set(&sender->settling.failure, "totals of one transfer say nothing; give --spool DIR");
    settling_leave_filling(&sender->settling);
}

bool sender_begin_end(struct sender *sender)
{
    const struct output_type *const type = sender->output->type;
    carry_release(&sender->settling.carry, &sender->settling.batches);
    sender->ended = true;
    if (!type->end || sender->stopped || sender->abandoned || sender->outage.retry.given_up)
        return false;
    struct batch *const batch = batch_queue_fill(&sender->settling.batches, clock_mono_ms());
    if (batch && type->end(sender->output, batch) == 0 && batch->points) {
        settling_close(&sender->settling);
        return true;
    }
    batch_free(batch_queue_take_filling(&sender->settling.batches));
    return false;
}

struct batch *sender_take_finished(struct sender *sender)
{
    return batch_queue_take(&sender->settling.batches);
}

void sender_step(struct sender *sender, int64_t now_ms)
{
    const struct http_answer *const answer = request_take_answer(&sender->request);
    if (answer)
        take_answer(sender, answer, now_ms);
    if (now_ms >= close_at(sender))
        close_filling(sender);
    if (sender->abandoned && !sender->busy)
        settling_leave_all(&sender->settling);
    send_parts(sender, now_ms);
    if (sender->settling.batches.filling || settling_first(&sender->settling))
        return;
    if (sender->flushing)
        carry_release(&sender->settling.carry, &sender->settling.batches);
    if (sender->ending && !sender->ended && sender_begin_end(sender))
        send_parts(sender, now_ms);
}

int64_t sender_due(const struct sender *sender, int64_t now_ms)
{
    int64_t at = close_at(sender);
    if (settling_first(&sender->settling) && !sender->busy && sender->outage.retry.at_ms < at)
        at = sender->outage.retry.at_ms;
    return at == INT64_MAX ? -1 : at > now_ms ? at - now_ms : 0;
}
