/* progress: the line, as time goes by. */
#include "report/progress.h"

#include "tap.h"

#include <unistd.h>

static struct progress progress;
static struct output_tally tallies[2];
static struct screen screen = {.width = 100, .utf8 = true};
static struct buf out;
static bool drawn;
static const struct notice to = {.level = NOTICE_WARN, .drawn = &drawn};

static void add(int count, double seconds, bool failed)
{
    static struct transfer transfer;
    transfer_set(&transfer, F_TIME_TOTAL, seconds);
    transfer_set(&transfer, F_FAILED, failed);
    while (count-- > 0)
        progress_add(&progress, &transfer);
}

static const char *line_at(int64_t now_ms)
{
    buf_clear(&out);
    progress_line(&progress, tallies, 2, &screen, now_ms, &out);
    return buf_text(&out);
}

int main(void)
{
    buf_init(&out, 1000);
    progress_init(&progress, &to, 1000);
    IS_TEXT(line_at(1000), "0 transfers  0 failed  0 waiting  0 retries", "nothing yet");
    add(1, 0.25, false);
    IS_TEXT(line_at(1500),
            "1 transfer  2.00/s  0 failed  med 250 ms  p95 250 ms  1 waiting  0 retries",
            "one in half a second");
    add(1999, 0.25, false);
    add(10, 0.75, true);
    tallies[0].delivered = 2000;
    tallies[1].delivered = 1200;
    tallies[1].lost = 300;
    tallies[1].retries = 1;
    IS_TEXT(line_at(3000),
            "2,010 transfers  1,005/s  10 failed  med 250 ms  p95 250 ms  510 waiting  1 retry",
            "waiting: of the slower output");
    screen.width = 60;
    IS_TEXT(line_at(3000), "2,010 transfers  1,005/s  10 failed  med 250 ms  p95 250 ms",
            "60 columns");
    screen.width = 48;
    IS_TEXT(line_at(3000), "2,010 transfers  1,005/s  10 failed", "48 columns");
    screen.width = 100;

    /* the terminal that this draws on is no matter */
    const int err = dup(STDERR_FILENO);
    if (!freopen("/dev/null", "w", stderr))
        return 1;
    IS(progress_step(&progress, tallies, 2, 3000), 200, "drawn, and again in 200 ms");
    OK(drawn, "a line stands on the terminal");
    IS(progress_step(&progress, tallies, 2, 3150), 50, "not before");
    progress_step(&progress, tallies, 2, 6900);
    add(5, 1, false);
    IS_TEXT(line_at(6900),
            "2,015 transfers  342/s  10 failed  med 250 ms  p95 250 ms  515 waiting  1 retry",
            "5.9 s after the start: those of the first second still count");
    progress_step(&progress, tallies, 2, 7100);
    IS_TEXT(line_at(7100),
            "2,015 transfers  0.98/s  10 failed  med 1.00 s  p95 1.00 s  515 waiting  1 retry",
            "6.1 s: they are gone");
    progress_step(&progress, tallies, 2, 1000000);
    IS_TEXT(line_at(1000000), "2,015 transfers  0.00/s  10 failed  515 waiting  1 retry",
            "after a long silence");
    progress_end(&progress);
    OK(!drawn, "the end leaves a clean line");
    fflush(stderr);
    dup2(err, STDERR_FILENO);
    progress_release(&progress);
    buf_release(&out);
    return tap_done();
}
