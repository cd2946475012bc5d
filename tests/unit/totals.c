/* totals: transfers -> counters, gauges and histograms, sample by sample. */
#include "output/totals.h"

#include "model/derive.h"
#include "output/totals_histogram.h"

#include "tap.h"
#include "told.h"

#include <stdlib.h>

static struct totals_options options;
static struct layout layout;
static struct totals *totals;
static struct buf out, other_out, text;
static struct error err;
static struct transfer transfer;

/* Fresh totals of a layout; buckets as a list. */
static void begin(const char *name, bool native, const char *buckets, size_t sets_max)
{
    totals_free(totals);
    options = (struct totals_options){.native = native, .sets_max = sets_max, .instance = "m"};
    if (totals_parse_buckets(&options.bounds, buckets, &err) < 0 ||
        totals_parse_trend_stats(&options.trends, "p(50),min,max,avg,count", &err) < 0 ||
        layout_init(&layout, layout_named(name, &err), "", false, NULL, &err) < 0)
        OK(0, err.text);
    totals = totals_new(&options, &layout);
}

/* A transfer that went well, with one tag. */
static struct transfer *make(int64_t time_ms, const char *label, double seconds)
{
    transfer = (struct transfer){.time_ns = time_ms * 1000000 + 999999};
    if (label)
        transfer.tags[transfer.tag_count++] = (struct tag){"label", label};
    transfer_set(&transfer, F_EXITCODE, 0);
    transfer_set(&transfer, F_HTTP_CODE, 200);
    transfer_set(&transfer, F_TIME_TOTAL, seconds);
    derive_numbers(&transfer, NULL);
    return &transfer;
}

static struct transfer *with(enum field_id field, double value)
{
    transfer_set(&transfer, field, value);
    return &transfer;
}

/* The lines of a text that hold `part`. */
static const char *lines_with(const char *all, const char *part)
{
    static char kept[20000];
    size_t len = 0;
    for (const char *line = all; *line; line = strchr(line, '\n') + 1) {
        const size_t line_len = (size_t)(strchr(line, '\n') + 1 - line);
        const char *const at = strstr(line, part);
        if (at && at < line + line_len && len + line_len < sizeof kept) {
            memcpy(kept + len, line, line_len);
            len += line_len;
        }
    }
    kept[len] = '\0';
    return kept;
}

static const char *tell(int parts, const char *part)
{
    return lines_with(told(&out, totals, parts, 1), part);
}

static void counts(void)
{
    begin("totals", false, "0.1,0.5", 10);
    OK(totals_add(totals, make(1000, "a", 0.1)) == 0, "a transfer is folded in");
    IS_TEXT(told(&out, totals, TOLD_NUMBERS | TOLD_CLASSIC, 1), "",
            "nothing is told before the first sample");
    totals_sample(totals);
    IS_TEXT(told(&out, totals, TOLD_NUMBERS | TOLD_CLASSIC, 1),
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"a\"} 0@999 1@1000\n"
            "{__name__=\"curl_duration_seconds_bucket\",instance=\"m\",label=\"a\",le=\"0.1\"} "
            "0@999 1@1000\n"
            "{__name__=\"curl_duration_seconds_bucket\",instance=\"m\",label=\"a\",le=\"0.5\"} "
            "0@999 1@1000\n"
            "{__name__=\"curl_duration_seconds_bucket\",instance=\"m\",label=\"a\",le=\"+Inf\"} "
            "0@999 1@1000\n"
            "{__name__=\"curl_duration_seconds_count\",instance=\"m\",label=\"a\"} 0@999 1@1000\n"
            "{__name__=\"curl_duration_seconds_sum\",instance=\"m\",label=\"a\"} "
            "0@999 0.10000000000000001@1000\n",
            "a series begins with 0 a millisecond before; a bucket has its bound in it");
    totals_add(totals, make(6000, "a", 0.100001));
    totals_add(totals, make(5000, "a", 3));
    totals_sample(totals);
    IS_TEXT(told(&out, totals, TOLD_NUMBERS | TOLD_CLASSIC, 1),
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"a\"} 3@6000\n"
            "{__name__=\"curl_duration_seconds_bucket\",instance=\"m\",label=\"a\",le=\"0.1\"} "
            "1@6000\n"
            "{__name__=\"curl_duration_seconds_bucket\",instance=\"m\",label=\"a\",le=\"0.5\"} "
            "2@6000\n"
            "{__name__=\"curl_duration_seconds_bucket\",instance=\"m\",label=\"a\",le=\"+Inf\"} "
            "3@6000\n"
            "{__name__=\"curl_duration_seconds_count\",instance=\"m\",label=\"a\"} 3@6000\n"
            "{__name__=\"curl_duration_seconds_sum\",instance=\"m\",label=\"a\"} "
            "3.2000009999999999@6000\n",
            "the next sample has all values so far, at the time of the newest transfer");
}

