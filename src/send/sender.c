/* Why: the difference between "sent" and "stored". One state machine takes a
 * batch through requests, answers, retries and splits, until every one of its
 * transfers has been counted as one thing. */
#include "send/sender.h"

#include "base/clock.h"
#include "base/gzip.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    /* when everything is refused one by one, the rest is refused together */
    SPLITS_MAX = 1000,
    SPLITS_AGAIN = 10,     /* and in the batches after that */
    BYTES_GOAL_MIN = 4096, /* however small a server's limit */
    /* outages shorter than this are not worth a line */
    OUTAGE_SAID_MS = 1000,
    NAMED_MAX = 5
};

static void count_outcomes(struct sender *sender, const struct batch *batch)
{
    uint64_t counts[OUTCOMES] = {0};
    for (size_t i = 0; i < batch->transfers; i++) {
        counts[batch->outcomes[i]]++;
        if (batch->outcomes[i] != OUTCOME_LOST && sender->tally->lost + counts[OUTCOME_LOST] == 0)
            sender->tally->settled++;
    }
    sender->tally->delivered += counts[OUTCOME_DELIVERED];
    sender->tally->folded += counts[OUTCOME_FOLDED];
    sender->tally->partial += counts[OUTCOME_PARTIAL];
    sender->tally->refused += counts[OUTCOME_REFUSED];
    sender->tally->lost += counts[OUTCOME_LOST];
}

/* The end line tells the last failure that cost something. */
static void keep_why(struct sender *sender)
{
    memcpy(sender->tally->why, sender->why, sizeof sender->why);
}

static void begin_first(struct sender *sender)
{
    sender->splits = 0;
    sender->range_count = 0;
    if (sender->first)
        sender->ranges[sender->range_count++] = (struct range){0, sender->first->points};
}

/* Counts the first batch and goes on to the next. */
static void end_first(struct sender *sender)
{
    struct batch *const batch = sender->first;
    count_outcomes(sender, batch);
    sender->queued_bytes -= batch_memory(batch);
    sender->first = batch->next;
    if (!sender->first)
        sender->last = NULL;
    batch_free(batch);
    begin_first(sender);
}

/* What is still open of the first batch is lost. */
static void lose_first(struct sender *sender)
{
    keep_why(sender);
    while (sender->range_count) {
        const struct range range = sender->ranges[--sender->range_count];
        batch_settle(sender->first, range.first, range.end, OUTCOME_LOST);
    }
    end_first(sender);
}

static void lose_all(struct sender *sender)
{
    while (sender->first)
        lose_first(sender);
}

static void settle_range(struct sender *sender, enum outcome outcome)
{
    const struct range range = sender->ranges[--sender->range_count];
    if (outcome != OUTCOME_DELIVERED)
        keep_why(sender);
    batch_settle(sender->first, range.first, range.end, outcome);
    if (!sender->range_count)
        end_first(sender);
}

static void close_filling(struct sender *sender)
{
    struct batch *const batch = sender->filling;
    sender->filling = NULL;
    const bool no_room = sender->retry.given_up && sender->queued_bytes >= SENDER_QUEUE_BYTES;
    if (sender->stopped || no_room || !batch->points) {
        if (batch->points)
            keep_why(sender);
        batch_settle(batch, 0, batch->points, OUTCOME_LOST);
        count_outcomes(sender, batch);
        batch_free(batch);
        return;
    }
    sender->queued_bytes += batch_memory(batch);
    if (sender->last)
        sender->last->next = batch;
    else
        sender->first = batch;
    sender->last = batch;
    if (sender->first == batch)
        begin_first(sender);
}

/* The server's own words, on one line. */
static void set_why(struct sender *sender, const struct http_answer *answer, enum verdict verdict)
{
    char *const why = sender->why;
    const size_t room = sizeof sender->why;
    if (answer->status == 0)
        snprintf(why, room, "%s", answer->error);
    else
        snprintf(why, room, "HTTP %d%s%.*s", answer->status, *answer->body ? ": " : "",
                 (int)strcspn(answer->body, "\n"), answer->body);
    size_t len;
    const char *const written =
        http_answer_header(answer, "X-Prometheus-Remote-Write-Samples-Written", &len);
    const struct range range = sender->ranges[sender->range_count - 1];
    if (written && verdict == VERDICT_PARTIAL)
        snprintf(why + strlen(why), room - strlen(why), "; %.*s of %zu samples stored", (int)len,
                 written, range.end - range.first);
    const char *const location = http_answer_header(answer, "Location", &len);
    if (answer->status / 100 == 3 && location)
        snprintf(why, room, "HTTP %d: redirected; write the URL it leads to", answer->status);
}

