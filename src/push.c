/* Why: the difference between "sent" and "stored". One state machine per output
 * takes a batch through requests, answers, retries and splits, until every one
 * of its transfers has been counted as one thing. */
#include "tsdb_exporter/push.h"

#include "tsdb_exporter/clock.h"
#include "tsdb_exporter/gzip.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    RETRY_BASE_MS = 100,
    RETRY_CAP_MS = 5000, /* Prometheus's max_backoff */
    /* halving leaves one range a level: log2 of the points of a batch */
    RANGES_MAX = 64,
    /* when everything is refused one by one, the rest is refused together */
    SPLITS_MAX = 1000,
    /* outages shorter than this are not worth a line */
    OUTAGE_SAID_MS = 1000,
    NAMED_MAX = 5
};

struct range {
    size_t first, end; /* points of the batch */
};

struct lane {
    struct output *output;
    struct http_peer *peer;
    struct batch *filling;
    struct batch *first, *last;      /* closed; ranges are of the first */
    size_t queued_bytes;             /* closed batches */
    struct range ranges[RANGES_MAX]; /* still to send; the last is next */
    size_t range_count, splits;
    bool busy;    /* a request is under way */
    bool stopped; /* nothing will be sent any more */
    bool given_up, outage_said;
    int64_t down_since_ms; /* of the first failure since the last answer; -1: up */
    int64_t retry_at_ms;
    unsigned failures; /* since down_since_ms */
    size_t bytes_goal; /* BATCH_BYTES_GOAL, or what a 413 taught */
    struct buf body;   /* an encoded or compressed request */
    struct output_tally *tally;
    uint64_t named;
};

struct push {
    struct http *http;
    const struct options *options;
    const struct notice *notice;
    struct lane *lanes;
    struct output_tally *tallies;
    size_t count;
    bool flushing;
    unsigned random;
};

/* Uniform in [0, bound); xorshift32, since rand() is everybody's. */
static int64_t random_below(struct push *push, int64_t bound)
{
    push->random ^= push->random << 13;
    push->random ^= push->random >> 17;
    push->random ^= push->random << 5;
    return bound > 0 ? (int64_t)(push->random % (uint64_t)bound) : 0;
}

static void count_outcomes(struct lane *lane, const struct batch *batch)
{
    uint64_t counts[OUTCOMES] = {0};
    for (size_t i = 0; i < batch->transfers; i++)
        counts[batch->outcomes[i]]++;
    lane->tally->delivered += counts[OUTCOME_DELIVERED];
    lane->tally->partial += counts[OUTCOME_PARTIAL];
    lane->tally->refused += counts[OUTCOME_REFUSED];
    lane->tally->lost += counts[OUTCOME_LOST];
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
    lane->queued_bytes -= batch->data.len;
    lane->first = batch->next;
    if (!lane->first)
        lane->last = NULL;
    batch_free(batch);
    begin_first(lane);
}

/* What is still open of the first batch is lost. */
static void lose_first(struct lane *lane)
{
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
    batch_settle(lane->first, range.first, range.end, outcome);
    if (!lane->range_count)
        end_first(lane);
}

static void close_filling(struct lane *lane)
{
    struct batch *const batch = lane->filling;
    lane->filling = NULL;
    const bool no_room = lane->given_up && lane->queued_bytes >= PUSH_QUEUE_BYTES;
    if (lane->stopped || no_room || !batch->points) {
        batch_settle(batch, 0, batch->points, OUTCOME_LOST);
        count_outcomes(lane, batch);
        batch_free(batch);
        return;
    }
    lane->queued_bytes += batch->data.len;
    if (lane->last)
        lane->last->next = batch;
    else
        lane->first = batch;
    lane->last = batch;
    if (lane->first == batch)
        begin_first(lane);
}

/* The server's own words, on one line. */
static void set_why(struct lane *lane, const struct http_answer *answer)
{
    char *const why = lane->tally->why;
    const size_t room = sizeof lane->tally->why;
    if (answer->status == 0)
        snprintf(why, room, "%s", answer->error);
    else
        snprintf(why, room, "HTTP %d%s%.*s", answer->status, *answer->body ? ": " : "",
                 (int)strcspn(answer->body, "\n"), answer->body);
    size_t len;
    const char *const location = http_answer_header(answer, "Location", &len);
    if (answer->status / 100 == 3 && location)
        snprintf(why, room, "HTTP %d: redirected; write the URL it leads to", answer->status);
}

