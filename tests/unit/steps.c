/* steps: what a run's course is made of follows from its transfers, not from their order. */
#include "report/steps.h"

#include "base/clock.h"

#include "tap.h"

#include <stdlib.h>

static uint64_t state = 88172645463325252u;

static uint64_t number(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

struct one {
    int64_t time_ns;
    size_t group;
    double total;
    bool failed;
};

enum { MANY = 20000 };
static struct one ones[MANY];
static const int64_t begin_ns = INT64_C(1795628531) * NS_PER_S + 10758400;

/* `span_ns` long, in `groups` groups; times from 1 ms to 100 s, every tenth failed. */
static void draw(size_t count, int64_t span_ns, size_t groups)
{
    for (size_t i = 0; i < count; i++) {
        const double total = 0.001 * pow(10, (double)number(5000) / 1000);
        ones[i] = (struct one){begin_ns + (int64_t)number((uint64_t)span_ns),
                               (size_t)number(groups), total, number(10) == 0};
    }
    ones[0].time_ns = begin_ns;
    ones[1].time_ns = begin_ns + span_ns;
}

static void shuffle(size_t count)
{
    for (size_t i = count - 1; i > 0; i--) {
        const size_t other = (size_t)number(i + 1);
        const struct one kept = ones[i];
        ones[i] = ones[other];
        ones[other] = kept;
    }
}

static int by_time(const void *a, const void *b)
{
    const struct one *const x = a, *const y = b;
    return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

static struct steps *collect(size_t count)
{
    struct steps *const steps = steps_new();
    for (size_t i = 0; i < count; i++)
        steps_add(steps, ones[i].group, ones[i].time_ns, ones[i].failed, &ones[i].total);
    return steps;
}

static bool same_histograms(const struct histogram *a, const struct histogram *b)
{
    static const double shares[] = {0, 0.1, 0.5, 0.9, 0.95, 0.99, 1};
    if (a->count != b->count || a->schema != b->schema)
        return false;
    for (size_t i = 0; a->count && i < 7; i++) {
        const double x = histogram_quantile(a, shares[i]), y = histogram_quantile(b, shares[i]);
        if (x < y || x > y)
            return false;
    }
    return true;
}

static bool same(const struct steps *a, const struct steps *b)
{
    if (a->k != b->k || a->first != b->first || a->count != b->count || a->whole != b->whole ||
        a->has_good != b->has_good)
        return false;
    for (size_t i = 0; i < a->count; i++)
        for (size_t g = 0; g < STEPS_GROUPS; g++) {
            const struct step_group *const x = a->groups[i][g], *const y = b->groups[i][g];
            if (!x != !y || (x && (x->transfers != y->transfers || x->failed != y->failed ||
                                   !same_histograms(&x->times, &y->times))))
                return false;
        }
    return true;
}

static uint64_t sum(const struct steps *steps, size_t group)
{
    uint64_t count = 0;
    for (size_t i = 0; i < steps->count; i++)
        count += steps->groups[i][group] ? steps->groups[i][group]->transfers : 0;
    return count;
}

static void follow_from_the_transfers_alone(void)
{
    static const int64_t spans[] = {
        1000, 90000000, NS_PER_S, 599 * NS_PER_S, 86400 * NS_PER_S, INT64_C(800000000) * NS_PER_S};
    static const size_t groups[] = {1, 3, 6, 7};
    char name[100];
    for (size_t s = 0; s < sizeof spans / sizeof *spans; s++)
        for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
            draw(MANY, spans[s], groups[g]);
            struct steps *const steps = collect(MANY);
            bool equal = true;
            for (int turn = 0; turn < 4; turn++) {
                if (turn == 0)
                    qsort(ones, MANY, sizeof *ones, by_time);
                else
                    shuffle(MANY);
                struct steps *const others = collect(MANY);
                equal &= same(steps, others);
                steps_free(others);
            }
            snprintf(name, sizeof name, "%g s, %zu groups: the same %zu steps in any order",
                     (double)spans[s] / 1e9, groups[g], steps->count);
            OK(equal && !steps->incomplete, name);
            steps_free(steps);
        }
}

/* k is the least one with which there are at most 128. */
static void are_as_narrow_as_can_be(void)
{
    static const int64_t spans[] = {
        0, 1, 120000000, 127 * NS_PER_S, 128 * NS_PER_S, 598 * NS_PER_S, 3600 * NS_PER_S};
    for (size_t s = 0; s < sizeof spans / sizeof *spans; s++) {
        draw(2, spans[s] ? spans[s] : 1, 1);
        ones[1].time_ns = begin_ns + spans[s];
        struct steps *const steps = collect(2);
        int k = -10;
        for (;; k++) {
            const double width = ldexp(1, k);
            const double first = floor((double)begin_ns / 1e9 / width),
                         last = floor((double)ones[1].time_ns / 1e9 / width);
            if (last - first < STEPS_MAX)
                break;
        }
        printf("# %zu steps of 2^%d s\n", steps->count, steps->k);
        IS(steps->k, k, "the narrowest steps with which there are at most 128");
        OK(steps_begin(steps, 0) <= (double)begin_ns / 1e9 &&
               steps_begin(steps, 1) > (double)begin_ns / 1e9,
           "the first holds the first transfer");
        IS(steps_width(steps), ldexp(1, k), "of this width");
        steps_free(steps);
    }
}

static void hold_each_transfer_once(void)
{
    draw(MANY, 600 * NS_PER_S, 3);
    struct steps *const steps = collect(MANY);
    uint64_t counts[3] = {0}, failed = 0, timed = 0;
    for (size_t i = 0; i < MANY; i++) {
        counts[ones[i].group]++;
        failed += ones[i].failed;
    }
    for (size_t g = 0; g < 3; g++)
        IS(sum(steps, g), counts[g], "every transfer of a group");
    for (size_t i = 0; i < steps->count; i++)
        for (size_t g = 0; g < 3; g++) {
            failed -= steps->groups[i][g]->failed;
            timed += steps->groups[i][g]->times.count;
        }
    IS(failed, 0, "and every failure");
    uint64_t bytes = sizeof *steps, good = 0;
    for (size_t i = 0; i < MANY; i++)
        good += !ones[i].failed;
    IS(timed, good, "the times are of those that did not fail");
    const size_t before = steps->count;
    steps_reduce(steps, 20);
    OK(before > 64 && steps->count <= 20 && steps->count >= STEPS_LEAST, "they become fewer");
    for (size_t g = 0; g < 3; g++)
        IS(sum(steps, g), counts[g], "and lose none");
    steps_reduce(steps, 0);
    OK(steps->count >= STEPS_LEAST, "but not too few");
    steps_free(steps);
    draw(MANY, 127 * NS_PER_S, STEPS_GROUPS);
    struct steps *const full = collect(MANY);
    for (size_t i = 0; i < full->count; i++)
        for (size_t g = 0; g < STEPS_GROUPS; g++)
            bytes += full->groups[i][g]
                         ? sizeof *full->groups[i][g] + full->groups[i][g]->times.bytes
                         : 0;
    printf("# %llu bytes\n", (unsigned long long)bytes);
    OK(full->count > 100 && bytes < 900 * 1024, "and take at most 0.9 MiB");
    steps_free(full);
}

static void a_seventh_group_leaves_the_whole(void)
{
    draw(MANY, 60 * NS_PER_S, 6);
    ones[MANY / 2].group = 99;
    struct steps *const steps = collect(MANY);
    OK(steps->whole && sum(steps, 0) == MANY, "all of it is in one");
    steps_free(steps);
    draw(MANY, 60 * NS_PER_S, 6);
    struct steps *const joined = collect(MANY);
    steps_join_groups(joined);
    OK(!joined->whole && sum(joined, 0) == MANY && sum(joined, 1) == 0, "groups can be joined");
    steps_add(joined, 1, begin_ns, false, NULL);
    OK(sum(joined, 1) == 1 && joined->groups[0][1]->times.count == 0,
       "and others follow, also without a time");
    steps_free(joined);
}

/* The times of those that failed are told only if nothing else can be. */
static void times_of_failures(void)
{
    const double slow = 5, fast = 0.1;
    struct steps *const steps = steps_new();
    steps_add(steps, 0, begin_ns, true, &slow);
    steps_add(steps, 1, begin_ns + NS_PER_S, true, &slow);
    OK(!steps->has_good && steps->groups[0][0]->times.count == 1, "all failed: their times");
    steps_add(steps, 0, begin_ns, false, NULL);
    OK(!steps->has_good, "also if one did not fail, but has no time");
    steps_add(steps, 1, begin_ns + NS_PER_S, false, &fast);
    steps_add(steps, 0, begin_ns, true, &slow);
    const size_t last = steps->count - 1;
    OK(steps->has_good && steps->groups[0][0]->times.count == 0 &&
           steps->groups[last][1]->times.count == 1,
       "one did not fail: its time alone");
    OK(!(steps->groups[last][1]->times.max > fast), "whatever came before");
    OK(steps->groups[0][0]->transfers == 3 && steps->groups[0][0]->failed == 2, "and all counted");
    steps_free(steps);
}

static void nothing_and_one(void)
{
    struct steps *const steps = steps_new();
    IS(steps->count, 0, "nothing came");
    steps_reduce(steps, 0);
    draw(2, 1, 1);
    steps_add(steps, 0, begin_ns, false, &ones[0].total);
    steps_reduce(steps, 0);
    OK(steps->count == 1 && steps->k == -10 && steps->groups[0][0]->transfers == 1, "one came");
    steps_free(steps);
    steps_free(NULL);
}

static void a_million(void)
{
    struct steps *const steps = steps_new();
    const double total = 0.05;
    for (int i = 0; i < 1000000; i++)
        steps_add(steps, (size_t)i % 3, begin_ns + i * INT64_C(1234567), i % 1000 == 0, &total);
    OK(sum(steps, 0) + sum(steps, 1) + sum(steps, 2) == 1000000 && steps->count > 64,
       "a million transfers");
    steps_free(steps);
}

int main(void)
{
    nothing_and_one();
    are_as_narrow_as_can_be();
    follow_from_the_transfers_alone();
    hold_each_transfer_once();
    a_seventh_group_leaves_the_whole();
    times_of_failures();
    a_million();
    return tap_done();
}
