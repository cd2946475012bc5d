/* over_time: the course of a run, as it is shown. */
#include "base/clock.h"
#include "report/summary_figures.h"

#include "tap.h"

static struct transfer transfer;
static struct percentiles usual;
static const int64_t begin_ns = INT64_C(1795628531) * NS_PER_S + 500000000;

static void add(struct summary *s, const char *label, double version, int64_t time_ns, double total,
                bool failed)
{
    memset(&transfer, 0, sizeof transfer);
    transfer.time_ns = time_ns;
    transfer.tag_count = 1;
    transfer.tags[0] = (struct tag){"label", label};
    transfer_set(&transfer, F_HTTP_VERSION, version);
    transfer_set(&transfer, F_HTTP_CODE, failed ? 503 : 200);
    transfer_set(&transfer, F_FAILED, failed);
    transfer_set(&transfer, F_TIME_TOTAL, total);
    summary_add(s, &transfer);
}

static uint64_t sum(const struct figures_step *steps, size_t count)
{
    uint64_t transfers = 0;
    for (size_t i = 0; i < count; i++)
        transfers += steps[i].transfers;
    return transfers;
}

/* Ten a second for 60 s, in two protocols, with nothing from the 30th to the 40th second. */
static void a_course(void)
{
    struct summary *const s = summary_new("label", true);
    struct summary_figures f;
    for (int i = 0; i < 6000; i++)
        if (i < 3000 || i >= 4000)
            add(s, "one", i % 2 ? 2 : 3, begin_ns + i * INT64_C(10000000), i % 2 ? 0.2 : 0.1,
                i % 100 == 0);
    summary_figures_init(&f, s, &usual);
    const struct figures_over_time *const o = &f.over_time;
    IS(o->width, 0.5, "120 steps of half a second");
    IS(o->start, 1795628531.5, "from the first transfer's on");
    OK(o->count == 120 && f.part_count == 2 && o->parts[0] && o->parts[1] && !o->parts[2],
       "of the whole and of each part");
    OK(sum(o->whole, o->count) == 5000 && sum(o->parts[0], o->count) == 2500, "each transfer once");
    IS_TEXT(f.parts[1].name, "HTTP/3", "in the order of the parts");
    OK(!(fabs(o->parts[1][0].med - 0.1) > 0.002) && !(fabs(o->parts[0][0].med - 0.2) > 0.003),
       "with their own medians");
    OK(!(fabs(o->whole[0].p95 - 0.2) > 0.003) && o->error > 0.001 && o->error < 0.03,
       "and percentiles, which know how wrong they are");
    OK(o->whole[70].transfers == 0 && o->whole[70].timed == 0 && !(o->whole[70].rate > 0),
       "an empty step has nothing");
    OK(fabs(o->whole[1].rate - 100) < 1e-9 && o->whole[0].failed == 1, "rate and failures");
    summary_figures_release(&f);
    summary_free(s);
}

/* A run that begins and ends within a step. */
static void first_and_last_step(void)
{
    struct summary *const s = summary_new("label", true);
    struct summary_figures f;
    for (int i = 0; i < 10000; i++) /* 100 s from x.75 s on */
        add(s, "one", 2, begin_ns + 250000000 + i * INT64_C(10000000), 0.1, false);
    summary_figures_init(&f, s, &usual);
    const struct figures_over_time *const o = &f.over_time;
    const size_t last = o->count - 1;
    OK(o->width >= 1 && o->whole[0].transfers < 50, "the first step is not whole");
    OK(fabs(o->whole[0].rate - 100) < 5 && fabs(o->whole[last].rate - 100) < 5,
       "its rate, and the last one's, are as those of others");
    summary_figures_release(&f);
    add(s, "one", 2, begin_ns + INT64_C(100510000) * 1000, 0.1, false);
    summary_figures_init(&f, s, &usual);
    OK(!(f.over_time.whole[f.over_time.count - 1].rate > 0) &&
           f.over_time.whole[f.over_time.count - 1].transfers > 0,
       "of a hundredth of a step no rate is told");
    summary_figures_release(&f);
    summary_free(s);
}

/* 240 transfers in 60 s: not more than 12 steps have 20 of them. */
static void fewer_truer_points(void)
{
    struct summary *const s = summary_new("label", true);
    struct summary_figures f;
    for (int i = 0; i < 240; i++)
        add(s, "one", 2, begin_ns + i * INT64_C(250000000), 0.1, false);
    summary_figures_init(&f, s, &usual);
    OK(f.over_time.count >= STEPS_LEAST && f.over_time.count < 2 * STEPS_LEAST,
       "few transfers have few steps");
    IS(sum(f.over_time.whole, f.over_time.count), 240, "which hold them all");
    summary_figures_release(&f);
    summary_free(s);
}