/* Names the one point that a range has been halved down to. */
static void name_point(struct push *push, struct lane *lane)
{
    const struct range range = lane->ranges[lane->range_count - 1];
    struct buf room;
    if (++lane->named > NAMED_MAX)
        return;
    buf_init(&room, BATCH_BYTES_MAX);
    const struct bytes point =
        lane->output->type->encode(lane->output, lane->first, range.first, range.end, &room);
    notice(push->notice, NOTICE_WARN, "%s refused '%.*s': %s", lane->output->name,
           (int)(point.len < 200 ? point.len : 200), point.at, lane->tally->why);
    buf_release(&room);
}

static void split(struct push *push, struct lane *lane, int status)
{
    const struct range range = lane->ranges[lane->range_count - 1];
    if (status == 413 && range.first == 0 && range.end == lane->first->points)
        lane->bytes_goal = lane->first->data.len / 2 > 4096 ? lane->first->data.len / 2 : 4096;
    if (range.end - range.first <= 1) {
        name_point(push, lane);
        settle_range(lane, OUTCOME_REFUSED);
    } else if (++lane->splits > SPLITS_MAX || lane->range_count == RANGES_MAX) {
        notice(push->notice, NOTICE_WARN, "%s refuses nearly everything: %s", lane->output->name,
               lane->tally->why);
        settle_range(lane, OUTCOME_REFUSED);
    } else {
        const size_t middle = range.first + (range.end - range.first) / 2;
        lane->ranges[lane->range_count - 1] = (struct range){middle, range.end};
        lane->ranges[lane->range_count++] = (struct range){range.first, middle};
    }
}

static int64_t budget_left(const struct push *push, const struct lane *lane, int64_t now_ms)
{
    if (lane->down_since_ms < 0)
        return push->options->retry_max_ms;
    return lane->down_since_ms + push->options->retry_max_ms - now_ms;
}

static void back_off(struct push *push, struct lane *lane, int64_t retry_after_ms, int64_t now_ms)
{
    if (lane->down_since_ms < 0)
        lane->down_since_ms = now_ms;
    const unsigned doublings = lane->failures < 10 ? lane->failures : 10;
    const int64_t bound = (int64_t)RETRY_BASE_MS << doublings;
    int64_t wait_ms = random_below(push, bound < RETRY_CAP_MS ? bound : RETRY_CAP_MS);
    lane->failures++;
    if (retry_after_ms >= 0)
        wait_ms = retry_after_ms;
    lane->retry_at_ms = now_ms + wait_ms;
    const int64_t left = budget_left(push, lane, now_ms);
    if (lane->given_up || wait_ms >= left) {
        if (!lane->given_up)
            notice(push->notice, NOTICE_WARN, "%s: %s; given up after %.1f s%s", lane->output->name,
                   lane->tally->why, (double)(now_ms - lane->down_since_ms) / 1e3,
                   retry_after_ms > left ? " (its Retry-After is longer than --retry-max-time)"
                                         : "");
        lane->given_up = true;
        lose_all(lane);
    } else if (!lane->outage_said && now_ms + wait_ms - lane->down_since_ms >= OUTAGE_SAID_MS) {
        lane->outage_said = true;
        notice(push->notice, NOTICE_WARN, "%s: %s; trying again for %.0f s", lane->output->name,
               lane->tally->why, (double)left / 1e3);
    } else {
        notice(push->notice, NOTICE_DETAIL, "%s: %s; trying again in %" PRId64 " ms",
               lane->output->name, lane->tally->why, wait_ms);
    }
}

static void stop(struct push *push, struct lane *lane)
{
    lane->stopped = true;
    notice(push->notice, NOTICE_WARN, "%s: %s; nothing more is sent there", lane->output->name,
           lane->tally->why);
    lose_all(lane);
}

static void note_up(struct push *push, struct lane *lane, int64_t now_ms)
{
    if (lane->outage_said || lane->given_up)
        notice(push->notice, NOTICE_WARN, "%s answers again after %.1f s", lane->output->name,
               (double)(now_ms - lane->down_since_ms) / 1e3);
    lane->given_up = lane->outage_said = false;
    lane->down_since_ms = -1;
    lane->failures = 0;
}

