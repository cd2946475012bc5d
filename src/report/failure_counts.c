/* Of a thousand codes that there may be, a run has a handful. So each group of transfers has
 * a short sorted list, not a thousand counters. */
#include "report/failure_counts.h"

#include "model/failure.h"

#include <stdlib.h>
#include <string.h>

const char *const failure_kind_names[FAILURE_KINDS] = {
    [FAILURE_CURL] = "curl",
    [FAILURE_HTTP] = "http",
    [FAILURE_NONE] = "none",
};

static int order(const struct failure_count *a, enum failure_kind kind, int code)
{
    return a->kind != kind ? (a->kind > kind) - (a->kind < kind)
                           : (a->code > code) - (a->code < code);
}

/* Where it is or belongs. */
static size_t find(const struct failure_counts *counts, enum failure_kind kind, int code)
{
    size_t low = 0, high = counts->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (order(&counts->list[middle], kind, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int make_room(struct failure_counts *counts)
{
    const size_t room = counts->room ? 2 * counts->room : 4;
    if (counts->count < counts->room)
        return 0;
    struct failure_count *const list = realloc(counts->list, room * sizeof *list);
    if (!list)
        return -1;
    counts->list = list;
    counts->room = room;
    return 0;
}

int failure_counts_add(struct failure_counts *counts, enum failure_kind kind, int code,
                       uint64_t count)
{
    const size_t at = find(counts, kind, code);
    if (at < counts->count && order(&counts->list[at], kind, code) == 0) {
        counts->list[at].count += count;
        return 0;
    }
    if (make_room(counts) < 0)
        return -1;
    memmove(&counts->list[at + 1], &counts->list[at], (counts->count - at) * sizeof *counts->list);
    counts->list[at] = (struct failure_count){kind, code, count};
    counts->count++;
    return 0;
}

int failure_counts_merge(struct failure_counts *counts, const struct failure_counts *from)
{
    int result = 0;
    for (size_t i = 0; i < from->count; i++) {
        const struct failure_count *const one = &from->list[i];
        if (failure_counts_add(counts, one->kind, one->code, one->count) < 0)
            result = -1;
    }
    return result;
}

void failure_counts_release(struct failure_counts *counts)
{
    free(counts->list);
}

const char *failure_count_text(const struct failure_count *failure)
{
    switch (failure->kind) {
    case FAILURE_CURL:
        return failure_of_curl(failure->code);
    case FAILURE_HTTP:
        return failure_of_http(failure->code);
    default:
        return "no answer";
    }
}
