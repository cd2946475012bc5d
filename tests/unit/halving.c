/* halving: which requests find what is wrong, and how many they are. */
#include "send/halving.h"

#include "tap.h"

#include <string.h>

enum { POINTS_MAX = 100000 };

static char bad[POINTS_MAX]; /* a request with such a point is refused */
static char stored[POINTS_MAX], given_up[POINTS_MAX];
static size_t sent; /* requests */
static struct halving halving;
static enum refusal refusal = REFUSED_POINTS;

static struct batch *of(size_t transfers, size_t points_each)
{
    struct batch *const batch = batch_new(1);
    for (size_t i = 0; i < transfers; i++)
        batch_end_transfer(batch, batch_begin_transfer(batch), points_each, false);
    memset(bad, 0, sizeof bad);
    return batch;
}

static void mark(char *points, struct range range)
{
    for (size_t i = range.first; i < range.end; i++)
        points[i]++;
}

/* Sends the batch to a database that takes nothing of more than `points_max` points. */
static void send(const struct batch *batch, size_t points_max)
{
    memset(stored, 0, sizeof stored);
    memset(given_up, 0, sizeof given_up);
    sent = 0;
    halving_begin(&halving, batch->points);
    while (!halving_is_done(&halving) && !halving_is_hopeless(&halving)) {
        const struct range range = halving_next(&halving);
        const bool too_large = range.end - range.first > points_max;
        struct given_up lost;
        sent++;
        if (!too_large && !memchr(bad + range.first, 1, range.end - range.first)) {
            mark(stored, range);
            if (halving_stored(&halving, batch, &lost))
                mark(given_up, lost.range);
        } else if (halving_refused(&halving, batch, too_large ? REFUSED_SIZE : refusal, &lost)) {
            mark(given_up, lost.range);
        }
    }
}

static size_t sum(const char *points, size_t count)
{
    size_t result = 0;
    for (size_t i = 0; i < count; i++)
        result += (unsigned char)points[i];
    return result;
}

/* Each point is stored or given up, once. */
static bool adds_up(const struct batch *batch)
{
    for (size_t i = 0; i < batch->points; i++)
        if (stored[i] + given_up[i] != 1)
            return false;
    return true;
}

/* A transfer of 41 points, as Prometheus gets it. */
static void within_a_transfer(void)
{
    struct batch *const batch = of(1, 41);
    size_t most = 0, wrong = 0;
    send(batch, POINTS_MAX);
    OK(sent == 1 && sum(stored, 41) == 41, "nothing wrong: one request");
    memset(bad, 1, 41);
    send(batch, POINTS_MAX);
    IS(sent, 3, "refused whole: three requests");
    OK(sum(given_up, 41) == 41 && adds_up(batch), "and all is given up, once");
    for (size_t i = 0; i < 41; i++) {
        memset(bad, 0, 41);
        bad[i] = 1;
        send(batch, POINTS_MAX);
        most = sent > most ? sent : most;
        wrong += !(given_up[i] == 1 && sum(stored, 41) == 40 && adds_up(batch));
    }
    OK(most <= 14, "one bad point, wherever it is: at most 14 requests");
    IS(most, 13, "to be exact, the most are 13");
    IS(wrong, 0, "it alone is given up");
    bad[0] = bad[40] = 1;
    for (size_t i = 1; i < 40; i++)
        bad[i] = 0;
    send(batch, POINTS_MAX);
    OK(sent == 3 && sum(given_up, 41) == 41, "one bad in each half: given up whole");
    memset(bad, 0, 41);
    bad[3] = bad[7] = 1; /* of the quarter 0-9, one in each half */
    send(batch, POINTS_MAX);
    OK(sum(given_up, 41) == 10 && sum(stored, 41) == 31 && adds_up(batch),
       "two bad ones near each other: all around them is stored");
    batch_free(batch);
}