static void tells_what_failed(void)
{
    static const struct {
        double exitcode, code;
        const char *reason;
    } failures[] = {
        {6, 0, "host's name not resolved"},
        {28, 0, "timed out"},
        {0, 404, "HTTP 4xx"},
        {22, 404, "HTTP 4xx"},
        {0, 503, "HTTP 5xx"},
        {56, 599, "HTTP 5xx"},
        {999, 0, "other"},
        {0, 0, "no response"},
        {-1, 0, "other"},
        {1e300, 0, "other"},
    };
    begin("totals", false, "1", 100);
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        char label[16], want[200];
        snprintf(label, sizeof label, "l%zu", i);
        make(1000, label, 1);
        with(F_EXITCODE, failures[i].exitcode);
        with(F_HTTP_CODE, failures[i].code);
        derive_numbers(&transfer, NULL);
        totals_add(totals, &transfer);
        totals_sample(totals);
        snprintf(want, sizeof want, "label=\"%s\",reason=\"%s\"", label, failures[i].reason);
        OK(*tell(TOLD_NUMBERS, want), want);
    }
    totals_add(totals, make(2000, "l0", 1));
    totals_sample(totals);
    OK(strstr(tell(TOLD_NUMBERS, "label=\"l0\""), "_failed_total\",instance=\"m\",label=\"l0\","
                                                  "reason=\"host's name not resolved\"} 1@"),
       "one that went well is no failure");
}

static void tells_phases_bytes_and_certificate(void)
{
    begin("totals", false, "1", 10);
    make(1000, "a", 2);
    with(F_PHASE_DNS, .5);
    with(F_PHASE_WAIT, 1.5);
    with(F_SIZE_HEADER, 10);
    with(F_SIZE_DOWNLOAD, 100);
    with(F_SIZE_REQUEST, 20);
    with(F_CERT_EXPIRY, 1800000000);
    totals_add(totals, &transfer);
    with(F_CERT_EXPIRY, 1700000000);
    totals_add(totals, &transfer);
    totals_sample(totals);
    told(&out, totals, TOLD_NUMBERS | TOLD_CLASSIC, 1);
    IS_TEXT(lines_with(buf_text(&out), "_count"),
            "{__name__=\"curl_duration_seconds_count\",instance=\"m\",label=\"a\"} 0@999 2@1000\n"
            "{__name__=\"curl_phase_duration_seconds_count\",instance=\"m\",label=\"a\",phase="
            "\"dns\"} 0@999 2@1000\n"
            "{__name__=\"curl_phase_duration_seconds_count\",instance=\"m\",label=\"a\",phase="
            "\"wait\"} 0@999 2@1000\n",
            "phases that happened");
    IS_TEXT(lines_with(buf_text(&out), "bytes"),
            "{__name__=\"curl_received_bytes_total\",instance=\"m\",label=\"a\"} 0@999 220@1000\n"
            "{__name__=\"curl_sent_bytes_total\",instance=\"m\",label=\"a\"} 0@999 40@1000\n",
            "bytes");
    IS_TEXT(lines_with(buf_text(&out), "certificate"),
            "{__name__=\"curl_certificate_expiry_seconds\",instance=\"m\",label=\"a\"} "
            "1700000000@1000\n",
            "a gauge is the newest value, and begins without a 0");
    told(&out, totals, TOLD_CLASSIC, 1);
    IS_TEXT(lines_with(buf_text(&out), "le=\"+Inf\",phase=\"dns\""),
            "{__name__=\"curl_phase_duration_seconds_bucket\",instance=\"m\",label=\"a\",le="
            "\"+Inf\",phase=\"dns\"} 0@999 2@1000\n",
            "le and phase stand where they belong");
}

