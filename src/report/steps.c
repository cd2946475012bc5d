/* Why steps of a power of two: a run's length is not known beforehand, and pairs of such steps
 * are one step of the next power, whatever came first. */
#include "report/steps.h"

#include "base/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Most would become coarser than SCHEMA_MAX anyway, which takes time. */
enum { K_MIN = -10, SCHEMA_MAX = 6 };

/* The number of the step of 2^K_MIN s that holds the time; no product overflows. */
static int64_t number_of(int64_t time_ns)
{
    const int64_t seconds = time_ns / NS_PER_S, rest = time_ns % NS_PER_S;
    return seconds * (1 << -K_MIN) + rest * (1 << -K_MIN) / NS_PER_S;
}

static void init_times(struct histogram *times)
{
    histogram_init(times, STEPS_HISTOGRAM_BYTES);
    while (times->schema > SCHEMA_MAX)
        histogram_coarsen(times);
}

static struct step_group *group_at(struct steps *steps, size_t step, size_t group)
{
    struct step_group **const at = &steps->groups[step][group];
    if (!*at) {
        *at = calloc(1, sizeof **at);
        if (*at)
            init_times(&(*at)->times);
        else
            steps->incomplete = true;
    }
    return *at;
}

static void free_group(struct step_group *group)
{
    if (group)
        histogram_release(&group->times);
    free(group);
}

/* Moves what is at `from` to `to`, and adds it if there is something already. */
static void move_group(struct step_group **to, struct step_group **from)
{
    struct step_group *const group = *from;
    *from = NULL;
    if (!*to) {
        *to = group;
        return;
    }
    if (group) {
        (*to)->transfers += group->transfers;
        (*to)->failed += group->failed;
        histogram_merge(&(*to)->times, &group->times);
    }
    free_group(group);
}

/* How many steps there are when pairs have merged. */
static size_t merged_count(const struct steps *steps)
{
    const int64_t last = steps->first + (int64_t)steps->count - 1;
    return (size_t)((last >> 1) - (steps->first >> 1)) + 1;
}

/* In place: the step that a step goes to does not lie behind it. */
static void merge_pairs(struct steps *steps)
{
    const int64_t first = steps->first >> 1;
    const size_t count = merged_count(steps);
    for (size_t i = 1; i < steps->count; i++) {
        const size_t to = (size_t)(((steps->first + (int64_t)i) >> 1) - first);
        for (size_t g = 0; to != i && g < STEPS_GROUPS; g++)
            move_group(&steps->groups[to][g], &steps->groups[i][g]);
    }
    steps->k++;
    steps->first = first;
    steps->count = count;
}

/* Makes room in front for `count` steps more. */
static void insert_steps(struct steps *steps, size_t count)
{
    memmove(&steps->groups[count], &steps->groups[0], steps->count * sizeof *steps->groups);
    memset(&steps->groups[0], 0, count * sizeof *steps->groups);
    steps->first -= (int64_t)count;
    steps->count += count;
}

/* Makes `time_ns` one of the times that the steps hold; returns its step. */
static size_t step_of(struct steps *steps, int64_t time_ns)
{
    const int64_t number = number_of(time_ns);
    int64_t at;
    if (steps->count == 0) {
        steps->first = number;
        steps->count = 1;
    }
    for (;; merge_pairs(steps)) {
        at = (number >> (steps->k - K_MIN)) - steps->first;
        if (at >= STEPS_MAX || (int64_t)steps->count - at > STEPS_MAX)
            continue;
        if (at >= (int64_t)steps->count)
            steps->count = (size_t)at + 1;
        if (at >= 0)
            return (size_t)at;
        insert_steps(steps, (size_t)-at);
        return 0;
    }
}

/* The times so far are of transfers that failed. */
static void drop_times(struct steps *steps)
{
    for (size_t i = 0; i < steps->count; i++)
        for (size_t g = 0; g < STEPS_GROUPS; g++) {
            struct step_group *const group = steps->groups[i][g];
            if (!group)
                continue;
            histogram_release(&group->times);
            init_times(&group->times);
        }
}

struct steps *steps_new(void)
{
    struct steps *const steps = calloc(1, sizeof *steps);
    if (steps)
        steps->k = K_MIN;
    return steps;
}

void steps_free(struct steps *steps)
{
    for (size_t i = 0; steps && i < steps->count; i++)
        for (size_t g = 0; g < STEPS_GROUPS; g++)
            free_group(steps->groups[i][g]);
    free(steps);
}

void steps_add(struct steps *steps, size_t group, int64_t time_ns, bool failed,
               const double *time_total)
{
    if (group >= STEPS_GROUPS && !steps->whole) {
        steps_join_groups(steps);
        steps->whole = true;
    }
    struct step_group *const to =
        group_at(steps, step_of(steps, time_ns), steps->whole ? 0 : group);
    if (!to)
        return;
    to->transfers++;
    to->failed += failed;
    if (!time_total || (failed && steps->has_good))
        return;
    if (!failed && !steps->has_good) {
        drop_times(steps);
        steps->has_good = true;
    }
    histogram_add(&to->times, *time_total);
    steps->incomplete |= to->times.incomplete;
}

void steps_join_groups(struct steps *steps)
{
    for (size_t i = 0; i < steps->count; i++)
        for (size_t g = 1; g < STEPS_GROUPS; g++)
            move_group(&steps->groups[i][0], &steps->groups[i][g]);
}

void steps_reduce(struct steps *steps, uint64_t most)
{
    while (steps->count > most && merged_count(steps) >= STEPS_LEAST)
        merge_pairs(steps);
}

double steps_width(const struct steps *steps)
{
    return ldexp(1, steps->k);
}

double steps_begin(const struct steps *steps, size_t i)
{
    return ldexp((double)(steps->first + (int64_t)i), steps->k);
}
