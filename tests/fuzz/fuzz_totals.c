/* Why: totals that came back wrong are wrong for ever, and a damaged disk writes anything. A
 * text must be refused, or be totals that can be written and read again as the same, that add
 * up, and that go on counting.
 *
 * Input: a letter, and the text without its checksum, which is put behind it. The letter: the
 * layout totals with native buckets (n) or without (c), the layout k6 (N, C). */
#include "fuzz.h"

#include "../unit/told.h"

#include "base/hash.h"

#include <ctype.h>

enum { MOST_MS = 2000000 };

static struct totals_options options;
static struct layout layout;
static struct error err;

static void configure(char letter)
{
    options = (struct totals_options){
        .native = tolower((unsigned char)letter) == 'n', .sets_max = 5, .instance = "machine"};
    REQUIRE(totals_parse_buckets(&options.bounds, "0.1,1", &err) == 0);
    REQUIRE(totals_parse_trend_stats(&options.trends, "p(95),avg", &err) == 0);
    REQUIRE(layout_init(&layout,
                        layout_named(isupper((unsigned char)letter) ? "k6" : "totals", &err), "",
                        false, NULL, &err) == 0);
}

static bool reads(struct totals *totals, struct buf *text, int64_t most_ms)
{
    return totals_read(totals, buf_text(text), most_ms, &err) == 0;
}

/* What has been read is written, read and written as the same, and tells the same. */
static void is_stable(struct totals *totals, struct buf *text, struct buf *told_first)
{
    struct buf again, told_again;
    buf_init(&again, TOLD_BYTES_MAX);
    buf_init(&told_again, TOLD_BYTES_MAX);
    const int parts = TOLD_NUMBERS | TOLD_CLASSIC | (options.native ? TOLD_NATIVE : 0);
    buf_clear(text);
    totals_write(totals, text);
    told(told_first, totals, parts, 2);
    REQUIRE(!text->failed && !told_first->failed);
    /* decoded.h complains with a "!", unless a label brings its own */
    REQUIRE(!strchr(buf_text(told_first), '!') || strchr(buf_text(text), '!'));
    REQUIRE(reads(totals, text, 2 * MOST_MS)); /* the next sample is later */
    totals_write(totals, &again);
    REQUIRE(strcmp(buf_text(text), buf_text(&again)) == 0);
    REQUIRE(strcmp(buf_text(told_first), told(&told_again, totals, parts, 2)) == 0);
    buf_release(&again);
    buf_release(&told_again);
}

/* A transfer more, and the next sample. */
static void goes_on(struct totals *totals)
{
    struct transfer t = {.time_ns = INT64_C(1500000000000), .tag_count = 1};
    t.tags[0] = (struct tag){"label", "a"};
    transfer_set(&t, F_TIME_TOTAL, .5);
    transfer_set(&t, F_PHASE_WAIT, .25);
    transfer_set(&t, F_HTTP_CODE, 200);
    const int64_t last_ms = totals_last_ms(totals);
    REQUIRE(totals_add(totals, &t) == 0);
    totals_sample(totals);
    REQUIRE(totals_last_ms(totals) > last_ms && totals_last_ms(totals) >= 1500000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf text, told_first;
    if (size == 0)
        return 0;
    configure((char)data[0]);
    struct totals *const totals = totals_new(&options, &layout);
    buf_init(&text, TOLD_BYTES_MAX);
    buf_init(&told_first, TOLD_BYTES_MAX);
    buf_append(&text, data + 1, size - 1);
    buf_printf(&text, "sum %08" PRIx32 "\n", hash_checksum(text.data, text.len));
    if (totals && !memchr(data, '\0', size) && reads(totals, &text, MOST_MS)) {
        is_stable(totals, &text, &told_first);
        goes_on(totals);
        is_stable(totals, &text, &told_first);
    } else if (totals) {
        REQUIRE(totals_set_count(totals) == 0 && totals_last_ms(totals) == 0);
    }
    totals_free(totals);
    buf_release(&text);
    buf_release(&told_first);
    return 0;
}