static void between_transfers(void)
{
    struct batch *batch = of(200, 41);
    memset(bad + 123 * 41, 1, 41);
    send(batch, POINTS_MAX);
    OK(sum(given_up, 8200) == 41 && given_up[123 * 41] && given_up[123 * 41 + 40] && adds_up(batch),
       "one transfer of 200 is refused: it alone is given up");
    OK(sent <= 1 + 2 * 8 + 2, "in 1 + 2 log2(200) + 2 requests");
    memset(bad, 0, sizeof bad);
    bad[77 * 41 + 5] = bad[78 * 41 + 40] = 1; /* of two neighbours */
    send(batch, POINTS_MAX);
    OK(sum(given_up, 8200) == 2 && given_up[77 * 41 + 5] && given_up[78 * 41 + 40] &&
           adds_up(batch),
       "a bad point in each of two transfers: found, all others are stored");
    memset(bad, 1, sizeof bad);
    send(batch, POINTS_MAX);
    IS(sent, 2 * 200 - 1 + 2 * 200, "all are refused: as many as halves, and two a transfer");
    OK(sum(given_up, 8200) == 8200 && adds_up(batch), "all is given up");
    batch_free(batch);
    batch = of(2000, 1);
    memset(bad, 1, sizeof bad);
    send(batch, POINTS_MAX);
    OK(sent <= 2 * HALVING_CUTS_MAX + 1 && sum(given_up, 2000) == 2000 && adds_up(batch),
       "2,000 transfers, all refused: a bounded number of requests");
    send(batch, POINTS_MAX);
    OK(sent <= 2 * HALVING_CUTS_AGAIN + 1 && sum(given_up, 2000) == 2000 && adds_up(batch),
       "the next batch: still fewer");
    batch_free(batch);
    batch = of(10000, 1);
    bad[7776] = 1;
    send(batch, POINTS_MAX);
    OK(sent <= 29 && sum(given_up, 10000) == 1 && given_up[7776] && adds_up(batch),
       "one of 10,000 transfers of one point");
    batch_free(batch);
}

/* Halves that are refused for their size say nothing of smaller ones. */
static void too_large(void)
{
    struct batch *const batch = of(3, 41);
    send(batch, 10);
    OK(sum(stored, 123) == 123 && adds_up(batch), "too large: halved until it fits");
    bad[50] = 1;
    send(batch, 10);
    OK(sum(given_up, 123) == 1 && given_up[50] && adds_up(batch), "and one bad point is found");
    batch_free(batch);
}

/* A refusal that says nothing of points is held against none before something is stored. */
static void unsaid(void)
{
    struct batch *batch = of(5000, 1);
    halving_init(&halving);
    refusal = REFUSED_UNSAID;
    memset(bad, 1, sizeof bad);
    send(batch, POINTS_MAX);
    OK(halving_is_hopeless(&halving) && sent == HALVING_DOUBTS_MAX,
       "all are refused: ten requests");
    IS(sum(given_up, 5000), 0, "and no point is given up");
    send(batch, POINTS_MAX);
    OK(sent == 0 && sum(given_up, 5000) == 0, "the next batch: none");
    size_t wrong = 0, most = 0;
    for (size_t n = 1; n <= 40; n++) {
        halving_init(&halving);
        memset(bad, 0, sizeof bad);
        memset(bad, 1, n);
        send(batch, POINTS_MAX);
        most = sent > most ? sent : most;
        wrong += sum(given_up, 5000) != n || !adds_up(batch) || halving_is_hopeless(&halving);
    }
    IS(wrong, 0, "the first 1 to 40 of 5,000 are bad: found, all others are stored");
    OK(most <= 130, "in some 3 requests for each");
    memset(bad, 1, sizeof bad);
    send(batch, POINTS_MAX);
    OK(halving_is_hopeless(&halving) && sum(given_up, 5000) == 0 && sent == HALVING_DOUBTS_MAX,
       "all are refused, after others were stored: the same, and asked again for each batch");
    batch_free(batch);
    for (size_t n = 1; n <= 12; n++) {
        batch = of(n, 2);
        for (size_t good = 0; good < 2 * n; good++) {
            halving_init(&halving);
            memset(bad, 1, sizeof bad);
            bad[good] = 0;
            send(batch, POINTS_MAX);
            wrong += halving_is_hopeless(&halving) ? sum(given_up, 2 * n) != 0
                                                   : !stored[good] || !adds_up(batch);
            wrong += n == 1 && halving_is_hopeless(&halving);
        }
        batch_free(batch);
    }
    IS(wrong, 0, "one good point among few: stored, or all is left");
    batch = of(3, 41);
    halving_init(&halving);
    for (size_t i = 0; i < 3; i++)
        memset(bad + i * 41, 0, 41), bad[i * 41 + 20] = 1;
    send(batch, POINTS_MAX);
    OK(sum(given_up, 123) == 3 && adds_up(batch), "one bad point in each transfer: found");
    halving_init(&halving);
    send(batch, 0);
    OK(halving_is_hopeless(&halving) && sum(given_up, 123) == 0,
       "no size fits: no point is blamed");
    batch_free(batch);
    refusal = REFUSED_POINTS;
}

int main(void)
{
    unsaid();
    halving_init(&halving);
    within_a_transfer();
    between_transfers();
    too_large();
    return tap_done();
}
