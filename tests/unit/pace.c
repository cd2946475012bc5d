/* pace: when a batch goes, and when the process that sends leaves. */
#include "drain/pace.h"

#include "tap.h"

int main(void)
{
    struct pace pace = {.interval_ms = 5000};
    pace_add(&pace, true, 10000);
    OK(!pace_is_time(&pace, 10299) && pace_is_time(&pace, 10300), "when it is quiet, it goes");
    for (int64_t now_ms = 10100; now_ms < 15000; now_ms += 100)
        pace_add(&pace, false, now_ms);
    OK(!pace_is_time(&pace, 14999) && pace_is_time(&pace, 15000),
       "where it is not, after the interval");
    pace_sent(&pace, 15000);
    pace_add(&pace, true, 15100);
    OK(pace_is_time(&pace, 15400), "however short ago the last one was");
    pace.totals = true;
    OK(!pace_is_time(&pace, 15400), "but totals are told once an interval");
    OK(pace_is_time(&pace, 18100), "or when the process would leave");
    pace_add(&pace, false, 19000);
    OK(!pace_is_time(&pace, 19300) && pace_is_time(&pace, 20000), "or when the interval is over");
    struct pace first = {.interval_ms = 5000, .totals = true};
    pace_add(&first, true, 1000);
    OK(pace_is_time(&first, 1300), "the first totals of a process do not wait");
    OK(!pace_is_over(&first, 3999) && pace_is_over(&first, 4000), "it leaves when nothing comes");
    return tap_done();
}