static void describes_itself(void)
{
    begin("totals", true, "1", 10);
    totals_add(totals, make(1000, "a", 0));
    totals_add(totals, make(1000, "a", 0.25));
    totals_add(totals, make(1000, "a", 0.25));
    totals_add(totals, make(1000, "a", 0.250001));
    totals_add(totals, make(1000, "a", 100));
    totals_sample(totals);
    IS_TEXT(told(&out, totals, TOLD_NUMBERS | TOLD_NATIVE, 2),
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"a\"} [counter  Transfers "
            "since 999] 0@999 5@1000\n"
            "{__name__=\"curl_duration_seconds\",instance=\"m\",label=\"a\"} [histogram seconds "
            "Duration of the whole transfer since 999] {0 0}@999 "
            "{5 100.750001 zero:1 -16:2 -15:1 54:1}@1000\n",
            "in 2.0: type, unit, help and since when; a native histogram");
    IS_TEXT(told(&out, totals, TOLD_NATIVE, 1),
            "{__name__=\"curl_duration_seconds\",instance=\"m\",label=\"a\"} {0 0}@999 "
            "{5 100.750001 zero:1 -16:2 -15:1 54:1}@1000\n",
            "and in 1.0");
    IS_TEXT(lines_with(told(&out, totals, TOLD_CLASSIC, 2), "+Inf"),
            "{__name__=\"curl_duration_seconds_bucket\",instance=\"m\",label=\"a\",le=\"+Inf\"} "
            "[histogram seconds Duration of the whole transfer since 999] 0@999 5@1000\n",
            "the same as a classic one");
}

static void is_timed(void)
{
    begin("totals", false, "1", 10);
    totals_sample(totals);
    IS(totals_last_ms(totals), 0, "no transfers, no sample");
    totals_add(totals, make(10000, "a", 1));
    totals_sample(totals);
    totals_add(totals, make(7000, "a", 1));
    totals_sample(totals);
    IS_TEXT(tell(TOLD_NUMBERS, "transfers_total"),
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"a\"} 2@10002\n",
            "an older transfer counts from the next sample on, which is not before the last");
    totals_add(totals, make(10001, "b", 1));
    totals_sample(totals);
    IS_TEXT(tell(TOLD_NUMBERS, "transfers_total"),
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"a\"} 2@10004\n"
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"b\"} 0@10003 1@10004\n",
            "one that did not change is told too; a new one begins with 0 whenever it comes");
    IS_TEXT(tell(TOLD_NUMBERS, "transfers_total"),
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"a\"} 2@10004\n"
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"b\"} 0@10003 1@10004\n",
            "the same can be told again");
    totals_add(totals, make(20000, "b", 1));
    totals_sample(totals);
    IS_TEXT(tell(TOLD_NUMBERS, "transfers_total"),
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"a\"} 2@20000\n"
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"b\"} 2@20000\n",
            "and the next one has no 0");
    IS(totals_newest_ms(totals), 20000, "until when");
    totals_stale(totals, 15000);
    IS_TEXT(tell(TOLD_NUMBERS, "transfers_total"),
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"a\"} stale@35000\n"
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"b\"} stale@35000\n",
            "stale markers");
    totals_add(totals, make(30000, "b", 1));
    totals_sample(totals);
    IS_TEXT(tell(TOLD_NUMBERS, "label=\"b\""),
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"b\"} 3@35002\n",
            "what comes after them is not before them");
    begin("totals", true, "1", 10);
    totals_add(totals, make(1000, "a", 1));
    totals_sample(totals);
    totals_stale(totals, 1);
    IS_TEXT(tell(TOLD_NATIVE, "duration"),
            "{__name__=\"curl_duration_seconds\",instance=\"m\",label=\"a\"} {0 stale}@1001\n",
            "a histogram's marker is its sum");
}

