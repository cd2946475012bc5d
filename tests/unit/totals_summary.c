/* totals_summary: what a stored text tells is what the totals tell themselves. */
#include "output/totals_summary.h"

#include "layout/layouts.h"
#include "output/totals.h"
#include "output/totals_write.h"

#include "tap.h"

int main(void)
{
    struct error err;
    struct layout layout;
    struct totals_options options = {.sets_max = 2};
    struct totals_summary summary;
    struct buf text;
    buf_init(&text, 100000);
    if (totals_parse_buckets(&options.bounds, NULL, &err) < 0 ||
        layout_init(&layout, layout_named("totals", &err), "", false, NULL, &err) < 0)
        OK(0, err.text);
    struct totals *const totals = totals_new(&options, &layout);
    for (int i = 0; i < 5; i++) {
        char label[] = {(char)('a' + i), 0};
        struct transfer transfer = {.time_ns = (1000 + i) * INT64_C(1000000), .tag_count = 1};
        transfer.tags[0] = (struct tag){"label", label};
        transfer_set(&transfer, F_TIME_TOTAL, 0.5);
        totals_add(totals, &transfer);
    }
    totals_write(totals, &text);
    OK(totals_summarize(&summary, buf_text(&text)) == 0, "a text of totals");
    OK(summary.sets == totals_sets(totals) && summary.since_ms == 1000 &&
           summary.others == totals_others(totals) && summary.others == 3,
       "sets of labels, since when, and what went to \"other\"");
    OK(totals_summarize(&summary, "0000000000000001 4 3\n") < 0, "another type's text is none");
    OK(totals_summarize(&summary, "") < 0, "nothing is none");
    totals_free(totals);
    buf_release(&text);
    return tap_done();
}
