/* Why: the difference between "sent" and "stored". One state machine takes a
 * batch through requests, answers, retries and splits, until every one of its
 * transfers has been counted as one thing. */
#include "tsdb_exporter/lane.h"

#include "tsdb_exporter/clock.h"
#include "tsdb_exporter/gzip.h"

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

static void count_outcomes(struct lane *lane, const struct batch *batch)
{
    uint64_t counts[OUTCOMES] = {0};
    for (size_t i = 0; i < batch->transfers; i++) {
        counts[batch->outcomes[i]]++;
        if (batch->outcomes[i] != OUTCOME_LOST && lane->tally->lost + counts[OUTCOME_LOST] == 0)
            lane->tally->settled++;
    }
    lane->tally->delivered += counts[OUTCOME_DELIVERED];
    lane->tally->folded += counts[OUTCOME_FOLDED];
    lane->tally->partial += counts[OUTCOME_PARTIAL];
    lane->tally->refused += counts[OUTCOME_REFUSED];
    lane->tally->lost += counts[OUTCOME_LOST];
}

/* The end line tells the last failure that cost something. */
static void keep_why(struct lane *lane)
{
    memcpy(lane->tally->why, lane->why, sizeof lane->why);
}

static void begin_first(struct lane *lane)
{
    lane->splits = 0;
    lane->range_count = 0;
    if (lane->first)
        lane->ranges[lane->range_count++] = (struct range){0, lane->first->points};
}

/* Counts the first batch and goes on to the next. */
static void end_first(struct lane *lane)
{
    struct batch *const batch = lane->first;
    count_outcomes(lane, batch);
    lane->queued_bytes -= batch_memory(batch);
    lane->first = batch->next;
    if (!lane->first)
        lane->last = NULL;
    batch_free(batch);
    begin_first(lane);
}

/* What is still open of the first batch is lost. */
static void lose_first(struct lane *lane)
{
    keep_why(lane);
    while (lane->range_count) {
        const struct range range = lane->ranges[--lane->range_count];
        batch_settle(lane->first, range.first, range.end, OUTCOME_LOST);
    }
    end_first(lane);
}

static void lose_all(struct lane *lane)
{
    while (lane->first)
        lose_first(lane);
}

static void settle_range(struct lane *lane, enum outcome outcome)
{
    const struct range range = lane->ranges[--lane->range_count];
    if (outcome != OUTCOME_DELIVERED)
        keep_why(lane);
    batch_settle(lane->first, range.first, range.end, outcome);
    if (!lane->range_count)
        end_first(lane);
}

static void close_filling(struct lane *lane)
{
    struct batch *const batch = lane->filling;
    lane->filling = NULL;
    const bool no_room = lane->retry.given_up && lane->queued_bytes >= LANE_QUEUE_BYTES;
    if (lane->stopped || no_room || !batch->points) {
        if (batch->points)
            keep_why(lane);
        batch_settle(batch, 0, batch->points, OUTCOME_LOST);
        count_outcomes(lane, batch);
        batch_free(batch);
        return;
    }
    lane->queued_bytes += batch_memory(batch);
    if (lane->last)
        lane->last->next = batch;
    else
        lane->first = batch;
    lane->last = batch;
    if (lane->first == batch)
        begin_first(lane);
}

/* The server's own words, on one line. */
static void set_why(struct lane *lane, const struct http_answer *answer, enum verdict verdict)
{
    char *const why = lane->why;
    const size_t room = sizeof lane->why;
    if (answer->status == 0)
        snprintf(why, room, "%s", answer->error);
    else
        snprintf(why, room, "HTTP %d%s%.*s", answer->status, *answer->body ? ": " : "",
                 (int)strcspn(answer->body, "\n"), answer->body);
    size_t len;
    const char *const written =
        http_answer_header(answer, "X-Prometheus-Remote-Write-Samples-Written", &len);
    const struct range range = lane->ranges[lane->range_count - 1];
    if (written && verdict == VERDICT_PARTIAL)
        snprintf(why + strlen(why), room - strlen(why), "; %.*s of %zu samples stored", (int)len,
                 written, range.end - range.first);
    const char *const location = http_answer_header(answer, "Location", &len);
    if (answer->status / 100 == 3 && location)
        snprintf(why, room, "HTTP %d: redirected; write the URL it leads to", answer->status);
}

