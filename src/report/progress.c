/* A long stream says nothing while all is well. Who watches it wants to see that it moves,
 * how fast, and whether the database keeps up. */
#include "report/progress.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RING = PROGRESS_SECONDS + 1, MS_PER_S = 1000 };

static void empty(struct progress *p, int64_t second)
{
    histogram_release(&p->seconds[second % RING].times);
    histogram_init(&p->seconds[second % RING].times, HISTOGRAM_BYTES);
    p->seconds[second % RING].transfers = 0;
}

static void go_on(struct progress *p, int64_t now_ms)
{
    const int64_t second = (now_ms - p->begun_ms) / MS_PER_S;
    if (second - p->second > RING)
        p->second = second - RING;
    while (p->second < second)
        empty(p, ++p->second);
}

/* Transfers of which the slowest output does not know the end yet. */
static uint64_t waiting(const struct progress *p, const struct output_tally *tallies, size_t count)
{
    uint64_t most = 0;
    for (size_t i = 0; i < count; i++) {
        const struct output_tally *const t = &tallies[i];
        const uint64_t settled =
            t->delivered + t->merged + t->partial + t->refused + t->lost + t->spooled;
        const uint64_t left = settled < p->transfers ? p->transfers - settled : 0;
        most = left > most ? left : most;
    }
    return most;
}

struct item {
    char text[64];
    size_t rank; /* without room for all, the highest ranks are left out */
};

/* Joins the items for which there is room, in their order. */
static void join(const struct screen *screen, const struct item *items, size_t count,
                 struct buf *out)
{
    size_t used = 0, fit = 0;
    for (; fit < count; fit++) { /* how many ranks fit */
        size_t next = used;
        for (size_t i = 0; i < count; i++)
            if (items[i].rank == fit && items[i].text[0])
                next += screen_columns(items[i].text) + 2;
        if (next > screen->width + 1) /* no spaces behind the last; one column stays free */
            break;
        used = next;
    }
    for (size_t i = 0; i < count; i++) {
        if (items[i].rank >= fit || !items[i].text[0])
            continue;
        buf_append_text(out, out->len ? "  " : "");
        buf_append_text(out, items[i].text);
    }
}

void progress_init(struct progress *progress, const struct notice *notice, int64_t now_ms)
{
    *progress = (struct progress){.notice = notice, .begun_ms = now_ms, .due_ms = now_ms};
    for (int64_t i = 0; i < RING; i++)
        empty(progress, i);
}

void progress_release(struct progress *progress)
{
    for (size_t i = 0; i < RING; i++)
        histogram_release(&progress->seconds[i].times);
}

void progress_add(struct progress *progress, const struct transfer *transfer)
{
    const int64_t at = progress->second % RING;
    progress->transfers++;
    progress->failed += transfer_get(transfer, F_FAILED, 0) > 0;
    progress->seconds[at].transfers++;
    if (transfer_has(transfer, F_TIME_TOTAL))
        histogram_add(&progress->seconds[at].times, transfer->number[F_TIME_TOTAL]);
}

void progress_line(const struct progress *progress, const struct output_tally *tallies,
                   size_t count, const struct screen *screen, int64_t now_ms, struct buf *out)
{
    char a[SCREEN_ROOM], b[SCREEN_ROOM];
    struct histogram recent;
    uint64_t transfers = 0, retries = 0;
    const int64_t since_ms = now_ms - progress->begun_ms;
    /* the ring's whole seconds, and the begun part of the newest */
    const int64_t span_ms = since_ms < PROGRESS_SECONDS * MS_PER_S
                                ? since_ms
                                : PROGRESS_SECONDS * MS_PER_S + since_ms % MS_PER_S;
    histogram_init(&recent, HISTOGRAM_BYTES);
    for (size_t i = 0; i < RING; i++) {
        histogram_merge(&recent, &progress->seconds[i].times);
        transfers += progress->seconds[i].transfers;
    }
    for (size_t i = 0; i < count; i++)
        retries += tallies[i].retries;
    struct item items[6] = {{"", 0}, {"", 1}, {"", 0}, {"", 2}, {"", 3}, {"", 4}};
    snprintf(items[0].text, sizeof items->text, "%s transfer%s",
             screen_count(a, progress->transfers), text_plural(progress->transfers));
    if (span_ms > 0)
        snprintf(items[1].text, sizeof items->text, "%s",
                 screen_rate(a, (double)transfers * (double)MS_PER_S / (double)span_ms));
    snprintf(items[2].text, sizeof items->text, "%s failed", screen_count(a, progress->failed));
    if (recent.count)
        snprintf(items[3].text, sizeof items->text, "med %s  p95 %s",
                 screen_seconds(screen, a, histogram_quantile(&recent, 0.5)),
                 screen_seconds(screen, b, histogram_quantile(&recent, 0.95)));
    snprintf(items[4].text, sizeof items->text, "%s waiting",
             screen_count(a, waiting(progress, tallies, count)));
    snprintf(items[5].text, sizeof items->text, "%s %s", screen_count(a, retries),
             retries == 1 ? "retry" : "retries");
    join(screen, items, sizeof items / sizeof *items, out);
    histogram_release(&recent);
}

int64_t progress_step(struct progress *progress, const struct output_tally *tallies, size_t count,
                      int64_t now_ms)
{
    struct screen screen;
    struct buf out;
    if (now_ms < progress->due_ms)
        return progress->due_ms - now_ms;
    go_on(progress, now_ms);
    progress->due_ms = now_ms + PROGRESS_TICK_MS;
    screen_init(&screen, STDERR_FILENO); /* it may have been resized */
    buf_init(&out, 1024);
    progress_line(progress, tallies, count, &screen, now_ms, &out);
    fprintf(stderr, NOTICE_CLEAR "%s", buf_text(&out));
    *progress->notice->drawn = true;
    buf_release(&out);
    return PROGRESS_TICK_MS;
}

void progress_end(struct progress *progress)
{
    if (!*progress->notice->drawn)
        return;
    fputs(NOTICE_CLEAR, stderr);
    *progress->notice->drawn = false;
}