static void tells_k6(void)
{
    begin("k6", true, "1", 10);
    make(1000, "a", 1);
    static const struct tag tags[] = {{"error_code", "1404"},  {"expected_response", "false"},
                                      {"label", "a"},          {"method", "GET"},
                                      {"name", "h"},           {"proto", "HTTP/2.0"},
                                      {"scenario", "default"}, {"status", "404"}};
    memcpy(transfer.tags, tags, sizeof tags);
    transfer.tag_count = sizeof tags / sizeof *tags;
    with(F_HTTP_CODE, 404);
    with(F_SIZE_DOWNLOAD, 7);
    derive_numbers(&transfer, NULL);
    totals_add(totals, &transfer);
    transfer.tags[0] = (struct tag){"error", "x"};
    transfer.tags[1].value = "true";
    transfer.tags[7].value = "200";
    with(F_HTTP_CODE, 200);
    with(F_PHASE_WAIT, .5);
    derive_numbers(&transfer, NULL);
    totals_add(totals, &transfer);
    totals_sample(totals);
    told(&out, totals, TOLD_NUMBERS, 1);
    IS_TEXT(lines_with(buf_text(&out), "data_received"),
            "{__name__=\"k6_data_received_total\",instance=\"m\",label=\"a\",scenario=\"default\"} "
            "0@999 14@1000\n",
            "data has own labels and the scenario");
    IS_TEXT(lines_with(buf_text(&out), "failed_rate"),
            "{__name__=\"k6_http_req_failed_rate\",instance=\"m\",label=\"a\",method=\"GET\","
            "name=\"h\",proto=\"HTTP/2.0\",scenario=\"default\"} 0.5@1000\n",
            "the failed rate is one series of those that failed and those that did not");
    IS_TEXT(lines_with(buf_text(&out), "reqs"),
            "{__name__=\"k6_http_reqs_total\",error_code=\"1404\",expected_response=\"false\","
            "instance=\"m\",label=\"a\",method=\"GET\",name=\"h\",proto=\"HTTP/2.0\",scenario="
            "\"default\",status=\"404\"} 0@999 1@1000\n"
            "{__name__=\"k6_http_reqs_total\",expected_response=\"true\",instance=\"m\",label="
            "\"a\",method=\"GET\",name=\"h\",proto=\"HTTP/2.0\",scenario=\"default\",status="
            "\"200\"} 0@999 1@1000\n",
            "requests have all labels, but never the error");
}

static void makes_trends(void)
{
    begin("k6", true, "1", 10);
    for (int i = 1; i <= 4; i++) {
        make(1000, NULL, 1);
        with(F_PHASE_WAIT, i / 10.);
        totals_add(totals, &transfer);
    }
    totals_sample(totals);
    told(&out, totals, TOLD_NUMBERS, 1);
    IS_TEXT(lines_with(buf_text(&out), "waiting_min"),
            "{__name__=\"k6_http_req_waiting_min\",instance=\"m\"} 0.10000000000000001@1000\n",
            "the smallest");
    IS_TEXT(lines_with(buf_text(&out), "waiting_max"),
            "{__name__=\"k6_http_req_waiting_max\",instance=\"m\"} 0.40000000000000002@1000\n",
            "the largest");
    IS_TEXT(lines_with(buf_text(&out), "waiting_avg"),
            "{__name__=\"k6_http_req_waiting_avg\",instance=\"m\"} 0.25@1000\n", "the average");
    IS_TEXT(lines_with(buf_text(&out), "waiting_count"),
            "{__name__=\"k6_http_req_waiting_count\",instance=\"m\"} 4@1000\n", "the number");
    double median = 0;
    sscanf(lines_with(buf_text(&out), "waiting_p50"),
           "{__name__=\"k6_http_req_waiting_p50\",instance=\"m\"} %lf", &median);
    OK(median > .2 / 1.1 && median < .3 * 1.1, "a percentile, within its bucket");
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* 20,000 values against a count that is made the long way. */
static void counts_exactly(void)
{
    enum { VALUES = 20000 };
    static double values[VALUES];
    static const double shares[] = {0, .01, .5, .95, .99, .999, 1};
    struct totals_bounds bounds;
    totals_parse_buckets(&bounds, NULL, &err);
    struct totals_histogram *const h = totals_histogram_new(bounds.count);
    srand(1);
    for (size_t i = 0; i < VALUES; i++) { /* spread over ten powers of ten, some on a bound */
        const double u = rand() / (RAND_MAX + 1.);
        values[i] = i % 50 == 0   ? bounds.le[i / 50 % bounds.count]
                    : i % 51 == 0 ? 0
                    : i % 53 == 0 ? ldexp(1, (int)(i / 53 % 20) - 10)
                                  : round(pow(10, 10 * u - 6) * 1e6) / 1e6;
        totals_histogram_reserve(h, values[i]);
        totals_histogram_add(h, values[i], bounds.le, bounds.count);
    }
    size_t wrong = 0, native = 0;
    for (size_t b = 0; b <= bounds.count; b++) {
        uint64_t count = 0;
        for (size_t i = 0; i < VALUES; i++)
            count += (b == bounds.count || values[i] <= bounds.le[b]) &&
                     (b == 0 || values[i] > bounds.le[b - 1]);
        wrong += count != h->classic[b];
    }
    IS(wrong, 0, "each classic bucket counts what is above the bound before and up to its own");
    for (uint32_t b = 0; b < h->length; b++) {
        uint64_t count = 0;
        const double index = h->first + (int32_t)b;
        for (size_t i = 0; i < VALUES; i++)
            count += values[i] > exp2((index - 1) / 8) && values[i] <= exp2(index / 8);
        wrong += count != h->buckets[b];
        native += (size_t)h->buckets[b];
    }
    IS(wrong, 0, "so does each native one");
    IS(native + h->zeros, VALUES, "and they hold all of them");
    IS(totals_histogram_count(h, bounds.count), VALUES, "which are counted");
    qsort(values, VALUES, sizeof *values, by_size);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        const double exact = values[(size_t)(shares[i] * (VALUES - 1))];
        const double got = totals_histogram_quantile(h, VALUES, shares[i]);
        OK(got <= exact * exp2(.125) && got >= exact / exp2(.125), "a quantile within a bucket");
    }
    totals_histogram_free(h);
}