/* Names the one point that a range has been halved down to. */
static void name_point(struct lane *lane)
{
    const struct range range = lane->ranges[lane->range_count - 1];
    struct buf text;
    if (++lane->named > NAMED_MAX)
        return;
    buf_init(&text, BATCH_BYTES_MAX);
    lane->output->type->describe(lane->first, range.first, &text);
    notice(lane->notice, NOTICE_WARN, "%s refused '%.200s': %s", lane->output->name,
           buf_text(&text), lane->why);
    buf_release(&text);
}

/* What a refusal often means, for the person who reads it. */
static void advise(struct lane *lane)
{
    static const char *const signs[] = {"out of order", "out-of-order", "duplicate sample"};
    for (size_t i = 0; !lane->advised && i < sizeof signs / sizeof *signs; i++) {
        if (!strstr(lane->why, signs[i]))
            continue;
        lane->advised = true;
        notice(lane->notice, NOTICE_WARN,
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
static void learn_limit(struct lane *lane, struct range range)
{
    const struct batch *const batch = lane->first;
    const size_t half = batch_bytes(batch) / batch->points * (range.end - range.first) / 2;
    if (half < lane->bytes_goal)
        lane->bytes_goal = half > BYTES_GOAL_MIN ? half : BYTES_GOAL_MIN;
}

static void split(struct lane *lane, int status)
{
    const struct range range = lane->ranges[lane->range_count - 1];
    if (status == 413)
        learn_limit(lane, range);
    if (range.end - range.first <= 1) {
        name_point(lane);
        advise(lane);
        settle_range(lane, OUTCOME_REFUSED);
    } else if (++lane->splits > lane->splits_max || lane->range_count == LANE_RANGES_MAX) {
        if (!lane->refusal_said)
            notice(lane->notice, NOTICE_WARN, "%s refuses nearly everything: %s",
                   lane->output->name, lane->why);
        lane->refusal_said = true;
        lane->splits_max = SPLITS_AGAIN;
        settle_range(lane, OUTCOME_REFUSED);
    } else {
        const size_t middle = range.first + (range.end - range.first) / 2;
        lane->ranges[lane->range_count - 1] = (struct range){middle, range.end};
        lane->ranges[lane->range_count++] = (struct range){range.first, middle};
    }
}

static void back_off(struct lane *lane, int64_t retry_after_ms, int64_t now_ms)
{
    struct retry *const retry = &lane->retry;
    const bool was_given_up = retry->given_up;
    const int64_t wait_ms = retry_fail(retry, retry_after_ms, now_ms);
    const int64_t down_ms = now_ms - retry->down_since_ms;
    lane->tally->retries += !retry->given_up;
    if (retry->given_up) {
        if (!was_given_up)
            notice(lane->notice, NOTICE_WARN, "%s: %s; given up after %.1f s%s", lane->output->name,
                   lane->why, (double)down_ms / 1e3,
                   retry_after_ms > 0 ? " (its Retry-After is longer than --retry-max-time)" : "");
        if (lane->flushing && was_given_up)
            lose_all(lane); /* the end must come */
        else
            lose_first(lane);
    } else if (!lane->outage_said && down_ms + wait_ms >= OUTAGE_SAID_MS) {
        lane->outage_said = true;
        notice(lane->notice, NOTICE_WARN, "%s: %s; trying again for %.0f s", lane->output->name,
               lane->why, (double)(retry->budget_ms - down_ms) / 1e3);
    } else {
        notice(lane->notice, NOTICE_DETAIL, "%s: %s; trying again in %" PRId64 " ms",
               lane->output->name, lane->why, wait_ms);
    }
}

static void stop(struct lane *lane)
{
    lane->stopped = true;
    notice(lane->notice, NOTICE_WARN, "%s: %s; nothing more is sent there", lane->output->name,
           lane->why);
    lose_all(lane);
}

static void note_up(struct lane *lane, int64_t now_ms)
{
    const bool said = lane->outage_said || lane->retry.given_up;
    const int64_t down_ms = retry_succeed(&lane->retry, now_ms);
    lane->outage_said = false;
    if (said)
        notice(lane->notice, NOTICE_WARN, "%s answers again after %.1f s", lane->output->name,
               (double)down_ms / 1e3);
}

static void act(struct lane *lane, enum verdict verdict, const struct http_answer *answer,
                int64_t now_ms)
{
    if (verdict != VERDICT_STORED)
        set_why(lane, answer, verdict);
    if (answer->status && verdict != VERDICT_TRY_AGAIN)
        note_up(lane, now_ms);
    lane->unsure = verdict == VERDICT_TRY_AGAIN && (lane->unsure || answer->sent);
    switch (verdict) {
    case VERDICT_STORED:
        lane->splits_max = SPLITS_MAX;
        settle_range(lane, OUTCOME_DELIVERED);
        break;
    case VERDICT_TRY_AGAIN:
        back_off(lane, answer->retry_after_ms, now_ms);
        break;
    case VERDICT_TRY_SMALLER:
        split(lane, answer->status);
        break;
    case VERDICT_ENCODE_ANEW:
        notice(lane->notice, NOTICE_DETAIL, "%s: %s; sent in the older form from now on",
               lane->output->name, lane->why);
        lane->output->type->adapt(lane->output);
        break;
    case VERDICT_PARTIAL:
    case VERDICT_REFUSED:
        if (lane->named++ < NAMED_MAX)
            notice(lane->notice, NOTICE_WARN, "%s: %s", lane->output->name, lane->why);
        advise(lane);
        settle_range(lane, verdict == VERDICT_PARTIAL ? OUTCOME_PARTIAL : OUTCOME_REFUSED);
        break;
    case VERDICT_DENIED:
        lane->tally->denied = true;
        /* fall through */
    case VERDICT_MISDIRECTED:
        stop(lane);
        break;
    }
}

static void write_range(struct lane *lane, struct bytes bytes)
{
    struct error err;
    if (lane->output->type->write(lane->output, bytes, &err) == 0) {
        settle_range(lane, OUTCOME_DELIVERED);
        return;
    }
    snprintf(lane->why, sizeof lane->why, "%s", err.text);
    stop(lane);
}

static void send_range(struct lane *lane, int64_t now_ms)
{
    const struct range range = lane->ranges[lane->range_count - 1];
    const struct output *const output = lane->output;
    struct error err;
    struct bytes bytes;
    int failed = output->type->encode(output, lane->first, range.first, range.end, &lane->body,
                                      &bytes, &err);
    if (output->type->write) {
        write_range(lane, bytes);
        return;
    }
    if (!failed && output->gzip) {
        failed = gzip_compress(&lane->body, bytes.at, bytes.len, &err);
        bytes = (struct bytes){lane->body.data, lane->body.len};
    }
    const int64_t timeout_ms = retry_timeout(&lane->retry, lane->options->timeout_ms, now_ms);
    if (failed || http_post(lane->peer, bytes.at, bytes.len, timeout_ms, &err) < 0) {
        snprintf(lane->why, sizeof lane->why, "%s", err.text);
        stop(lane);
        return;
    }
    lane->busy = true;
    notice(lane->notice, NOTICE_DETAIL, "%s: sending %zu points of %zu transfers, %zu bytes",
           output->name, range.end - range.first, lane->first->transfers, bytes.len);
}

static bool is_due(const struct lane *lane, int64_t now_ms)
{
    return lane->filling &&
           (lane->flushing || now_ms >= lane->filling->since_ms + lane->options->interval_ms);
}

/* Puts one transfer into the lane's batch. -1: no memory for it. */
static int fill(struct lane *lane, const struct transfer *transfer, const struct point *points,
                size_t count)
{
    if (!lane->filling) {
        lane->filling = batch_new(++lane->batches);
        if (!lane->filling)
            return -1;
        lane->filling->since_ms = clock_mono_ms();
    }
    struct batch *const batch = lane->filling;
    const size_t before = batch->data.len, names = batch->names.len;
    const size_t name_count = batch->name_count;
    bool folded = false;
    const size_t added =
        lane->output->type->add(lane->output, batch, transfer, points, count, &folded);
    if (!batch->data.failed && !batch->names.failed &&
        batch_close_transfer(batch, added, folded) == 0) {
        if (batch->transfers >= lane->options->batch_max || batch_bytes(batch) >= lane->bytes_goal)
            close_filling(lane);
        return 0;
    }
    snprintf(lane->why, sizeof lane->why, "out of memory");
    keep_why(lane);
    batch->data.len = before;
    batch->names.len = names;
    batch->name_count = name_count;
    batch->data.failed = batch->names.failed = false;
    close_filling(lane); /* what the output remembers of it may be wrong now */
    return -1;
}

int lane_init(struct lane *lane, struct output *output, struct http *http,
              const struct options *options, const struct notice *notice,
              struct output_tally *tally)
{
    *lane = (struct lane){.output = output,
                          .options = options,
                          .notice = notice,
                          .tally = tally,
                          .splits_max = SPLITS_MAX,
                          .bytes_goal = BATCH_BYTES_GOAL};
    tally->name = output->name;
    retry_init(&lane->retry, options->retry_max_ms, (uint32_t)clock_wall_ns());
    buf_init(&lane->body, BATCH_BYTES_MAX);
    if (output->type->write)
        return 0;
    lane->peer = http_peer_new(http, &output->target);
    return lane->peer ? 0 : -1;
}

void lane_release(struct lane *lane)
{
    batch_free(lane->filling);
    while (lane->first) {
        struct batch *const batch = lane->first;
        lane->first = batch->next;
        batch_free(batch);
    }
    buf_release(&lane->body);
}

void lane_add(struct lane *lane, const struct transfer *transfer)
{
    struct point points[LAYOUT_POINTS_MAX];
    if (lane->stopped) {
        lane->tally->lost++;
        return;
    }
    const size_t count = layout_points(lane->output->layout, transfer, points);
    if (fill(lane, transfer, points, count) < 0)
        lane->tally->lost++;
}

bool lane_is_full(const struct lane *lane)
{
    return !lane->retry.given_up && lane->queued_bytes >= LANE_QUEUE_BYTES;
}

bool lane_is_done(const struct lane *lane)
{
    return !lane->filling && !lane->first;
}

void lane_flush(struct lane *lane)
{
    lane->flushing = true;
}

void lane_step(struct lane *lane, int64_t now_ms)
{
    const struct http_answer *const answer = lane->peer ? http_take_answer(lane->peer) : NULL;
    if (answer) {
        lane->busy = false;
        const struct range range = lane->ranges[lane->range_count - 1];
        const struct attempt attempt = {range.end - range.first, lane->unsure};
        const enum verdict verdict =
            answer->permanent ? VERDICT_MISDIRECTED
                              : lane->output->type->judge(lane->output, answer, &attempt);
        act(lane, verdict, answer, now_ms);
    }
    if (is_due(lane, now_ms))
        close_filling(lane);
    while (lane->first && !lane->busy) {
        if (now_ms >= lane->retry.at_ms)
            send_range(lane, now_ms);
        else if (lane->retry.given_up && lane->flushing &&
                 lane->retry.at_ms - now_ms > RETRY_CAP_MS)
            lose_all(lane); /* nobody waits for such a Retry-After */
        else
            break;
    }
}

int64_t lane_due(const struct lane *lane, int64_t now_ms)
{
    int64_t at = INT64_MAX;
    if (lane->filling)
        at = lane->filling->since_ms + lane->options->interval_ms;
    if (lane->first && !lane->busy && lane->retry.at_ms < at)
        at = lane->retry.at_ms;
    return at == INT64_MAX ? -1 : at > now_ms ? at - now_ms : 0;
}
