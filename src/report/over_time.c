/* Fewer steps are truer ones: a percentile of three transfers is a dice roll. */
#include "report/over_time.h"

#include "base/clock.h"

#include <math.h>
#include <stdlib.h>

/* Seconds from the begin of the first step, to the nanosecond. */
static double since_begin(const struct steps *steps, int64_t time_ns)
{
    const double begin = steps_begin(steps, 0), whole = floor(begin);
    return (double)(time_ns - (int64_t)whole * NS_PER_S) / (double)NS_PER_S - (begin - whole);
}

/* The first and the last step cover only the time from the first and until the last transfer.
 * If that is less than a quarter of a step, one transfer would be a high rate. */
static double rate_of(const struct summary_figures *figures, size_t i, uint64_t transfers)
{
    const struct summary *const s = figures->of;
    const double width = figures->over_time.width;
    const double first = since_begin(s->steps, s->first_ns),
                 last = since_begin(s->steps, s->last_ns);
    const double begin = (double)i * width, end = begin + width;
    const double covered = (end < last ? end : last) - (begin > first ? begin : first);
    if (s->steps->count == 1)
        return figures->rate * (double)transfers / (double)s->transfers;
    return covered < width / 4 ? 0 : (double)transfers / covered;
}

/* Adds what is in a step of a group, if anything. */
static void add(struct figures_step *step, struct histogram *times, const struct step_group *group)
{
    if (!group)
        return;
    step->transfers += group->transfers;
    step->failed += group->failed;
    histogram_merge(times, &group->times);
}

static void fill(struct summary_figures *figures, struct figures_step *step,
                 const struct histogram *times, size_t i)
{
    struct figures_over_time *const o = &figures->over_time;
    const double error = figures_error(times);
    step->rate = rate_of(figures, i, step->transfers);
    step->timed = times->count;
    if (!times->count)
        return;
    step->med = figures_estimate(times, histogram_quantile(times, 0.5));
    step->p95 = figures_estimate(times, histogram_quantile(times, 0.95));
    step->max = times->max;
    o->error = error > o->error ? error : o->error;
    o->of_all = !figures->of->steps->has_good;
}

/* The steps of the groups from `group` up to, not including, `end`. NULL: out of memory. */
static struct figures_step *make_steps(struct summary_figures *figures, size_t group, size_t end)
{
    const struct steps *const steps = figures->of->steps;
    struct figures_step *const made = calloc(steps->count, sizeof *made);
    for (size_t i = 0; made && i < steps->count; i++) {
        struct histogram times;
        histogram_init(&times, STEPS_HISTOGRAM_BYTES);
        for (size_t g = group; g < end; g++)
            add(&made[i], &times, steps->groups[i][g]);
        fill(figures, &made[i], &times, i);
        histogram_release(&times);
    }
    return made;
}

int over_time_make(struct summary_figures *figures)
{
    const struct summary *const s = figures->of;
    struct figures_over_time *const o = &figures->over_time;
    if (!s->steps || !s->steps->count)
        return 0;
    const size_t parts =
        s->steps->whole || figures->part_count > FIGURES_DRAWN_MAX ? 0 : figures->part_count;
    const uint64_t most = OVER_TIME_STEPS / (parts ? parts : 1),
                   wanted = s->transfers / (OVER_TIME_EACH * (parts ? parts : 1));
    steps_reduce(s->steps, wanted < most ? wanted : most);
    o->start = steps_begin(s->steps, 0);
    o->width = steps_width(s->steps);
    o->count = s->steps->count;
    o->whole = make_steps(figures, 0, STEPS_GROUPS);
    if (!o->whole)
        return -1;
    for (size_t i = 0; i < parts; i++) {
        const size_t group = figures->parts[i].group;
        o->parts[i] = make_steps(figures, group, group + 1);
        if (!o->parts[i])
            return -1;
    }
    return 0;
}

void over_time_release(struct figures_over_time *over_time)
{
    free(over_time->whole);
    for (size_t i = 0; i < FIGURES_DRAWN_MAX; i++)
        free(over_time->parts[i]);
}