/* Values that lie evenly in one bucket. */
static void finds_quantiles_in_a_bucket(void)
{
    const double bound = 1;
    struct totals_histogram *const h = totals_histogram_new(1);
    for (int i = 0; i < 100; i++) {
        const double value = .92 + i * .0008;
        totals_histogram_reserve(h, value);
        totals_histogram_add(h, value, &bound, 1);
    }
    for (double q = .1; q < 1; q += .2)
        OK(fabs(totals_histogram_quantile(h, 100, q) - (.92 + .0792 * q)) < .004,
           "a quantile of values that lie evenly in one bucket");
    totals_histogram_free(h);
}

static void leaves_out_what_cannot_be(void)
{
    begin("totals", true, "1", 10);
    totals_add(totals, make(1000, "a", -1));
    totals_add(totals, make(1000, "a", 1e9));
    totals_add(totals, make(1000, "a", 1e300));
    totals_add(totals, make(1000, "a", -0.0));
    totals_add(totals, make(1000, "a", 1e-12));
    totals_add(totals, make(1000, "a", 999999999.5));
    make(1000, "a", 1e-6);
    totals_add(totals, with(F_SIZE_DOWNLOAD, -5));
    totals_add(totals, with(F_SIZE_DOWNLOAD, 1e300));
    totals_sample(totals);
    IS_TEXT(tell(TOLD_NUMBERS, "received"), "", "bytes below 0, or more than there are");
    IS_TEXT(tell(TOLD_NUMBERS, "transfers_total"),
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"a\"} 0@999 8@1000\n",
            "the transfers are counted");
    IS_TEXT(tell(TOLD_NATIVE, "duration"),
            "{__name__=\"curl_duration_seconds\",instance=\"m\",label=\"a\"} {0 0}@999 "
            "{5 999999999.50000191 zero:2 -159:2 240:1}@1000\n",
            "seconds below 0 or beyond measure are none; there are no parts of a microsecond");
}

static void has_labels(void)
{
    begin("totals", false, "1", 10);
    make(1000, NULL, 1);
    static const struct tag tags[] = {{"a.b", "1"},         {"a_b", "2"},    {"error", "e"},
                                      {"instance", "mine"}, {"le", "3"},     {"phase", "warm"},
                                      {"reason", "why"},    {"url", "http:"}};
    memcpy(transfer.tags, tags, sizeof tags);
    transfer.tag_count = sizeof tags / sizeof *tags;
    totals_add(totals, &transfer);
    totals_sample(totals);
    IS_TEXT(tell(TOLD_NUMBERS, ""),
            "{__name__=\"curl_transfers_total\",a_b=\"1\",exported_le=\"3\",exported_phase="
            "\"warm\",exported_reason=\"why\",instance=\"mine\"} 0@999 1@1000\n",
            "valid names, none that is the series' own, no error and no URL, an instance that "
            "stays");
    options.instance = NULL;
    totals_free(totals);
    totals = totals_new(&options, &layout);
    totals_add(totals, make(1000, NULL, 1));
    totals_sample(totals);
    IS_TEXT(tell(TOLD_NUMBERS, ""), "{__name__=\"curl_transfers_total\"} 0@999 1@1000\n",
            "a machine without a name");
    begin("totals", false, "1", 10);
    make(1000, NULL, 1);
    char keys[TRANSFER_TAGS_MAX][4];
    for (size_t i = 0; i < TRANSFER_TAGS_MAX; i++) {
        snprintf(keys[i], sizeof keys[i], "t%02zu", i);
        transfer.tags[transfer.tag_count++] = (struct tag){keys[i], "v"};
    }
    with(F_PHASE_WAIT, 1);
    totals_add(totals, &transfer);
    totals_sample(totals);
    OK(strstr(tell(TOLD_CLASSIC, "le=\"1\",phase=\"wait\""), "t63=\"v\"} 0@999 1@1000"),
       "64 tags and the series' own");
    layout.prefix = "my-";
    OK(strstr(tell(TOLD_NUMBERS, ""), "__name__=\"my_curl_transfers_total\""), "a prefix");
}

