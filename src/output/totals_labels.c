/* Why: what makes a series is its labels, to the byte. All rules of which ones a series has
 * are here, so that the totals behind them need to know none. */
#include "output/totals_labels.h"

#include <stdio.h>
#include <string.h>

static bool is_in(const char *name, const char *const *names)
{
    for (; names && *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/* True if series of these instruments have a label of this name that is not a tag. */
static bool is_taken(const char *name, const struct instrument *instruments)
{
    if (strcmp(name, "le") == 0)
        return true;
    for (const struct instrument *i = instruments; i->name; i++)
        if (i->label && strcmp(name, i->label) == 0)
            return true;
    return false;
}

/* `exported_` and the name, or NULL: too many names had to be made already. */
static const char *rename_label(struct totals_labels *labels, const char *name)
{
    if (labels->renamed_count == sizeof labels->renamed / sizeof *labels->renamed)
        return NULL;
    char *const room = labels->renamed[labels->renamed_count++];
    snprintf(room, sizeof *labels->renamed, "exported_%s", name);
    return room;
}

int totals_labels_add(struct totals_labels *labels, const char *name, const char *value)
{
    size_t at = labels->count;
    while (at > 0 && strcmp(labels->of[at - 1].name, name) > 0)
        at--;
    if (labels->count == TOTALS_LABELS_MAX ||
        (at > 0 && strcmp(labels->of[at - 1].name, name) == 0))
        return -1;
    memmove(&labels->of[at + 1], &labels->of[at], (labels->count - at) * sizeof *labels->of);
    labels->of[at] = (struct totals_label){name, value};
    labels->count++;
    return 0;
}

void totals_labels_add_instance(struct totals_labels *labels, const char *instance)
{
    if (instance && *instance)
        totals_labels_add(labels, "instance", instance);
}

void totals_labels_append(const struct totals_labels *labels, struct buf *out)
{
    for (size_t i = 0; i < labels->count; i++) {
        buf_append(out, labels->of[i].name, strlen(labels->of[i].name) + 1);
        buf_append(out, labels->of[i].value, strlen(labels->of[i].value) + 1);
    }
    buf_append(out, "", 1);
}

void totals_labels_init(struct totals_labels *labels, const char *tags, const char *const *without,
                        const struct instrument *instruments, const char *instance)
{
    labels->count = labels->renamed_count = 0;
    while (*tags) {
        const char *const value = tags + strlen(tags) + 1;
        const char *const name = is_taken(tags, instruments) ? rename_label(labels, tags) : tags;
        if (name && !is_in(tags, without))
            totals_labels_add(labels, name, value);
        tags = value + strlen(value) + 1;
    }
    totals_labels_add_instance(labels, instance);
}

void totals_labels_make_other(struct totals_labels *labels, bool keep_instance)
{
    for (size_t i = 0; i < labels->count; i++)
        if (!keep_instance || strcmp(labels->of[i].name, "instance") != 0)
            labels->of[i].value = "other";
}
