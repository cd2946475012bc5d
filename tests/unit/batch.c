/* batch: each transfer is counted once, by the worst that happened to it. */
#include "output/batch.h"

#include "tap.h"

static void add(struct batch *batch, size_t points, bool merged)
{
    const struct batch_mark begin = batch_begin_transfer(batch);
    batch_end_transfer(batch, begin, points, merged);
}

/* Four transfers: points 0-2, 3, none, 4-9. */
static struct batch *four(void)
{
    struct batch *const batch = batch_new(1);
    static const size_t points[] = {3, 1, 0, 6};
    for (size_t i = 0; i < 4; i++)
        add(batch, points[i], false);
    return batch;
}

static const struct {
    const char *name;
    struct {
        size_t first, end;
        enum outcome outcome;
    } settled[4];
    const char *want; /* a letter a transfer: of "odfprl" */
} cases[] = {
    {"all at once", {{0, 10, OUTCOME_DELIVERED}}, "dddd"},
    {"a range that ends with a transfer", {{0, 3, OUTCOME_DELIVERED}}, "dodo"},
    {"a range that begins with one", {{3, 4, OUTCOME_LEFT}}, "oldo"},
    {"half a transfer delivered, half refused",
     {{0, 2, OUTCOME_DELIVERED}, {2, 3, OUTCOME_REFUSED}},
     "rodo"},
    {"the worst counts, in whatever order",
     {{2, 3, OUTCOME_REFUSED}, {0, 2, OUTCOME_DELIVERED}},
     "rodo"},
    {"a range over two transfers", {{2, 4, OUTCOME_REFUSED}}, "rrdo"},
    {"one point in the middle",
     {{5, 6, OUTCOME_REFUSED}, {4, 5, OUTCOME_DELIVERED}, {6, 10, OUTCOME_DELIVERED}},
     "oodr"},
    {"partial is worse than delivered, better than refused",
     {{0, 10, OUTCOME_PARTIAL}, {0, 3, OUTCOME_DELIVERED}, {3, 4, OUTCOME_REFUSED}},
     "prdp"},
    {"left is worse than all", {{0, 10, OUTCOME_REFUSED}, {9, 10, OUTCOME_LEFT}}, "rrdl"},
    {"nothing", {{0, 0, OUTCOME_LEFT}}, "oodo"},
};

/* A transfer whose value took the place of another's is delivered, but not whole. */
static void knows_merged(void)
{
    static const enum outcome outcomes[] = {OUTCOME_DELIVERED, OUTCOME_PARTIAL, OUTCOME_REFUSED,
                                            OUTCOME_LEFT};
    static const enum outcome wanted[] = {OUTCOME_MERGED, OUTCOME_PARTIAL, OUTCOME_REFUSED,
                                          OUTCOME_LEFT};
    static const char *const names[] = {"merged and delivered: merged", "merged and perhaps stored",
                                        "merged and refused", "merged and left"};
    for (size_t i = 0; i < 4; i++) {
        struct batch *const batch = batch_new(1);
        add(batch, 2, true);
        batch_settle(batch, 0, 2, outcomes[i]);
        IS(batch->outcomes[0], wanted[i], names[i]);
        batch_free(batch);
    }
    struct batch *const batch = batch_new(7);
    add(batch, 0, true);
    add(batch, 0, false);
    IS(batch->id, 7, "a batch has its number");
    OK(batch->outcomes[0] == OUTCOME_MERGED && batch->outcomes[1] == OUTCOME_DELIVERED,
       "without points of its own a transfer is merged, or delivered");
    batch_free(batch);
}

/* The result is a sum; the first transfers that are settled count apart. */
static void sums_up(void)
{
    struct batch *const batch = batch_new(1);
    for (size_t i = 0; i < 7; i++)
        add(batch, 1, i == 1);
    batch_settle(batch, 0, 3, OUTCOME_DELIVERED);
    batch_settle(batch, 3, 4, OUTCOME_PARTIAL);
    batch_settle(batch, 5, 6, OUTCOME_REFUSED);
    batch_settle(batch, 6, 7, OUTCOME_LEFT);
    strcpy(batch->why, "HTTP 503");
    batch->why_told = batch->in_doubt = batch->denied = true;
    const struct batch_result result = batch_result(batch);
    OK(result.delivered == 2 && result.merged == 1 && result.partial == 1 && result.refused == 1,
       "each counts as one thing");
    IS(result.left, 2, "what is still open is left");
    IS(result.settled, 4, "four, from the first on, are settled");
    struct output_tally tally = {.delivered = 10, .lost = 5};
    batch_result_add(&result, &tally);
    OK(tally.delivered == 12 && tally.merged == 1 && tally.partial == 1 && tally.refused == 1 &&
           tally.lost == 5 && tally.denied && tally.why_told,
       "added to a tally, but for what is left");
    IS_TEXT(tally.why, "HTTP 503", "with the reason");
    const struct batch_result plain = {.delivered = 1};
    batch_result_add(&plain, &tally);
    OK(tally.denied && tally.why_told && tally.why[0], "which another batch does not take away");
    batch_free(batch);
}

