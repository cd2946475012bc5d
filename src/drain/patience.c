/* Why: a process that sends may be stopped (with SIGSTOP) or stuck for ever. Whoever waits
 * for it must end some time, but not before it has had all the time that it may take. */
#include "drain/patience.h"

#include <inttypes.h>
#include <poll.h>

/* The longest time between two changes of a cursor while a process sends: it waits for the
 * batch to fill, tries for as long as it may, and the last request runs into its timeout;
 * and the same once more where a batch must be sent in parts. */
static int64_t batch_longest_ms(const struct send_options *options)
{
    enum { MARGIN_MS = 5000 };
    return 2 * (options->interval_ms + options->retry_max_ms + options->timeout_ms) + MARGIN_MS;
}

bool patience_is_stopped(int stop_fd)
{
    return poll(&(struct pollfd){.fd = stop_fd, .events = POLLIN}, 1, PATIENCE_LOOK_MS) > 0;
}

int patience_wait(struct patience *patience, const struct send_options *options,
                  const struct cursor *now, int stop_fd, struct error *err)
{
    if (patience_is_stopped(stop_fd))
        return error_set(err, "stopped while another process was sending");
    if (queue_compare(now->at, patience->seen.at) != 0 ||
        queue_compare(now->tried, patience->seen.tried) != 0 ||
        now->failed_ms != patience->seen.failed_ms)
        *patience = (struct patience){.seen = *now};
    /* counted, not measured: this process may have been stopped too */
    patience->waited_ms += PATIENCE_LOOK_MS;
    const int64_t longest_ms = batch_longest_ms(options);
    if (patience->waited_ms <= longest_ms)
        return 0;
    return error_set(err,
                     "the process that sends has not got on for %" PRId64 " s: it is stopped or "
                     "stuck; end it, and try again",
                     longest_ms / 1000);
}
