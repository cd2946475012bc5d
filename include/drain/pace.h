/* pace: when a batch out of a queue should not wait for more transfers. */
#ifndef TSDB_EXPORTER_DRAIN_PACE_H
#define TSDB_EXPORTER_DRAIN_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* A process in the background that has got nothing new for so long leaves. */
#define PACE_LINGER_MS 3000
/* Nothing new for so long: the batch goes. */
#define PACE_QUIET_MS 300

/* Times are monotonic, in ms. */
struct pace {
    int64_t interval_ms;         /* a batch goes so long after its first transfer */
    bool totals;                 /* a batch costs the same however many transfers are in it */
    int64_t first_ms, newest_ms; /* when the batch's first and last transfer were read */
    int64_t sent_ms;             /* when the last batch was sent; 0: none yet */
};

void pace_add(struct pace *pace, bool is_first, int64_t now_ms);
void pace_sent(struct pace *pace, int64_t now_ms);

/* True when the batch should go. Totals wait until the interval is over since the last batch
 * too, or until this process would leave. */
bool pace_is_time(const struct pace *pace, int64_t now_ms);
/* True when this process may leave: nothing has come for long. */
bool pace_is_over(const struct pace *pace, int64_t now_ms);

#endif