/* Names the one point that a range has been halved down to. */
static void name_point(struct sender *sender)
{
    const struct range range = sender->ranges[sender->range_count - 1];
    struct buf text;
    if (++sender->named > NAMED_MAX)
        return;
    buf_init(&text, BATCH_BYTES_MAX);
    sender->output->type->describe(sender->first, range.first, &text);
    notice(sender->notice, NOTICE_WARN, "%s refused '%.200s': %s", sender->output->name,
           buf_text(&text), sender->why);
    buf_release(&text);
}

/* What a refusal often means, for the person who reads it. */
static void advise(struct sender *sender)
{
    static const char *const signs[] = {"out of order", "out-of-order", "duplicate sample"};
    for (size_t i = 0; !sender->advised && i < sizeof signs / sizeof *signs; i++) {
        if (!strstr(sender->why, signs[i]))
            continue;
        sender->advised = true;
        notice(sender->notice, NOTICE_WARN,
               "if several processes write this series, let them share a --spool, or give each "
               "a label of its own");
    }
}

/* What a batch comes to in a request, about. */
static size_t batch_bytes(const struct batch *batch)
{
    return batch->data.len + batch->names.len;
}

/* So much was too much: batches are to be half of it from now on. */
static void learn_limit(struct sender *sender, struct range range)
{
    const struct batch *const batch = sender->first;
    const size_t half = batch_bytes(batch) / batch->points * (range.end - range.first) / 2;
    if (half < sender->bytes_goal)
        sender->bytes_goal = half > BYTES_GOAL_MIN ? half : BYTES_GOAL_MIN;
}

static void split(struct sender *sender, int status)
{
    const struct range range = sender->ranges[sender->range_count - 1];
    if (status == 413)
        learn_limit(sender, range);
    if (range.end - range.first <= 1) {
        name_point(sender);
        advise(sender);
        settle_range(sender, OUTCOME_REFUSED);
    } else if (++sender->splits > sender->splits_max || sender->range_count == SENDER_RANGES_MAX) {
        if (!sender->refusal_said)
            notice(sender->notice, NOTICE_WARN, "%s refuses nearly everything: %s",
                   sender->output->name, sender->why);
        sender->refusal_said = true;
        sender->splits_max = SPLITS_AGAIN;
        settle_range(sender, OUTCOME_REFUSED);
    } else {
        const size_t middle = range.first + (range.end - range.first) / 2;
        sender->ranges[sender->range_count - 1] = (struct range){middle, range.end};
        sender->ranges[sender->range_count++] = (struct range){range.first, middle};
    }
}

static void back_off(struct sender *sender, int64_t retry_after_ms, int64_t now_ms)
{
    struct retry *const retry = &sender->retry;
    const bool was_given_up = retry->given_up;
    const int64_t wait_ms = retry_fail(retry, retry_after_ms, now_ms);
    const int64_t down_ms = now_ms - retry->down_since_ms;
    sender->tally->retries += !retry->given_up;
    if (retry->given_up) {
        if (!was_given_up)
            notice(sender->notice, NOTICE_WARN, "%s: %s; given up after %.1f s%s",
                   sender->output->name, sender->why, (double)down_ms / 1e3,
                   retry_after_ms > 0 ? " (its Retry-After is longer than --retry-max-time)" : "");
        if (sender->flushing && was_given_up)
            lose_all(sender); /* the end must come */
        else
            lose_first(sender);
    } else if (!sender->outage_said && down_ms + wait_ms >= OUTAGE_SAID_MS) {
        sender->outage_said = true;
        notice(sender->notice, NOTICE_WARN, "%s: %s; trying again for %.0f s", sender->output->name,
               sender->why, (double)(retry->budget_ms - down_ms) / 1e3);
    } else {
        notice(sender->notice, NOTICE_DETAIL, "%s: %s; trying again in %" PRId64 " ms",
               sender->output->name, sender->why, wait_ms);
    }
}

