/* totals_options: --buckets and --trend-stats. */
#include "output/totals_options.h"

#include "tap.h"

static struct error err;

static void reads_buckets(void)
{
    static const struct {
        const char *list, *want;
    } wrong[] = {
        {"", "a bucket in the list is empty or too long"},
        {"1,", "a bucket in the list is empty or too long"},
        {"1,,2", "a bucket in the list is empty or too long"},
        {"1,00000000000000000000000000000000000002", "a bucket in the list is empty or too long"},
        {"2,1", "'1' is not above the bucket before: they must grow"},
        {"1,1000ms", "'1000ms' is not above the bucket before: they must grow"},
        {"0", "'0' is no bucket: a bucket is its upper bound, such as 0.1 or 100ms, from 1us to "
              "1000000"},
        {"-1", "'-1' is no bucket: a bucket is its upper bound, such as 0.1 or 100ms, from 1us to "
               "1000000"},
        {"x", "'x' is no bucket: a bucket is its upper bound, such as 0.1 or 100ms, from 1us to "
              "1000000"},
        {"+Inf", "'+Inf' is no bucket: a bucket is its upper bound, such as 0.1 or 100ms, from "
                 "1us to 1000000"},
    };
    struct totals_bounds bounds;
    OK(totals_parse_buckets(&bounds, "100us,0.1,1,2m,1000000", &err) == 0, "buckets");
    OK(bounds.count == 5, "are as many");
    IS(bounds.le[0], 0.0001, "with a unit");
    IS(bounds.le[1], 0.1, "in seconds");
    IS(bounds.le[3], 120, "in minutes");
    OK(totals_parse_buckets(&bounds, NULL, &err) == 0 && bounds.count == 19, "the usual ones");
    IS(bounds.le[0], 0.0001, "from 100 us");
    IS(bounds.le[7], 0.02, "1, 2 and 5");
    IS(bounds.le[18], 60, "to 60 s");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        OK(totals_parse_buckets(&bounds, wrong[i].list, &err) < 0, wrong[i].list);
        IS_TEXT(err.text, wrong[i].want, "and why");
    }
    char many[1000] = "";
    for (int i = 1; i <= TOTALS_BOUNDS_MAX; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "%s%d", i > 1 ? "," : "", i);
    OK(totals_parse_buckets(&bounds, many, &err) == 0, "as many as there may be");
    strcat(many, ",999");
    OK(totals_parse_buckets(&bounds, many, &err) < 0, "one more");
    IS_TEXT(err.text, "there are more than 64 buckets", "and why");
}

static void reads_trends(void)
{
    static const struct {
        const char *item, *suffix;
        double share;
    } trends[] = {
        {"p(95)", "_p95", .95},
        {"p(99.9)", "_p999", .999},
        {"p(0)", "_p0", 0},
        {"p(100)", "_p100", 1},
        {"p(99.99)", "_p9999", .9999},
        {"med", "_med", .5},
        {"min", "_min", 0},
        {"max", "_max", 0},
        {"avg", "_avg", 0},
        {"count", "_count", 0},
    };
    static const char *const wrong[] = {"p95",    "p()",      "p(101)", "p(-1)",  "p(1",
                                        "p(1)x",  "p(1.2.3)", "p(.5)",  "p(1e1)", "P(95)",
                                        "median", "p( 5)",    "p(nan)"};
    struct totals_trends read;
    for (size_t i = 0; i < sizeof trends / sizeof *trends; i++) {
        OK(totals_parse_trend_stats(&read, trends[i].item, &err) == 0, trends[i].item);
        IS_TEXT(read.of[0].suffix, trends[i].suffix, "its name");
        OK(fabs(read.of[0].share - trends[i].share) < 1e-12, "its share");
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char want[200];
        snprintf(want, sizeof want,
                 "there is no trend '%s'; use avg, min, med, max, count or p(N), N being 0 to 100",
                 wrong[i]);
        OK(totals_parse_trend_stats(&read, wrong[i], &err) < 0, wrong[i]);
        IS_TEXT(err.text, want, "and why");
    }
    OK(totals_parse_trend_stats(&read, NULL, &err) == 0 && read.count == 6, "the usual ones");
    IS_TEXT(read.of[0].suffix, "_p95", "k6's first");
    IS_TEXT(read.of[5].suffix, "_med", "k6's last");
    OK(totals_parse_trend_stats(&read, "p(9.99),p(99.9)", &err) < 0, "two of one name");
    IS_TEXT(err.text, "'p(99.9)' is in the list twice, as _p999", "and why");
    OK(totals_parse_trend_stats(&read, "min,", &err) < 0, "an empty one");
    IS_TEXT(err.text, "a trend in the list is empty or too long", "and why");
    OK(totals_parse_trend_stats(&read,
                                "p(1),p(2),p(3),p(4),p(5),p(6),p(7),p(8),p(9),p(10),p(11),"
                                "p(12),p(13),p(14),p(15),p(16)",
                                &err) == 0,
       "many");
    OK(totals_parse_trend_stats(&read,
                                "p(1),p(2),p(3),p(4),p(5),p(6),p(7),p(8),p(9),p(10),p(11),"
                                "p(12),p(13),p(14),p(15),p(16),p(17)",
                                &err) < 0,
       "too many");
    IS_TEXT(err.text, "there are more than 16 trends", "and why");
}

int main(void)
{
    reads_buckets();
    reads_trends();
    return tap_done();
}
