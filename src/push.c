/* Why: several outputs at once, where a slow one does not hold up a fast one: each
 * has a lane of its own, and this is the one place that waits for all of them. */
#include "tsdb_exporter/push.h"

#include "tsdb_exporter/clock.h"
#include "tsdb_exporter/lane.h"

#include <stdlib.h>

/* A wait that ends now and then costs nothing and forgives a clock that jumps. */
enum { WAIT_MAX_MS = 60000 };

struct push {
    struct http *http;
    struct lane *lanes;
    struct output_tally *tallies;
    size_t count;
    bool flushing;
    int64_t wait_max_ms; /* below 0: none */
};

/* Does what is due; returns milliseconds until the next thing is, -1 for never. */
static int64_t step_lanes(struct push *push)
{
    const int64_t now_ms = clock_mono_ms();
    int64_t wait_ms = -1;
    for (size_t i = 0; i < push->count; i++) {
        lane_step(&push->lanes[i], now_ms);
        const int64_t due_ms = lane_due(&push->lanes[i], now_ms);
        if (due_ms >= 0 && (wait_ms < 0 || due_ms < wait_ms))
            wait_ms = due_ms;
    }
    return wait_ms;
}

struct push *push_new(struct output *outputs, size_t count, const struct options *options,
                      const struct notice *notice)
{
    struct push *const push = calloc(1, sizeof *push);
    if (!push)
        return NULL;
    push->wait_max_ms = -1;
    push->http = http_new();
    push->lanes = calloc(count, sizeof *push->lanes);
    push->tallies = calloc(count, sizeof *push->tallies);
    int failed = push->http && push->lanes && push->tallies ? 0 : -1;
    for (; !failed && push->count < count; push->count++)
        failed = lane_init(&push->lanes[push->count], &outputs[push->count], push->http, options,
                           notice, &push->tallies[push->count]);
    if (!failed)
        return push;
    push_free(push);
    return NULL;
}

void push_free(struct push *push)
{
    if (!push)
        return;
    for (size_t i = 0; i < push->count; i++)
        lane_release(&push->lanes[i]);
    http_free(push->http);
    free(push->lanes);
    free(push->tallies);
    free(push);
}

void push_add(struct push *push, const struct transfer *transfer)
{
    for (size_t i = 0; i < push->count; i++)
        lane_add(&push->lanes[i], transfer);
}

bool push_is_full(const struct push *push)
{
    for (size_t i = 0; i < push->count; i++)
        if (lane_is_full(&push->lanes[i]))
            return true;
    return false;
}

bool push_is_ready(const struct push *push)
{
    for (size_t i = 0; i < push->count; i++)
        if (push->lanes[i].first)
            return true;
    return false;
}

void push_doubt(struct push *push)
{
    for (size_t i = 0; i < push->count; i++)
        push->lanes[i].unsure = true;
}

bool push_is_unsure(const struct push *push)
{
    for (size_t i = 0; i < push->count; i++)
        if (push->lanes[i].unsure)
            return true;
    return false;
}

bool push_is_busy(const struct push *push)
{
    for (size_t i = 0; i < push->count; i++)
        if (push->lanes[i].busy)
            return true;
    return false;
}

void push_flush(struct push *push)
{
    push->flushing = true;
    for (size_t i = 0; i < push->count; i++)
        lane_flush(&push->lanes[i]);
}

bool push_is_done(const struct push *push)
{
    for (size_t i = 0; i < push->count; i++)
        if (!lane_is_done(&push->lanes[i]))
            return false;
    return true;
}

void push_step(struct push *push, struct pollfd *fds, size_t count)
{
    const bool was_full = push_is_full(push);
    const int64_t wait_ms = step_lanes(push);
    if ((was_full && !push_is_full(push)) || (push->flushing && push_is_done(push)))
        return;
    const int64_t most_ms = push->wait_max_ms < 0 ? WAIT_MAX_MS : push->wait_max_ms;
    const bool unlimited = wait_ms < 0 && push->wait_max_ms < 0;
    http_wait(push->http, fds, count,
              (int)(unlimited                          ? -1
                    : wait_ms < 0 || wait_ms > most_ms ? most_ms
                                                       : wait_ms));
    step_lanes(push);
}

void push_limit_wait(struct push *push, int64_t wait_ms)
{
    push->wait_max_ms = wait_ms;
}

const struct output_tally *push_tallies(const struct push *push)
{
    return push->tallies;
}