static void act(struct push *push, struct lane *lane, enum verdict verdict,
                const struct http_answer *answer, int64_t now_ms)
{
    if (verdict != VERDICT_STORED)
        set_why(lane, answer);
    if (verdict != VERDICT_TRY_AGAIN)
        note_up(push, lane, now_ms);
    switch (verdict) {
    case VERDICT_STORED:
        settle_range(lane, OUTCOME_DELIVERED);
        break;
    case VERDICT_TRY_AGAIN:
        back_off(push, lane, answer->retry_after_ms, now_ms);
        break;
    case VERDICT_TRY_SMALLER:
        split(push, lane, answer->status);
        break;
    case VERDICT_PARTIAL:
    case VERDICT_REFUSED:
        if (lane->named++ < NAMED_MAX)
            notice(push->notice, NOTICE_WARN, "%s: %s", lane->output->name, lane->tally->why);
        settle_range(lane, verdict == VERDICT_PARTIAL ? OUTCOME_PARTIAL : OUTCOME_REFUSED);
        break;
    case VERDICT_DENIED:
        lane->tally->denied = true;
        /* fall through */
    case VERDICT_MISDIRECTED:
        stop(push, lane);
        break;
    }
}

static void write_range(struct push *push, struct lane *lane, struct bytes bytes)
{
    struct error err;
    if (lane->output->type->write(lane->output, bytes, &err) == 0) {
        settle_range(lane, OUTCOME_DELIVERED);
        return;
    }
    snprintf(lane->tally->why, sizeof lane->tally->why, "%s", err.text);
    stop(push, lane);
}

static void send_range(struct push *push, struct lane *lane, int64_t now_ms)
{
    const struct range range = lane->ranges[lane->range_count - 1];
    const struct output *const output = lane->output;
    struct error err;
    struct bytes bytes =
        output->type->encode(output, lane->first, range.first, range.end, &lane->body);
    if (output->type->write) {
        write_range(push, lane, bytes);
        return;
    }
    int failed = 0;
    if (output->gzip) {
        failed = gzip_compress(&lane->body, bytes.at, bytes.len, &err);
        bytes = (struct bytes){lane->body.data, lane->body.len};
    }
    /* while it fails, a request may take what is left of the time to try */
    int64_t timeout_ms = push->options->timeout_ms;
    const int64_t left = budget_left(push, lane, now_ms);
    if (lane->down_since_ms >= 0 && left < timeout_ms)
        timeout_ms = left > 1000 ? left : 1000;
    if (failed || http_post(lane->peer, bytes.at, bytes.len, timeout_ms, &err) < 0) {
        snprintf(lane->tally->why, sizeof lane->tally->why, "%s", err.text);
        stop(push, lane);
        return;
    }
    lane->busy = true;
    notice(push->notice, NOTICE_DETAIL, "%s: sending %zu points of %zu transfers, %zu bytes",
           output->name, range.end - range.first, lane->first->transfers, bytes.len);
}

static bool is_due(const struct push *push, const struct lane *lane, int64_t now_ms)
{
    return lane->filling &&
           (push->flushing || now_ms >= lane->filling->since_ms + push->options->interval_ms);
}

/* All that the lane can do without waiting. */
static void step_lane(struct push *push, struct lane *lane, int64_t now_ms)
{
    const struct http_answer *const answer = lane->peer ? http_take_answer(lane->peer) : NULL;
    if (answer) {
        lane->busy = false;
        act(push, lane, lane->output->type->judge(lane->output, answer), answer, now_ms);
    }
    if (is_due(push, lane, now_ms))
        close_filling(lane);
    while (lane->first && !lane->busy) {
        if (now_ms >= lane->retry_at_ms)
            send_range(push, lane, now_ms);
        else if (lane->given_up)
            lose_all(lane);
        else
            break;
    }
}

/* Milliseconds until the lane has something to do by itself; -1: never. */
static int64_t next_due(const struct push *push, const struct lane *lane, int64_t now_ms)
{
    int64_t at = INT64_MAX;
    if (lane->filling)
        at = lane->filling->since_ms + push->options->interval_ms;
    if (lane->first && !lane->busy && lane->retry_at_ms < at)
        at = lane->retry_at_ms;
    return at == INT64_MAX ? -1 : at > now_ms ? at - now_ms : 0;
}

