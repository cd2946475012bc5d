/* Why: the totals of many short processes are those of one series, so each goes on where the
 * one before stopped. */
#include "output/totals_write.h"

#include "base/hash.h"
#include "base/text.h"
#include "output/totals_state.h"

#include <inttypes.h>
#include <string.h>

static void write_number(struct buf *out, double value)
{
    char number[NUMBER_ROOM + 1] = " ";
    buf_append(out, number, 1 + text_number(number + 1, value));
}

/* Nearly all of the text is written by this, so it does without printf. */
static void write_integer(struct buf *out, long long value)
{
    char number[NUMBER_ROOM + 1] = " ";
    buf_append(out, number, 1 + text_integer(number + 1, value));
}

static void write_counts(struct buf *out, const uint64_t *counts, size_t count)
{
    for (size_t i = 0; i < count;) {
        size_t empty = 0;
        while (i + empty < count && counts[i + empty] == 0)
            empty++;
        write_integer(out, empty ? -(long long)empty : (long long)counts[i]);
        i += empty ? empty : 1;
    }
}

static void write_histogram(struct buf *out, const struct totals *totals,
                            const struct totals_series *series)
{
    const struct totals_histogram *const h = series->histogram;
    write_number(out, h->sum);
    write_number(out, h->min);
    write_number(out, h->max);
    write_counts(out, h->classic, totals->sets.bounds + 1);
    if (!totals_keeps_native(totals, series->instrument))
        return;
    buf_printf(out, " ; %" PRIu64 " %" PRId32 " %" PRIu32, h->zeros, h->first, h->length);
    write_counts(out, h->buckets, h->length);
}

static void write_series(struct buf *out, const struct totals *totals,
                         const struct totals_series *series)
{
    buf_printf(out, "%s %" PRId64, series->instrument->name, series->since_ms);
    if (series->histogram)
        write_histogram(out, totals, series);
    else
        write_number(out, series->number);
    if (series->instrument->kind == INSTRUMENT_RATE)
        write_number(out, series->all);
    if (series->label)
        buf_printf(out, "\t%s", series->label);
    buf_append_text(out, "\n");
}

static void write_set(struct buf *out, const struct totals *totals, const struct totals_set *set)
{
    const char *const instance = totals->options->instance;
    const struct instrument *instrument = totals->sets.instruments;
    while (totals_sets_group(&totals->sets, instrument) != set->group)
        instrument++;
    buf_printf(out, "set %s", instrument->name);
    for (const char *name = set->labels; *name;) {
        const char *const value = name + strlen(name) + 1;
        if (!instance || strcmp(name, "instance") != 0 || strcmp(value, instance) != 0)
            buf_printf(out, "\t%s\t%s", name, value);
        name = value + strlen(value) + 1;
    }
    buf_append_text(out, "\n");
    for (size_t i = 0; i < set->count; i++)
        write_series(out, totals, &set->series[i]);
}

void totals_write(const struct totals *totals, struct buf *text)
{
    const struct totals_bounds *const bounds = &totals->options->bounds;
    const size_t begin = text->len;
    buf_printf(text, "totals 1 %s %" PRId64 " %" PRId64 " %" PRId64 " %d %" PRIu64 " %zu",
               totals->layout->type->name, totals->since_ms, totals->newest_ms, totals->last_ms,
               totals->stale, totals->others, totals_sets(totals));
    for (size_t i = 0; i < bounds->count; i++)
        write_number(text, bounds->le[i]);
    buf_append_text(text, "\n");
    for (size_t i = 0; i < totals->sets.count; i++)
        write_set(text, totals, &totals->sets.sets[i]);
    if (!text->failed)
        buf_printf(text, "sum %08" PRIx32 "\n",
                   hash_checksum(text->data + begin, text->len - begin));
}
