/* Which names there are is only known when all transfers have come: a newer curl writes keys
 * that this program has not heard of, and people add their own. */
#include "report/unseen.h"

#include "base/spelling.h"
#include "model/known_keys.h"

#include <string.h>

enum { NAMES_MAX = 32 };

struct names {
    const char *names[NAMES_MAX];
    bool came[NAMES_MAX];
    size_t count;
};

/* A name that two options share is one, and it is enough if it came for one of them. */
static void add(struct names *names, const char *name, bool came)
{
    size_t i = 0;
    while (i < names->count && strcmp(names->names[i], name) != 0)
        i++;
    if (i == NAMES_MAX)
        return;
    names->count += i == names->count;
    names->names[i] = name;
    names->came[i] |= came;
}

void unseen_tell(const struct threshold *thresholds, size_t count, const struct summary *summary,
                 const struct tag_plan *tags, const struct notice *to)
{
    struct names names = {0};
    char room[SPELLING_ROOM];
    if (summary && strcmp(summary->by, "label") != 0)
        add(&names, summary->by, summary->by_came);
    for (size_t i = 0; i < count; i++) {
        const struct threshold_rule *const rule = &thresholds[i].rule;
        if (rule->extra)
            add(&names, rule->extra, thresholds[i].metric_came);
        for (size_t f = 0; f < rule->filter_count; f++)
            add(&names, rule->filters[f].key, thresholds[i].key_came[f]);
    }
    for (size_t i = 0; i < names.count; i++)
        if (!names.came[i])
            notice(to, NOTICE_RESULT, "no transfer had '%.100s'%s", names.names[i],
                   known_keys_has(tags, names.names[i])
                       ? ""
                       : known_keys_hint(tags, names.names[i], room));
}