/* A batch of totals is settled as a whole. */
static void is_settled_together(void)
{
    static const struct {
        const char *name;
        enum outcome first, second;
        char want; /* d, p, r or l */
        bool in_doubt;
    } together[] = {
        {"totals, all stored: delivered", OUTCOME_DELIVERED, OUTCOME_DELIVERED, 'd', false},
        {"totals, some refused: partial", OUTCOME_REFUSED, OUTCOME_DELIVERED, 'p', false},
        {"totals, all refused: refused", OUTCOME_REFUSED, OUTCOME_REFUSED, 'r', false},
        {"totals, some not known: partial", OUTCOME_PARTIAL, OUTCOME_REFUSED, 'p', false},
        {"totals, all left: left", OUTCOME_LEFT, OUTCOME_LEFT, 'l', false},
        {"totals, some left: left, and the rest must be sent as it was", OUTCOME_DELIVERED,
         OUTCOME_LEFT, 'l', true},
        {"totals, nothing settled: left", OUTCOME_OPEN, OUTCOME_OPEN, 'l', false},
    };
    for (size_t i = 0; i < sizeof together / sizeof *together; i++) {
        struct batch *const batch = batch_new(1);
        batch_count(batch, false);
        batch_count(batch, true);
        batch_add_points(batch, 10);
        IS(batch_transfer_of(batch, 7), 7, "for the search for a bad point each is a transfer");
        IS(batch_first_point(batch, 7), 7, "and so the other way");
        if (together[i].first)
            batch_settle(batch, 0, 5, together[i].first);
        if (together[i].second)
            batch_settle(batch, 5, 10, together[i].second);
        const struct batch_result r = batch_result(batch);
        const char want = together[i].want;
        OK(r.delivered == (want == 'd' ? 2 : 0) && r.partial == (want == 'p' ? 2 : 0) &&
               r.refused == (want == 'r' ? 2 : 0) && r.left == (want == 'l' ? 2 : 0) &&
               r.settled == (want == 'l' ? 0 : 2) && r.in_doubt == together[i].in_doubt &&
               r.pooled == (want == 'd' ? 1 : 0),
           together[i].name);
        batch_free(batch);
    }
}

/* A transfer for which there is no memory leaves nothing behind. */
static void takes_back(void)
{
    struct batch *const batch = batch_new(1);
    for (int names = 0; names < 2; names++) {
        buf_append_text(&batch->data, "one");
        buf_append_text(&batch->names, "name");
        batch->name_count = 1;
        const struct batch_mark begin = batch_begin_transfer(batch);
        buf_append_text(&batch->data, "two");
        buf_append_text(&batch->names, "another");
        batch->name_count++;
        *(names ? &batch->names.failed : &batch->data.failed) = true;
        OK(batch_end_transfer(batch, begin, 1, false) < 0, "no memory");
        OK(batch->data.len == begin.data && batch->names.len == begin.names &&
               batch->name_count == 1 && !batch->data.failed && !batch->names.failed &&
               batch->transfers == 0 && batch->points == 0,
           "the batch is as it was");
    }
    batch_free(batch);
}

static void keeps_count_of_memory(void)
{
    struct batch *const batch = batch_new(1);
    const size_t before = batch_memory(batch);
    buf_reserve(&batch->data, 1000);
    const size_t data = batch_memory(batch);
    buf_reserve(&batch->names, 1000);
    OK(data >= before + 1000 && batch_memory(batch) >= data + 1000,
       "data and names count as memory");
    batch_free(batch);
}

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct batch *const batch = four();
        char got[5] = "";
        for (size_t j = 0; j < 4 && cases[i].settled[j].outcome; j++)
            batch_settle(batch, cases[i].settled[j].first, cases[i].settled[j].end,
                         cases[i].settled[j].outcome);
        for (size_t j = 0; j < 4; j++)
            got[j] = "odfprl"[batch->outcomes[j]];
        IS_TEXT(got, cases[i].want, cases[i].name);
        batch_free(batch);
    }
    struct batch *const batch = batch_new(1);
    batch_settle(batch, 0, 0, OUTCOME_LEFT);
    for (int i = 0; i < 1000; i++)
        add(batch, 2, false);
    IS(batch->transfers, 1000, "a thousand transfers");
    IS(batch->points, 2000, "are two thousand points");
    batch_settle(batch, 999, 1001, OUTCOME_LEFT);
    OK(!batch->outcomes[498] && batch->outcomes[499] == OUTCOME_LEFT &&
           batch->outcomes[500] == OUTCOME_LEFT && !batch->outcomes[501],
       "the right ones are found among them");
    batch_free(batch);
    batch_free(NULL);
    knows_merged();
    sums_up();
    is_settled_together();
    takes_back();
    keeps_count_of_memory();
    return tap_done();
}