static void has_a_limit(void)
{
    begin("totals", false, "1", 3);
    for (int i = 0; i < 10; i++) {
        char label[8];
        snprintf(label, sizeof label, "l%d", i % 5);
        totals_add(totals, make(1000, label, 1));
    }
    totals_sample(totals);
    IS_TEXT(tell(TOLD_NUMBERS, ""),
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"l0\"} 0@999 2@1000\n"
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"l1\"} 0@999 2@1000\n"
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"l2\"} 0@999 2@1000\n"
            "{__name__=\"curl_transfers_total\",instance=\"m\",label=\"other\"} 0@999 4@1000\n",
            "beyond the limit all go together");
    IS(totals_others(totals), 4, "how many did");
    IS(totals_sets(totals), 4, "in how many sets");
    begin("totals", false, "1", 3);
    for (int i = 0; i < 100; i++) {
        char name[8];
        snprintf(name, sizeof name, "n%d", i);
        make(1000, "l", 1);
        transfer.tags[0] = (struct tag){"instance", name};
        totals_add(totals, &transfer);
    }
    totals_sample(totals);
    IS(totals_set_count(totals), 7, "instances without number go together too");
    OK(strstr(tell(TOLD_NUMBERS, "other"), "instance=\"other\"} 0@999 94@1000"), "as other");
}

/* What goes on from a text does the same as what has gone on. */
static void goes_on(const char *name, bool native)
{
    begin(name, native, NULL, 4);
    struct totals *whole = totals_new(&options, &layout);
    bool same = true, same_text = true;
    srand(2);
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 30; i++) {
            char label[8];
            snprintf(label, sizeof label, "l%d", rand() % 6);
            make(1000000 + round * 5000 - rand() % 7000, label, rand() / 1e8);
            with(F_EXITCODE, rand() % 3 ? 0 : rand() % 20);
            with(F_PHASE_WAIT, rand() / 1e9);
            with(F_SIZE_DOWNLOAD, rand());
            with(F_CERT_EXPIRY, rand());
            derive_numbers(&transfer, NULL);
            totals_add(totals, &transfer);
            totals_add(whole, &transfer);
        }
        totals_sample(totals);
        totals_sample(whole);
        if (round % 7 == 6) {
            totals_stale(totals, 1);
            totals_stale(whole, 1);
        }
        buf_clear(&text);
        totals_write(totals, &text);
        totals_free(totals);
        totals = totals_new(&options, &layout);
        if (totals_read(totals, buf_text(&text), 2000000, &err) < 0)
            OK(0, err.text);
        const int parts = TOLD_NUMBERS | TOLD_CLASSIC | (native ? TOLD_NATIVE : 0);
        same &= strcmp(told(&out, totals, parts, 2), told(&other_out, whole, parts, 2)) == 0;
        buf_clear(&out);
        totals_write(totals, &out);
        same_text &= strcmp(buf_text(&text), buf_text(&out)) == 0;
    }
    OK(out.len > 1000 && !strchr(buf_text(&other_out), '!'), "there is something to compare");
    OK(same, "samples from stored totals are those of totals that were never stored");
    OK(same_text, "so is the text");
    IS(totals_others(totals), totals_others(whole), "what went to other");
    totals_free(whole);
}

int main(void)
{
    buf_init(&out, TOLD_BYTES_MAX);
    buf_init(&other_out, TOLD_BYTES_MAX);
    buf_init(&text, TOLD_BYTES_MAX);
    counts();
    tells_what_failed();
    tells_phases_bytes_and_certificate();
    describes_itself();
    is_timed();
    tells_k6();
    makes_trends();
    counts_exactly();
    finds_quantiles_in_a_bucket();
    leaves_out_what_cannot_be();
    has_labels();
    has_a_limit();
    goes_on("totals", false);
    goes_on("totals", true);
    goes_on("k6", true);
    goes_on("k6", false);
    totals_free(totals);
    buf_release(&out);
    buf_release(&other_out);
    buf_release(&text);
    return tap_done();
}
