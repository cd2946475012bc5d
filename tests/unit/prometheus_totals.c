/* prometheus_totals: what a clock that was never set, or is wrong, makes of stored totals. */
#include "layout/layouts.h"
#include "output/outputs.h"

#include "tap.h"

#include <time.h>

static time_t now_s; /* this program's wall clock */

int clock_gettime(clockid_t id, struct timespec *to)
{
    (void)id;
    *to = (struct timespec){.tv_sec = now_s};
    return 0;
}

int main(void)
{
    const struct output_options options = {
        .remote_write = 1, .totals = {.series_max = 10, .interval_ms = OUTPUT_TOTALS_INTERVAL_MS}};
    struct output output;
    struct layout layout;
    struct error err;
    struct buf stored;
    struct transfer transfer = {.time_ns = INT64_C(1800000000) * 1000000000};
    struct batch *const batch = batch_new(1);
    buf_init(&stored, 1 << 20);
    transfer_set(&transfer, F_TIME_TOTAL, 0.25);
    OK(layout_init(&layout, layout_named("totals", &err), "", false, NULL, &err) == 0 &&
           output_open(&output, "prometheus=http://h", &options, &layout, &err) == 0,
       "opened");
    OK(output.type->add(&output, batch, &transfer, NULL, 0) == 0 &&
           output_save(&output, batch, 1, &stored) == 0,
       "a transfer is stored");
    now_s = 1800000000;
    OK(output_restore(&output, buf_text(&stored), &err) == 0, "it is restored");
    now_s = 0;
    OK(output_restore(&output, buf_text(&stored), &err) == 0,
       "and where the clock begins in 1970, as without a battery");
    now_s = 1790000000;
    OK(output_restore(&output, buf_text(&stored), &err) == 1 && strstr(err.text, "still to come"),
       "not where it is still to come");
    batch_free(batch);
    output_close(&output);
    buf_release(&stored);
    return tap_done();
}
