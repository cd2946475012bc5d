/* Why: databases refuse a request as a whole without a word on what is wrong with it.
 * The search for that stands here, without a network, so that it can be tested. */
#include "send/halving.h"

static struct part *top(struct halving *halving)
{
    return &halving->parts[halving->count - 1];
}

/* Where to cut a range of two points or more: between two transfers, as near to the
 * middle as that can be, or, in *within one transfer, in the middle. */
static size_t find_cut(const struct batch *batch, struct range range, bool *within)
{
    const size_t middle = range.first + (range.end - range.first) / 2;
    const size_t transfer = batch_transfer_of(batch, middle);
    const size_t before = batch_first_point(batch, transfer);
    const size_t behind = batch_first_point(batch, transfer + 1);
    const bool has_before = before > range.first, has_behind = behind < range.end;
    *within = !has_before && !has_behind;
    if (*within)
        return middle;
    return has_before && (!has_behind || middle - before <= behind - middle) ? before : behind;
}

/* Cuts the next part, which has been refused, in two, or gives it up. */
static bool cut(struct halving *halving, const struct batch *batch, bool too_large,
                struct given_up *given_up)
{
    const struct range range = top(halving)->range;
    bool within;
    const bool is_one = range.end - range.first <= 1;
    if (is_one || ++halving->cuts > halving->cuts_max || halving->count == HALVING_PARTS_MAX) {
        *given_up = (struct given_up){halving_drop(halving), !is_one};
        if (!is_one)
            halving->cuts_max = HALVING_CUTS_AGAIN;
        return true;
    }
    const size_t middle = find_cut(batch, range, &within);
    const enum other_half other = within && !too_large ? HALF_UNKNOWN : HALF_OF_NOTHING;
    *top(halving) = (struct part){{middle, range.end}, other};
    halving->parts[halving->count++] = (struct part){{range.first, middle}, other};
    return false;
}

/* Rule 5: cuts the next part to be sent off the front of the rest. */
static void cut_front(struct halving *halving, const struct batch *batch)
{
    const struct range rest = top(halving)->range;
    const size_t first = batch_transfer_of(batch, rest.first);
    const size_t half = (batch_transfer_of(batch, rest.end - 1) - first + 1) / 2;
    const size_t most = halving->aside_count < 2 ? 1 : (size_t)1 << 2 * (halving->aside_count - 1);
    if (half == 0)
        return;
    const size_t middle = batch_first_point(batch, first + (half < most ? half : most));
    top(halving)->range.first = middle;
    halving->parts[halving->count++] = (struct part){{rest.first, middle}, HALF_OF_NOTHING};
}

/* From now on refusals are held against points, of what is aside too. */
static void believe(struct halving *halving)
{
    halving->believed = halving->proven = true;
    halving->doubts = 0;
    while (halving->aside_count)
        halving->parts[halving->count++] =
            (struct part){halving->aside[--halving->aside_count], HALF_OF_NOTHING};
}

/* The next part, or one half of it, has been refused. True: this has shown that those in
 * *given_up cannot be stored. */
static bool refuse(struct halving *halving, const struct batch *batch, bool too_large,
                   struct given_up *given_up)
{
    struct part *const part = top(halving);
    const bool has_other = part->other == HALF_UNKNOWN || part->other == HALF_REFUSED;
    if (too_large || !has_other) {
        if (has_other)
            part[-1].other = HALF_OF_NOTHING;
        return cut(halving, batch, too_large, given_up);
    }
    if (part->other == HALF_REFUSED) {
        *given_up = (struct given_up){{part[-1].range.first, part->range.end}, false};
        halving->count -= 2;
        return true;
    }
    const struct part refused = *part; /* it waits below for what becomes of the other */
    *part = part[-1];
    part->other = HALF_REFUSED;
    part[-1] = refused;
    return false;
}

/* The same while rule 5 holds: what would be given up is put aside. Only the first transfer
 * is cut within: if each transfer has one bad point, its other points show that. */
static void doubt(struct halving *halving, const struct batch *batch, bool too_large)
{
    struct given_up it = {halving_next(halving), false};
    const bool is_one =
        batch_transfer_of(batch, it.range.first) == batch_transfer_of(batch, it.range.end - 1);
    bool aside = true;
    halving->doubts++;
    if (too_large || (is_one && halving->aside_count == 0))
        aside = refuse(halving, batch, too_large, &it);
    else if (!is_one && halving->count == 1)
        aside = false;
    else
        halving_drop(halving);
    if (aside && halving->aside_count < HALVING_DOUBTS_MAX)
        halving->aside[halving->aside_count++] = it.range;
    if (halving->count && !too_large && top(halving)->other == HALF_OF_NOTHING)
        cut_front(halving, batch);
}

void halving_init(struct halving *halving)
{
    *halving = (struct halving){.cuts_max = HALVING_CUTS_MAX};
}

void halving_begin(struct halving *halving, size_t points)
{
    halving->cuts = halving->aside_count = 0;
    halving->believed = false;
    if (halving->proven)
        halving->doubts = 0;
    halving->count = 1;
    halving->parts[0] = (struct part){{0, points}, HALF_OF_NOTHING};
}

bool halving_is_done(const struct halving *halving)
{
    return halving->count == 0;
}

struct range halving_next(const struct halving *halving)
{
    return halving->parts[halving->count - 1].range;
}

void halving_shorten(struct halving *halving, size_t end)
{
    struct part *const part = top(halving);
    if (end >= part->range.end || halving->count == HALVING_PARTS_MAX)
        return;
    halving->parts[halving->count++] = (struct part){{part->range.first, end}, HALF_OF_NOTHING};
    part->range.first = end;
}

struct range halving_drop(struct halving *halving)
{
    return halving->parts[--halving->count].range;
}

bool halving_stored(struct halving *halving, const struct batch *batch, struct given_up *given_up)
{
    const enum other_half other = top(halving)->other;
    halving_drop(halving);
    halving->cuts_max = HALVING_CUTS_MAX;
    if (other == HALF_UNKNOWN || other == HALF_REFUSED)
        top(halving)->other = HALF_STORED;
    const bool any = other == HALF_REFUSED && cut(halving, batch, false, given_up);
    believe(halving);
    return any;
}

bool halving_refused(struct halving *halving, const struct batch *batch, enum refusal refusal,
                     struct given_up *given_up)
{
    const bool too_large = refusal == REFUSED_SIZE;
    if (!halving->believed && refusal != REFUSED_POINTS) {
        doubt(halving, batch, too_large);
        return false;
    }
    const bool any = refuse(halving, batch, too_large, given_up);
    believe(halving);
    return any;
}

bool halving_is_hopeless(const struct halving *halving)
{
    return !halving->believed && (halving->count == 0 || halving->doubts >= HALVING_DOUBTS_MAX);
}
