/* Why: several outputs at once, where a slow one does not hold up a fast one: each
 * has a sender of its own, and this is the one place that waits for all of them. */
#include "send/fanout.h"

#include "base/clock.h"
#include "send/sender.h"

#include <stdio.h>
#include <stdlib.h>

/* A wait that ends now and then costs nothing and forgives a clock that jumps. */
enum { WAIT_MAX_MS = 60000 };

struct fanout {
    struct http *http;
    struct sender *senders;
    struct output_tally *tallies;
    size_t count;
    bool flushing;
    int64_t wait_max_ms; /* below 0: none */
};

/* Counts what has become of finished batches. Nobody else has what they leave: it is
 * lost. */
static void collect(struct sender *sender, struct output_tally *tally)
{
    struct batch *batch;
    while ((batch = sender_take_finished(sender))) {
        const struct batch_result result = batch_result(batch);
        batch_result_add(&result, tally);
        tally->lost += result.left;
        batch_free(batch);
    }
    tally->retries = sender_retries(sender);
}

/* Does what is due; returns milliseconds until the next thing is, -1 for never. */
static int64_t step_senders(struct fanout *fanout)
{
    const int64_t now_ms = clock_mono_ms();
    int64_t wait_ms = -1;
    for (size_t i = 0; i < fanout->count; i++) {
        sender_step(&fanout->senders[i], now_ms);
        collect(&fanout->senders[i], &fanout->tallies[i]);
        const int64_t due_ms = sender_due(&fanout->senders[i], now_ms);
        if (due_ms >= 0 && (wait_ms < 0 || due_ms < wait_ms))
            wait_ms = due_ms;
    }
    return wait_ms;
}

struct fanout *fanout_new(struct output *outputs, size_t count, const struct send_options *options,
                          const struct notice *notice)
{
    struct fanout *const fanout = calloc(1, sizeof *fanout);
    if (!fanout)
        return NULL;
    fanout->wait_max_ms = -1;
    fanout->http = http_new();
    fanout->senders = calloc(count, sizeof *fanout->senders);
    fanout->tallies = calloc(count, sizeof *fanout->tallies);
    int failed = fanout->http && fanout->senders && fanout->tallies ? 0 : -1;
    for (; !failed && fanout->count < count; fanout->count++) {
        fanout->tallies[fanout->count].name = outputs[fanout->count].name;
        failed = sender_init(&fanout->senders[fanout->count], &outputs[fanout->count], fanout->http,
                             options, notice);
    }
    if (!failed)
        return fanout;
    fanout_free(fanout);
    return NULL;
}

void fanout_free(struct fanout *fanout)
{
    if (!fanout)
        return;
    for (size_t i = 0; i < fanout->count; i++)
        sender_release(&fanout->senders[i]);
    http_free(fanout->http);
    free(fanout->senders);
    free(fanout->tallies);
    free(fanout);
}

void fanout_add(struct fanout *fanout, const struct transfer *transfer)
{
    for (size_t i = 0; i < fanout->count; i++) {
        struct output_tally *const tally = &fanout->tallies[i];
        const int added = sender_add(&fanout->senders[i], transfer);
        collect(&fanout->senders[i], tally); /* batches may pile up before the next step */
        if (added == 0)
            continue;
        tally->lost++;
        snprintf(tally->why, sizeof tally->why, "%s",
                 sender_why(&fanout->senders[i], &tally->why_told));
    }
}

bool fanout_is_full(const struct fanout *fanout)
{
    for (size_t i = 0; i < fanout->count; i++)
        if (sender_is_full(&fanout->senders[i]))
            return true;
    return false;
}

void fanout_end(struct fanout *fanout)
{
    fanout->flushing = true;
    for (size_t i = 0; i < fanout->count; i++)
        sender_end(&fanout->senders[i]);
}

bool fanout_is_done(const struct fanout *fanout)
{
    for (size_t i = 0; i < fanout->count; i++)
        if (!sender_is_done(&fanout->senders[i]))
            return false;
    return true;
}

void fanout_step(struct fanout *fanout, struct pollfd *fds, size_t count)
{
    const bool was_full = fanout_is_full(fanout);
    const int64_t wait_ms = step_senders(fanout);
    if ((was_full && !fanout_is_full(fanout)) || (fanout->flushing && fanout_is_done(fanout)))
        return;
    const int64_t most_ms = fanout->wait_max_ms < 0 ? WAIT_MAX_MS : fanout->wait_max_ms;
    const bool unlimited = wait_ms < 0 && fanout->wait_max_ms < 0;
    http_wait(fanout->http, fds, count,
              (int)(unlimited                          ? -1
                    : wait_ms < 0 || wait_ms > most_ms ? most_ms
                                                       : wait_ms));
    step_senders(fanout);
}

void fanout_limit_wait(struct fanout *fanout, int64_t wait_ms)
{
    fanout->wait_max_ms = wait_ms;
}

const struct output_tally *fanout_tallies(const struct fanout *fanout)
{
    return fanout->tallies;
}
