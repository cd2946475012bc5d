/* Why: who takes transfers out of a queue must not take out one that the database has
 * not got. So here a batch is sent, waited for, and its result handed back. */
#include "send/single.h"

#include "base/clock.h"

#include <stdlib.h>

/* A wait that ends now and then costs nothing and forgives a clock that jumps. */
enum { WAIT_MAX_MS = 60000 };

struct single {
    struct output *output;
    struct http *http;
    struct sender sender;
};

struct single *single_new(struct output *output, const struct send_options *options,
                          const struct notice *notice)
{
    struct single *const single = calloc(1, sizeof *single);
    if (!single)
        return NULL;
    single->output = output;
    single->http = http_new();
    if (single->http && sender_init(&single->sender, output, single->http, options, notice) == 0)
        return single;
    single_free(single);
    return NULL;
}

void single_free(struct single *single)
{
    if (!single)
        return;
    sender_release(&single->sender);
    http_free(single->http);
    free(single);
}

int single_add(struct single *single, const struct transfer *transfer, bool in_doubt)
{
    const int result = sender_add(&single->sender, transfer);
    if (in_doubt)
        sender_doubt(&single->sender);
    return result;
}

bool single_takes(const struct single *single, const struct transfer *transfer)
{
    return sender_takes(&single->sender, transfer);
}

bool single_is_full(const struct single *single)
{
    return sender_has_closed(&single->sender);
}

/* Waits until something can be done for the batch, or somebody wants to stop. */
static void wait_for_answer(struct single *single, int stop_fd, bool *stopped)
{
    struct pollfd stop = {.fd = *stopped ? -1 : stop_fd, .events = POLLIN};
    const int64_t due_ms = sender_due(&single->sender, clock_mono_ms());
    http_wait(single->http, &stop, 1,
              (int)(due_ms < 0 || due_ms > WAIT_MAX_MS ? WAIT_MAX_MS : due_ms));
    *stopped |= stop.revents != 0;
}

struct batch_result single_send(struct single *single, int stop_fd, bool *stopped,
                                struct buf *state)
{
    struct sender *const sender = &single->sender;
    sender_flush(sender); /* no transfer is added any more: the batch goes now */
    sender_step(sender, clock_mono_ms());
    while (!sender_is_done(sender)) {
        wait_for_answer(single, stop_fd, stopped);
        if (*stopped)
            sender_abandon(sender);
        sender_step(sender, clock_mono_ms());
    }
    struct batch *const batch = sender_take_finished(sender);
    const struct batch_result result = batch_result(batch);
    if (result.settled) {
        buf_clear(state);
        if (output_save(single->output, batch, (size_t)result.settled, state) < 0)
            state->failed = true;
    }
    batch_free(batch);
    return result;
}

bool single_begin_end(struct single *single, struct buf *state)
{
    if (!sender_begin_end(&single->sender))
        return false;
    buf_clear(state);
    if (output_save(single->output, NULL, 0, state) < 0)
        state->failed = true;
    return !state->failed;
}

void single_send_end(struct single *single)
{
    struct sender *const sender = &single->sender;
    bool stopped = false; /* stays so: -1 is no descriptor to watch */
    sender->outage.retry.budget_ms = 0;
    sender_end(sender);
    sender_step(sender, clock_mono_ms());
    while (!sender_is_done(sender)) {
        wait_for_answer(single, -1, &stopped);
        sender_step(sender, clock_mono_ms());
    }
    batch_free(sender_take_finished(sender));
}