static void stop(struct sender *sender)
{
    sender->stopped = true;
    notice(sender->notice, NOTICE_WARN, "%s: %s; nothing more is sent there", sender->output->name,
           sender->why);
    lose_all(sender);
}

static void note_up(struct sender *sender, int64_t now_ms)
{
    const bool said = sender->outage_said || sender->retry.given_up;
    const int64_t down_ms = retry_succeed(&sender->retry, now_ms);
    sender->outage_said = false;
    if (said)
        notice(sender->notice, NOTICE_WARN, "%s answers again after %.1f s", sender->output->name,
               (double)down_ms / 1e3);
}

static void act(struct sender *sender, enum verdict verdict, const struct http_answer *answer,
                int64_t now_ms)
{
    if (verdict != VERDICT_STORED)
        set_why(sender, answer, verdict);
    if (answer->status && verdict != VERDICT_TRY_AGAIN)
        note_up(sender, now_ms);
    sender->unsure = verdict == VERDICT_TRY_AGAIN && (sender->unsure || answer->sent);
    switch (verdict) {
    case VERDICT_STORED:
        sender->splits_max = SPLITS_MAX;
        settle_range(sender, OUTCOME_DELIVERED);
        break;
    case VERDICT_TRY_AGAIN:
        back_off(sender, answer->retry_after_ms, now_ms);
        break;
    case VERDICT_TRY_SMALLER:
        split(sender, answer->status);
        break;
    case VERDICT_ENCODE_ANEW:
        notice(sender->notice, NOTICE_DETAIL, "%s: %s; sent in the older form from now on",
               sender->output->name, sender->why);
        sender->output->type->adapt(sender->output);
        break;
    case VERDICT_PARTIAL:
    case VERDICT_REFUSED:
        if (sender->named++ < NAMED_MAX)
            notice(sender->notice, NOTICE_WARN, "%s: %s", sender->output->name, sender->why);
        advise(sender);
        settle_range(sender, verdict == VERDICT_PARTIAL ? OUTCOME_PARTIAL : OUTCOME_REFUSED);
        break;
    case VERDICT_DENIED:
        sender->tally->denied = true;
        /* fall through */
    case VERDICT_MISDIRECTED:
        stop(sender);
        break;
    }
}

static void write_range(struct sender *sender, struct bytes bytes)
{
    struct error err;
    if (sender->output->type->write(sender->output, bytes, &err) == 0) {
        settle_range(sender, OUTCOME_DELIVERED);
        return;
    }
    snprintf(sender->why, sizeof sender->why, "%s", err.text);
    stop(sender);
}

static void send_range(struct sender *sender, int64_t now_ms)
{
    const struct range range = sender->ranges[sender->range_count - 1];
    const struct output *const output = sender->output;
    struct error err;
    struct bytes bytes;
    int failed = output->type->encode(output, sender->first, range.first, range.end, &sender->body,
                                      &bytes, &err);
    if (output->type->write) {
        write_range(sender, bytes);
        return;
    }
    if (!failed && output->gzip) {
        failed = gzip_compress(&sender->body, bytes.at, bytes.len, &err);
        bytes = (struct bytes){sender->body.data, sender->body.len};
    }
    const int64_t timeout_ms = retry_timeout(&sender->retry, sender->options->timeout_ms, now_ms);
    if (failed || http_post(sender->peer, bytes.at, bytes.len, timeout_ms, &err) < 0) {
        snprintf(sender->why, sizeof sender->why, "%s", err.text);
        stop(sender);
        return;
    }
    sender->busy = true;
    notice(sender->notice, NOTICE_DETAIL, "%s: sending %zu points of %zu transfers, %zu bytes",
           output->name, range.end - range.first, sender->first->transfers, bytes.len);
}

static bool is_due(const struct sender *sender, int64_t now_ms)
{
    return sender->filling &&
           (sender->flushing || now_ms >= sender->filling->since_ms + sender->options->interval_ms);
}