/* Puts one transfer into the lane's batch. -1: no memory for it. */
static int fill(struct push *push, struct lane *lane, const struct transfer *transfer,
                const struct point *points, size_t count)
{
    if (!lane->filling) {
        lane->filling = batch_new();
        if (!lane->filling)
            return -1;
        lane->filling->since_ms = clock_mono_ms();
    }
    struct batch *const batch = lane->filling;
    const size_t before = batch->data.len;
    const size_t added = lane->output->type->add(lane->output, batch, transfer, points, count);
    if (!batch->data.failed && batch_close_transfer(batch, added) == 0) {
        if (batch->transfers >= push->options->batch_max || batch->data.len >= lane->bytes_goal)
            close_filling(lane);
        return 0;
    }
    snprintf(lane->tally->why, sizeof lane->tally->why, "out of memory");
    batch->data.len = before;
    batch->data.failed = false;
    return -1;
}

struct push *push_new(struct output *outputs, size_t count, const struct options *options,
                      const struct notice *notice)
{
    struct push *const push = calloc(1, sizeof *push);
    if (!push)
        return NULL;
    push->options = options;
    push->notice = notice;
    push->random = (unsigned)clock_wall_ns() | 1;
    push->http = http_new();
    push->lanes = calloc(count, sizeof *push->lanes);
    push->tallies = calloc(count, sizeof *push->tallies);
    bool failed = !push->http || !push->lanes || !push->tallies;
    for (; !failed && push->count < count; push->count++) {
        struct lane *const lane = &push->lanes[push->count];
        lane->output = &outputs[push->count];
        lane->tally = &push->tallies[push->count];
        lane->tally->name = lane->output->name;
        lane->down_since_ms = -1;
        lane->bytes_goal = BATCH_BYTES_GOAL;
        buf_init(&lane->body, BATCH_BYTES_MAX);
        if (!lane->output->type->write)
            lane->peer = http_peer_new(push->http, &lane->output->target);
        failed = !lane->output->type->write && !lane->peer;
    }
    if (!failed)
        return push;
    push_free(push);
    return NULL;
}

void push_free(struct push *push)
{
    if (!push)
        return;
    for (size_t i = 0; i < push->count; i++) {
        struct lane *const lane = &push->lanes[i];
        batch_free(lane->filling);
        while (lane->first) {
            struct batch *const batch = lane->first;
            lane->first = batch->next;
            batch_free(batch);
        }
        buf_release(&lane->body);
    }
    http_free(push->http);
    free(push->lanes);
    free(push->tallies);
    free(push);
}

void push_add(struct push *push, const struct transfer *transfer)
{
    struct point points[LAYOUT_POINTS_MAX];
    for (size_t i = 0; i < push->count; i++) {
        struct lane *const lane = &push->lanes[i];
        const size_t count = layout_points(lane->output->layout, transfer, points);
        if (lane->stopped || fill(push, lane, transfer, points, count) < 0)
            lane->tally->lost++;
    }
}

bool push_is_full(const struct push *push)
{
    for (size_t i = 0; i < push->count; i++) {
        const struct lane *const lane = &push->lanes[i];
        if (!lane->given_up && lane->queued_bytes >= PUSH_QUEUE_BYTES)
            return true;
    }
    return false;
}

void push_flush(struct push *push)
{
    push->flushing = true;
}

bool push_is_done(const struct push *push)
{
    for (size_t i = 0; i < push->count; i++)
        if (push->lanes[i].filling || push->lanes[i].first)
            return false;
    return true;
}

void push_step(struct push *push, struct pollfd *fds, size_t count)
{
    int64_t now_ms = clock_mono_ms(), wait_ms = -1;
    for (size_t i = 0; i < push->count; i++) {
        step_lane(push, &push->lanes[i], now_ms);
        const int64_t due = next_due(push, &push->lanes[i], now_ms);
        if (due >= 0 && (wait_ms < 0 || due < wait_ms))
            wait_ms = due;
    }
    if (push->flushing && push_is_done(push))
        return;
    http_wait(push->http, fds, count, (int)(wait_ms > 60000 ? 60000 : wait_ms));
    now_ms = clock_mono_ms();
    for (size_t i = 0; i < push->count; i++)
        step_lane(push, &push->lanes[i], now_ms);
}

const struct output_tally *push_tallies(const struct push *push)
{
    return push->tallies;
}