static void labels_and_failures(void)
{
    static const char *const labels[] = {"a", "b", "c", "d", "e", "f", "g"};
    for (size_t count = 2; count <= 7; count += 5) {
        struct summary *const s = summary_new("label", true);
        struct summary_figures f;
        for (int i = 0; i < 7000; i++) /* 100 of the first one, in two protocols, before others */
            add(s, labels[i < 100 ? 0 : (size_t)i % count], i % 2 ? 2 : 1.1,
                begin_ns + i * INT64_C(10000000), 0.1, i % 7 == 6);
        summary_figures_init(&f, s, &usual);
        const struct figures_over_time *const o = &f.over_time;
        IS(sum(o->whole, o->count), 7000, "all");
        if (count == 7) {
            OK(!o->parts[0] && f.part_count == 7, "seven labels: the whole alone");
            OK(f.whole.spread && !f.parts[0].spread, "there are no curves of parts");
            IS(f.parts[5].failures->list[0].count, 986, "failures of one label");
        } else {
            OK(o->parts[1] && !o->parts[2], "two labels");
            IS(sum(o->parts[0], o->count), f.parts[0].transfers,
               "also what came when there was one");
            OK(f.parts[0].spread && f.parts[1].spread, "a curve each");
        }
        OK(f.whole.failures->count == 1 && f.whole.failures->list[0].kind == FAILURE_HTTP &&
               f.whole.failures->list[0].code == 503 && f.whole.failures->list[0].count == 1000,
           "why they failed");
        IS(s->shared_count, 0, "no tag is shared");
        summary_figures_release(&f);
        summary_free(s);
    }
}

static void all_failed(void)
{
    struct summary *const s = summary_new("label", true);
    struct summary_figures f;
    for (int i = 0; i < 100; i++)
        add(s, "one", 0, begin_ns + i * INT64_C(10000000), 10, true);
    summary_figures_init(&f, s, &usual);
    OK(f.over_time.of_all && f.whole.spread->of_all, "the times are those until they failed");
    IS(f.over_time.whole[0].max, 10, "which are told");
    OK(s->shared_count == 1 && strcmp(s->shared[0].key, "label") == 0 &&
           strcmp(s->shared[0].value, "one") == 0,
       "the tag that all have");
    summary_figures_release(&f);
    summary_free(s);
}

static void parts_in_one_step(void)
{
    struct summary *const s = summary_new("label", true);
    struct summary_figures f;
    for (int i = 0; i <= 100; i++) /* 0.1 ms */
        add(s, i % 4 ? "most" : "few", 2, begin_ns + i * 1000, 0.1, false);
    summary_figures_init(&f, s, &usual);
    const struct figures_over_time *const o = &f.over_time;
    OK(o->count == 1 && !(fabs(o->whole[0].rate - 1e6) > 1),
       "a run in one step has its rate there");
    OK(!(fabs(o->parts[0][0].rate + o->parts[1][0].rate - 1e6) > 1) &&
           o->parts[0][0].rate < o->parts[1][0].rate,
       "and each part its share of it");
    summary_figures_release(&f);
    summary_free(s);
}

static void nothing_and_one(void)
{
    struct summary *const s = summary_new("label", true);
    struct summary_figures f;
    summary_figures_init(&f, s, &usual);
    OK(f.over_time.count == 0 && !f.whole.spread, "no transfer, no course and no spread");
    summary_figures_release(&f);
    add(s, "one", 2, begin_ns, 0.1, false);
    summary_figures_init(&f, s, &usual);
    OK(f.over_time.count == 1 && f.over_time.whole[0].transfers == 1 &&
           !(f.over_time.whole[0].rate > 0),
       "one is one step, without a rate");
    IS(f.over_time.whole[0].p95, 0.1, "its time is all percentiles");
    summary_figures_release(&f);
    summary_free(s);
    struct summary *const bare = summary_new("label", false);
    add(bare, "one", 2, begin_ns, 0.1, false);
    summary_figures_init(&f, bare, &usual);
    IS(f.over_time.count, 0, "who does not ask for the course pays nothing for it");
    summary_figures_release(&f);
    summary_free(bare);
}

int main(void)
{
    struct error err;
    percentiles_parse(&usual, PERCENTILES_USUAL, &err);
    nothing_and_one();
    a_course();
    first_and_last_step();
    fewer_truer_points();
    labels_and_failures();
    all_failed();
    parts_in_one_step();
    return tap_done();
}
