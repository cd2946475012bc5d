/* The list is read once, before the first transfer, so that a mistake in it costs none. */
#include "report/percentiles.h"

#include "base/amount.h"
#include "base/list.h"

#include <stdio.h>
#include <string.h>

/* Inserts it at its place, unless it is there. */
static void insert(struct percentiles *p, double percent)
{
    const double share = percent / 100;
    size_t at = p->count;
    while (at > 0 && p->shares[at - 1] > share)
        at--;
    if (at > 0 && p->shares[at - 1] >= share)
        return;
    memmove(&p->shares[at + 1], &p->shares[at], (p->count - at) * sizeof *p->shares);
    memmove(&p->names[at + 1], &p->names[at], (p->count - at) * sizeof *p->names);
    p->shares[at] = share;
    if (share >= 0.5 && share <= 0.5)
        snprintf(p->names[at], sizeof *p->names, "med");
    else
        snprintf(p->names[at], sizeof *p->names, "p%.10g", percent);
    p->count++;
}

int percentiles_parse(struct percentiles *percentiles, const char *list, struct error *err)
{
    const char *const given = list;
    char item[32];
    double percent;
    int found;
    *percentiles = (struct percentiles){.usual = strcmp(list, PERCENTILES_USUAL) == 0};
    while ((found = list_next(&list, item, sizeof item)) > 0) {
        if (amount_parse(item + strspn(item, " "), AMOUNT_COUNT, 0, 100, &percent) < 0)
            return error_set(err, "'%s' is not a percentile from 0 to 100, such as 99.9", item);
        if (percentiles->count == PERCENTILES_MAX)
            return error_set(err, "more than %d percentiles", PERCENTILES_MAX);
        insert(percentiles, percent);
    }
    if (found < 0 || percentiles->count == 0)
        return error_set(err, "'%.100s' is not a list of percentiles, such as " PERCENTILES_USUAL,
                         given);
    return 0;
}