/* Puts one transfer into the sender's batch. -1: no memory for it. */
static int fill(struct sender *sender, const struct transfer *transfer, const struct point *points,
                size_t count)
{
    if (!sender->filling) {
        sender->filling = batch_new(++sender->batches);
        if (!sender->filling)
            return -1;
        sender->filling->since_ms = clock_mono_ms();
    }
    struct batch *const batch = sender->filling;
    const size_t before = batch->data.len, names = batch->names.len;
    const size_t name_count = batch->name_count;
    bool folded = false;
    const size_t added =
        sender->output->type->add(sender->output, batch, transfer, points, count, &folded);
    if (!batch->data.failed && !batch->names.failed &&
        batch_close_transfer(batch, added, folded) == 0) {
        if (batch->transfers >= sender->options->batch_max ||
            batch_bytes(batch) >= sender->bytes_goal)
            close_filling(sender);
        return 0;
    }
    snprintf(sender->why, sizeof sender->why, "out of memory");
    keep_why(sender);
    batch->data.len = before;
    batch->names.len = names;
    batch->name_count = name_count;
    batch->data.failed = batch->names.failed = false;
    close_filling(sender); /* what the output remembers of it may be wrong now */
    return -1;
}

int sender_init(struct sender *sender, struct output *output, struct http *http,
                const struct send_options *options, const struct notice *notice,
                struct output_tally *tally)
{
    *sender = (struct sender){.output = output,
                              .options = options,
                              .notice = notice,
                              .tally = tally,
                              .splits_max = SPLITS_MAX,
                              .bytes_goal = BATCH_BYTES_GOAL};
    tally->name = output->name;
    retry_init(&sender->retry, options->retry_max_ms, (uint32_t)clock_wall_ns());
    buf_init(&sender->body, BATCH_BYTES_MAX);
    if (output->type->write)
        return 0;
    sender->peer = http_peer_new(http, &output->target);
    return sender->peer ? 0 : -1;
}

void sender_release(struct sender *sender)
{
    batch_free(sender->filling);
    while (sender->first) {
        struct batch *const batch = sender->first;
        sender->first = batch->next;
        batch_free(batch);
    }
    buf_release(&sender->body);
}

void sender_add(struct sender *sender, const struct transfer *transfer)
{
    struct point points[LAYOUT_POINTS_MAX];
    if (sender->stopped) {
        sender->tally->lost++;
        return;
    }
    const size_t count = layout_points(sender->output->layout, transfer, points);
    if (fill(sender, transfer, points, count) < 0)
        sender->tally->lost++;
}

bool sender_is_full(const struct sender *sender)
{
    return !sender->retry.given_up && sender->queued_bytes >= SENDER_QUEUE_BYTES;
}

bool sender_is_done(const struct sender *sender)
{
    return !sender->filling && !sender->first;
}

void sender_flush(struct sender *sender)
{
    sender->flushing = true;
}

void sender_step(struct sender *sender, int64_t now_ms)
{
    const struct http_answer *const answer = sender->peer ? http_take_answer(sender->peer) : NULL;
    if (answer) {
        sender->busy = false;
        const struct range range = sender->ranges[sender->range_count - 1];
        const struct attempt attempt = {range.end - range.first, sender->unsure};
        const enum verdict verdict =
            answer->permanent ? VERDICT_MISDIRECTED
                              : sender->output->type->judge(sender->output, answer, &attempt);
        act(sender, verdict, answer, now_ms);
    }
    if (is_due(sender, now_ms))
        close_filling(sender);
    while (sender->first && !sender->busy) {
        if (now_ms >= sender->retry.at_ms)
            send_range(sender, now_ms);
        else if (sender->retry.given_up && sender->flushing &&
                 sender->retry.at_ms - now_ms > RETRY_CAP_MS)
            lose_all(sender); /* nobody waits for such a Retry-After */
        else
            break;
    }
}

int64_t sender_due(const struct sender *sender, int64_t now_ms)
{
    int64_t at = INT64_MAX;
    if (sender->filling)
        at = sender->filling->since_ms + sender->options->interval_ms;
    if (sender->first && !sender->busy && sender->retry.at_ms < at)
        at = sender->retry.at_ms;
    return at == INT64_MAX ? -1 : at > now_ms ? at - now_ms : 0;
}
