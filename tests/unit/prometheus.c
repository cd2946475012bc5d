/* prometheus: names, times, bodies, and what an answer means. */
#include "output/prometheus.h"

#include "layout/layouts.h"
#include "output/outputs.h"
#include "output/remote_write.h"
#include "output/sample_times.h"

#include "decoded.h"
#include "tap.h"

static struct output_options options = {.remote_write = 1};
static struct layout layout = {.type = layout_table, .prefix = ""};
static struct output output;
static struct batch *batch;
static struct buf room, text;
static struct error err;
static uint64_t batches;
static int version; /* of remote write, that the output speaks */

static int opens(const char *target)
{
    char spec[10000];
    snprintf(spec, sizeof spec, "prometheus=%s", target);
    return output_open(&output, spec, &options, &layout, &err);
}

/* A fresh output and batch. */
static void begin(int remote_write)
{
    options.remote_write = version = remote_write;
    opens("http://h:9090");
    batch = batch_new(++batches);
}

static void next_batch(void)
{
    batch_free(batch);
    batch = batch_new(++batches);
}

static void end(void)
{
    batch_free(batch);
    output_close(&output);
}

/* Adds a transfer at `time_ms` with its tags and points; true if it was merged. */
static bool add(int64_t time_ms, const struct tag *tags, size_t tag_count,
                const struct point *points, size_t count)
{
    struct transfer t = {.time_ns = time_ms * 1000000 + 999999, .tag_count = tag_count};
    if (tag_count)
        memcpy(t.tags, tags, tag_count * sizeof *tags);
    output.type->add(&output, batch, &t, points, count);
    return batch->outcomes[batch->transfers - 1] == OUTCOME_MERGED;
}

static bool add_number(int64_t time_ms, double number)
{
    const struct point point = {.series = "n", .field = "value", .number = number};
    return add(time_ms, NULL, 0, &point, 1);
}

static const char *body(size_t first, size_t last)
{
    struct bytes bytes;
    if (output.type->encode(&output, batch, first, last, &room, &bytes, &err) < 0)
        return err.text;
    return decoded(&text, version, bytes.at, bytes.len);
}

static const char *whole(void)
{
    return body(0, batch->points);
}

static const struct {
    const char *target, *url, *name;
} urls[] = {
    {"http://localhost:9090", "http://localhost:9090/api/v1/write",
     "prometheus http://localhost:9090/api/v1/write"},
    {"http://h/", "http://h/api/v1/write", "prometheus http://h/api/v1/write"},
    {"http://h:9090/api/v1/write", "http://h:9090/api/v1/write",
     "prometheus http://h:9090/api/v1/write"},
    {"https://h/api/v1/push", "https://h/api/v1/push", "prometheus https://h/api/v1/push"},
    {"http://h/insert/0/prometheus?extra_label=a=b", "http://h/insert/0/prometheus?extra_label=a=b",
     "prometheus http://h/insert/0/prometheus"},
    {"http://u:s3cret@h:1", "http://u:s3cret@h:1/api/v1/write",
     "prometheus http://h:1/api/v1/write"},
    {"http://u:s3cret@h:1/x?k=s3cret", "http://u:s3cret@h:1/x/api/v1/write?k=s3cret",
     "prometheus http://h:1/x/api/v1/write"},
    {"http://h/prometheus", "http://h/prometheus/api/v1/write",
     "prometheus http://h/prometheus/api/v1/write"},
    {"http://h/prometheus/?a=b", "http://h/prometheus/api/v1/write?a=b",
     "prometheus http://h/prometheus/api/v1/write"},
    {"http://h?a=b", "http://h/api/v1/write?a=b", "prometheus http://h/api/v1/write"},
    {"http://h/api/v1/", "http://h/api/v1/write", "prometheus http://h/api/v1/write"},
    {"http://h/p/api/v1/write/?a=b", "http://h/p/api/v1/write?a=b",
     "prometheus http://h/p/api/v1/write"},
    {"http://h/api/v1/receive", "http://h/api/v1/receive", "prometheus http://h/api/v1/receive"},
    {"http://h/api/prom/push", "http://h/api/prom/push", "prometheus http://h/api/prom/push"},
    {"http://h/workspaces/ws-1/api/v1/remote_write", "http://h/workspaces/ws-1/api/v1/remote_write",
     "prometheus http://h/workspaces/ws-1/api/v1/remote_write"},
    {"http://h/api/v1/push/team", "http://h/api/v1/push/team",
     "prometheus http://h/api/v1/push/team"},
    {"http://h/prometheus/v1", "http://h/prometheus/v1", "prometheus http://h/prometheus/v1"},
    {"http://h/pushed", "http://h/pushed/api/v1/write", "prometheus http://h/pushed/api/v1/write"},
    {"http://h/insert/0/prometheus/", "http://h/insert/0/prometheus",
     "prometheus http://h/insert/0/prometheus"},
    {"http://h/insert/1:2/prometheus/api/v1/write", "http://h/insert/1:2/prometheus/api/v1/write",
     "prometheus http://h/insert/1:2/prometheus/api/v1/write"},
    {"http://h/insert/multitenant", "http://h/insert/multitenant/prometheus/api/v1/write",
     "prometheus http://h/insert/multitenant/prometheus/api/v1/write"},
    {"http://h/insert/x/prometheus", "http://h/insert/x/prometheus/api/v1/write",
     "prometheus http://h/insert/x/prometheus/api/v1/write"},
    {"http://[::1]:9090/", "http://[::1]:9090/api/v1/write",
     "prometheus http://[::1]:9090/api/v1/write"},
};

static void completes_urls(void)
{
    static const char *const wrong[] = {
        "",          "h:9090",       "ftp://h/x",    "http://",
        "http:///x", "http://h/a b", "http://h/a#b", "http://h/a@b"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        OK(opens(urls[i].target) == 0, urls[i].target);
        IS_TEXT(output.url, urls[i].url, "the URL");
        IS_TEXT(output.name, urls[i].name, "the name");
        output_close(&output);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char name[100];
        snprintf(name, sizeof name, "'%s' is refused", wrong[i]);
        OK(opens(wrong[i]) < 0, name);
        output_close(&output);
    }
    char huge[9000];
    memset(huge, 'x', sizeof huge - 1);
    memcpy(huge, "http://h/", 9);
    huge[sizeof huge - 1] = '\0';
    OK(opens(huge) < 0, "a huge URL is refused");
    output_close(&output);
}

#define VALUE .field = "value", .number = 1

static const struct {
    const char *name, *prefix;
    struct point point;
    const char *want;
} metric_names[] = {
    {"as curl calls it", "", {.series = "time_total", VALUE}, "time_total"},
    {"dots and dashes", "", {.series = "a.b-c", VALUE}, "a_b_c"},
    {"a digit first", "", {.series = "2nd", VALUE}, "_2nd"},
    {"a dash first", "", {.series = "-x", VALUE}, "_x"},
    {"a colon may stay", "", {.series = "job:x", VALUE}, "job:x"},
    {"a prefix", "curl_", {.series = "time_total", VALUE}, "curl_time_total"},
    {"a prefix with dots", "my.curl-", {.series = "x", VALUE}, "my_curl_x"},
    {"a prefix before a digit", "p", {.series = "2nd", VALUE}, "p2nd"},
    {"wide", "", {.series = "curl", .field = "time_total", .number = 1}, "curl_time_total"},
    {"wide, a prefix", "x_", {.series = "curl", .field = "a.b", .number = 1}, "x_curl_a_b"},
    {"wide, a digit first", "", {.series = "curl", .field = "2nd", .number = 1}, "curl_2nd"},
};

static void names_metrics(void)
{
    for (size_t i = 0; i < sizeof metric_names / sizeof *metric_names; i++) {
        char want[100];
        layout.prefix = metric_names[i].prefix;
        begin(1);
        add(1000, NULL, 0, &metric_names[i].point, 1);
        snprintf(want, sizeof want, "{__name__=\"%s\"} 1@1000\n", metric_names[i].want);
        IS_TEXT(whole(), want, metric_names[i].name);
        end();
    }
    layout.prefix = "";
}

static const struct {
    const char *name;
    struct tag tags[4];
    const char *want;
} label_names[] = {
    {"one", {{"label", "x"}}, "{__name__=\"n\",label=\"x\"}"},
    {"capitals before the name",
     {{"Zone", "z"}, {"_x", "u"}, {"a", "b"}},
     "{Zone=\"z\",__name__=\"n\",_x=\"u\",a=\"b\"}"},
    {"sorted anew by their valid names",
     {{"a-z", "1"}, {"a.b", "2"}, {"aX", "3"}},
     "{__name__=\"n\",aX=\"3\",a_b=\"2\",a_z=\"1\"}"},
    {"two that would be one",
     {{"url.host", "1"}, {"url_host", "2"}},
     "{__name__=\"n\",url_host=\"1\"}"},
    {"a digit first", {{"1st", "x"}}, "{_1st=\"x\",__name__=\"n\"}"},
    {"a colon is for metrics only", {{"a:b", "x"}}, "{__name__=\"n\",a_b=\"x\"}"},
    {"bytes outside ASCII", {{"\xc3\xa9", "\xc3\xa9"}}, "{__=\"\xc3\xa9\",__name__=\"n\"}"},
};

static void names_labels(void)
{
    const struct point point = {.series = "n", VALUE};
    for (size_t i = 0; i < sizeof label_names / sizeof *label_names; i++) {
        char want[200];
        size_t count = 0;
        while (count < 4 && label_names[i].tags[count].key)
            count++;
        begin(1);
        add(1000, label_names[i].tags, count, &point, 1);
        snprintf(want, sizeof want, "%s 1@1000\n", label_names[i].want);
        IS_TEXT(whole(), want, label_names[i].name);
        end();
    }
    struct tag many[TRANSFER_TAGS_MAX];
    char keys[TRANSFER_TAGS_MAX][132], value[4096];
    memset(value, 'v', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    for (size_t i = 0; i < TRANSFER_TAGS_MAX; i++) {
        memset(keys[i], 'k', 128);
        snprintf(keys[i] + 125, 4, "%03zu", TRANSFER_TAGS_MAX - i);
        many[i] = (struct tag){keys[i], value};
    }
    begin(1);
    add(1000, many, TRANSFER_TAGS_MAX, &point, 1);
    OK(!strchr(whole(), '!') && text.len > (size_t)TRANSFER_TAGS_MAX * 4096,
       "64 labels as long as they get, in the wrong order");
    end();
}

static void tells_metadata(void)
{
    static const struct {
        const char *name;
        struct point point;
        const char *want;
    } cases[] = {
        {"metric",
         {.series = "time_total", VALUE},
         "{__name__=\"time_total\"} [gauge seconds Duration of the whole transfer] 1@1000\n"},
        {"wide",
         {.series = "curl", .field = "size_download", .number = 1},
         "{__name__=\"curl_size_download\"} [gauge bytes Body bytes downloaded] 1@1000\n"},
        {"no unit",
         {.series = "http_code", VALUE},
         "{__name__=\"http_code\"} [gauge  HTTP response code, 0 for none] 1@1000\n"},
        {"a key of a future curl",
         {.series = "time_travel", VALUE},
         "{__name__=\"time_travel\"} [gauge  ] 1@1000\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin(2);
        add(1000, NULL, 0, &cases[i].point, 1);
        IS_TEXT(whole(), cases[i].want, cases[i].name);
        end();
    }
}

static void sends_numbers_only(void)
{
    const struct point points[] = {{.series = "a", VALUE},
                                   {.series = "method", .field = "value_text", .text = "GET"},
                                   {.series = "b", VALUE}};
    begin(1);
    add(1000, NULL, 0, points, 3);
    IS(batch->points, 2, "texts are no samples");
    IS_TEXT(whole(), "{__name__=\"a\"} 1@1000\n{__name__=\"b\"} 1@1000\n", "numbers are");
    add(2000, NULL, 0, points + 1, 1);
    IS(batch->outcomes[1], OUTCOME_DELIVERED, "a transfer of texts alone is settled");
    end();
}

/* --- time --- */

enum { NOW = 1700000000 };

static void moves_to_free_milliseconds(void)
{
    begin(1);
    add_number(1000, 1);
    add_number(1000, 2);
    add_number(1000, 3);
    IS_TEXT(whole(), "{__name__=\"n\"} 1@1000 2@1001 3@1002\n", "the same millisecond three times");
    add_number(1001, 4);
    add_number(1002, 5);
    IS_TEXT(whole(), "{__name__=\"n\"} 1@1000 2@1001 3@1002 4@1003 5@1004\n",
            "their neighbours move on");
    add_number(1006, 6);
    IS_TEXT(body(5, 6), "{__name__=\"n\"} 6@1006\n", "and then each has its own again");
    const struct point point = {.series = "m", VALUE};
    const struct tag tag = {"label", "x"};
    add(1006, NULL, 0, &point, 1);
    add(1006, &tag, 1, &point, 1);
    IS_TEXT(body(6, 8), "{__name__=\"m\"} 1@1006\n{__name__=\"m\",label=\"x\"} 1@1006\n",
            "another name, other labels: another series");
    next_batch();
    add_number(1006, 7);
    add_number(1000, 8);
    IS_TEXT(whole(), "{__name__=\"n\"} 7@1007 8@1008\n", "the next batch goes on behind it");
    end();
}

/* How many of the samples a batch has; the time of the last in *last_ms. */
static size_t burst(int64_t time_ms, size_t count, size_t *merged, int64_t *last_ms)
{
    *merged = 0;
    for (size_t i = 0; i < count; i++)
        *merged += add_number(time_ms, (double)i);
    const char *const at = strrchr(whole(), '@');
    *last_ms = strtoll(at + 1, NULL, 10);
    return batch->points;
}

static void keeps_bursts(void)
{
    size_t merged;
    int64_t last_ms;
    begin(1);
    IS(burst(NOW, 2000, &merged, &last_ms), 2000, "a burst of 2,000 is kept whole");
    OK(merged == 0 && last_ms == NOW + 1999, "none is merged");
    OK(!strchr(text.data, '!'), "in order, and none in another's millisecond");
    end();
    begin(1);
    IS(burst(NOW, SERIES_AHEAD_MS + 1, &merged, &last_ms), SERIES_AHEAD_MS + 1,
       "as many as there are milliseconds ahead");
    OK(merged == 0 && last_ms == NOW + SERIES_AHEAD_MS, "none is merged");
    OK(add_number(NOW, 12345), "one more is");
    IS(batch->points, SERIES_AHEAD_MS + 1, "it has no sample of its own");
    IS(batch->outcomes[batch->transfers - 1], OUTCOME_MERGED, "and counts as merged");
    OK(strstr(whole(), " 12345@") && strtoll(strrchr(text.data, '@') + 1, NULL, 10) == last_ms,
       "the newest value stands in the last place");
    OK(!add_number(NOW + 1, 54321), "a millisecond later there is one free");
    next_batch();
    OK(!add_number(NOW + 1, 1),
       "in a new batch there is nothing to merge into: a place of its own");
    OK(add_number(NOW + 1, 2) && batch->points == 1, "and the next is merged into that");
    IS_TEXT(whole(), "{__name__=\"n\"} 2@1700005002\n", "with the newest value");
    end();
}

static void merges_one_series_only(void)
{
    const struct point points[] = {{.series = "a", VALUE}, {.series = "b", VALUE}};
    begin(1);
    for (int i = 0; i < SERIES_AHEAD_MS + 1; i++)
        add(NOW, NULL, 0, points, 1);
    OK(add(NOW, NULL, 0, points, 2), "one of two series is full: merged");
    IS(batch->ends[batch->transfers - 1] - batch->ends[batch->transfers - 2], 1,
       "the other has its sample");
    end();
}

static void leaves_old_ones_alone(void)
{
    begin(1);
    add_number(NOW, 1);
    add_number(NOW - SERIES_AHEAD_MS + 1, 2);
    IS_TEXT(whole(), "{__name__=\"n\"} 1@1700000000 2@1700000001\n", "a little older: behind it");
    OK(add_number(NOW - SERIES_AHEAD_MS, 3), "so old that it would move too far: merged");
    IS_TEXT(whole(), "{__name__=\"n\"} 1@1700000000 2@1700000001\n",
            "and what is newer than it stays");
    add_number(NOW - SERIES_AHEAD_MS - 1, 4);
    IS_TEXT(whole(), "{__name__=\"n\"} 4@1699994999 1@1700000000 2@1700000001\n",
            "much older: its own time, and first");
    add_number(NOW + 5, 5);
    IS_TEXT(body(3, 4), "{__name__=\"n\"} 5@1700000005\n", "which the newest do not care about");
    next_batch();
    add_number(NOW - 100000, 6);
    add_number(NOW - 90000, 7);
    add_number(NOW + 5, 8);
    IS_TEXT(whole(), "{__name__=\"n\"} 6@1699900000 7@1699910000 8@1700000006\n",
            "also in a later batch");
    end();
}

/* What is remembered of a series must not point into a batch that is gone. */
static void merges_into_its_own_batch(void)
{
    size_t merged;
    int64_t last_ms;
    begin(1);
    burst(NOW, SERIES_AHEAD_MS + 1, &merged, &last_ms);
    next_batch();
    add_number(NOW - 100000, 1); /* far older: it does not move the newest */
    add_number(NOW, 2);          /* and there is no place left */
    IS_TEXT(whole(), "{__name__=\"n\"} 1@1699900000 2@1700005001\n",
            "an old sample, then one for which there is no place: both are there");
    end();
}

/* The batches that a receiver sees one after the other never go back. */
static void stays_in_order_over_batches(void)
{
    int64_t last_ms = 0, at_ms = NOW;
    size_t disorder = 0;
    unsigned seed = 1;
    begin(1);
    for (int b = 0; b < 50; b++) {
        for (int i = 0; i < 200; i++) {
            seed = seed * 1103515245 + 12345;
            at_ms += (int64_t)(seed >> 16 & 7) - 3; /* forth and back */
            add_number(at_ms, 1);
        }
        const char *p = whole();
        disorder += strchr(p, '!') != NULL;
        while ((p = strchr(p, '@'))) {
            const int64_t time_ms = strtoll(++p, NULL, 10);
            disorder += time_ms <= last_ms;
            last_ms = time_ms;
        }
        next_batch();
    }
    IS(disorder, 0, "50 batches of times that go forth and back: each later than the last");
    OK(last_ms - at_ms <= 2 * SERIES_AHEAD_MS, "and not far ahead");
    end();
}

/* --- state --- */

/* What the output remembers as of the first `transfers` of the batch. */
static const char *saved(size_t transfers)
{
    static struct buf lines[2];
    static int which;
    struct buf *const out = &lines[which ^= 1];
    buf_release(out);
    buf_init(out, 1 << 20);
    OK(output_save(&output, batch, transfers, out) == 0, "saved");
    return buf_text(out);
}

static void remembers(void)
{
    begin(1);
    IS_TEXT(saved(0), "", "nothing at first");
    add_number(1000, 1);
    add_number(1000, 1);
    const char *const two = saved(2);
    OK(strlen(two) == 27 && strcmp(two + 16, " 1001 1000\n") == 0,
       "a hash, the last time given and the latest of its own");
    output_restore(&output,
                   "0000000000000001 4 3\n000000000000000b 99999999999999 3\n"
                   "000000000000000c 3 -9223372036854775808\n"
                   "000000000000000a 5 7\nrubbish 4 3\n",
                   NULL);
    next_batch();
    IS_TEXT(saved(0), "0000000000000001 4 3\n000000000000000a 5 7\n",
            "what was restored, up to what is broken, without times that cannot be");
    output_restore(&output, "", NULL);
    IS_TEXT(saved(0), "", "nothing");
    end();
}

/* One of a series of transfers that share milliseconds, go back, and are too many. */
static void add_nth(unsigned n)
{
    static const char *const names[] = {"a", "b", "c"};
    const struct point points[] = {{.series = names[n % 3], VALUE},
                                   {.series = names[n % 2], VALUE}};
    const unsigned odd = n * 2654435761u >> 16;
    const int64_t time_ms =
        NOW + n / 9 - (odd % 5 == 0 ? odd % 4000 : 0) - (odd % 97 == 0 ? 3 * SERIES_AHEAD_MS : 0);
    add(time_ms, NULL, 0, points, n % 3 == n % 2 ? 1 : 2);
}

/* The state as of a part of a batch is that of an output which got just this part, and
 * an output to which it is restored makes the same of the rest. */
static void remembers_parts(void)
{
    enum { BEFORE = 4000, COUNT = 20000 };
    char *before = NULL, *part = NULL;
    size_t merged = 0;
    static const size_t parts[] = {0, 1, 2, 777, 5000, 19999, COUNT};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        begin(1);
        for (unsigned n = 0; n < BEFORE; n++)
            add_nth(n);
        before = strdup(saved(batch->transfers));
        next_batch();
        for (unsigned n = BEFORE; n < BEFORE + COUNT; n++)
            add_nth(n);
        for (size_t n = 0; n < batch->transfers; n++)
            merged += batch->outcomes[n] == OUTCOME_MERGED;
        part = strdup(saved(parts[i]));
        IS_TEXT(saved(0), before, "of nothing of the batch: as before it");
        end();
        begin(1);
        output_restore(&output, before, NULL);
        next_batch();
        for (unsigned n = BEFORE; n < BEFORE + parts[i]; n++)
            add_nth(n);
        IS_TEXT(saved(batch->transfers), part, "of a part of the batch: as if that were all");
        end();
        free(before);
        free(part);
    }
    OK(merged > 0, "some of them were merged");
}

/* --- bodies --- */

static void encodes_ranges(void)
{
    const struct point points[] = {{.series = "a", VALUE}, {.series = "b", VALUE}};
    for (int v = 1; v <= 2; v++) {
        begin(v);
        const char *const about = v == 2 ? " [gauge  ]" : "";
        char want[200];
        for (int i = 0; i < 3; i++)
            add(1000, NULL, 0, points, 2);
        snprintf(want, sizeof want,
                 "{__name__=\"a\"}%s 1@1000 1@1001 1@1002\n{__name__=\"b\"}%s 1@1000 1@1001 "
                 "1@1002\n",
                 about, about);
        IS_TEXT(body(0, 6), want, "all");
        snprintf(want, sizeof want, "{__name__=\"a\"}%s 1@1001\n{__name__=\"b\"}%s 1@1000\n", about,
                 about);
        IS_TEXT(body(1, 3), want, "from the middle: the same times");
        snprintf(want, sizeof want, "{__name__=\"b\"}%s 1@1002\n", about);
        IS_TEXT(body(5, 6), want, "the last alone");
        IS_TEXT(body(5, 6), want, "and again");
        end();
    }
}

/* The most that a transfer can be: 32 KiB of tags, and every number. */
static void encodes_the_largest(void)
{
    static char value[8][4096], names[LAYOUT_POINTS_MAX][8];
    static struct point points[LAYOUT_POINTS_MAX];
    struct tag tags[8];
    static const char *const keys[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    for (size_t i = 0; i < LAYOUT_POINTS_MAX; i++) {
        snprintf(names[i], sizeof names[i], "n%zu", i);
        points[i] = (struct point){.series = names[i], VALUE};
    }
    for (size_t i = 0; i < 8; i++) {
        memset(value[i], 'v', sizeof value[i] - 1);
        tags[i] = (struct tag){keys[i], value[i]};
    }
    for (int v = 1; v <= 2; v++) {
        begin(v);
        add(NOW, tags, 8, points, LAYOUT_POINTS_MAX);
        add(NOW, tags, 8, points, LAYOUT_POINTS_MAX);
        value[0][0]++;
        add(NOW, tags, 8, points, LAYOUT_POINTS_MAX);
        IS(batch->name_count, 2 * LAYOUT_POINTS_MAX, "the largest: a definition a series");
        const struct series_list series = {.definitions = batch->names.data,
                                           .count = batch->name_count};
        const char *const last = remote_write_definition(&series, (uint32_t)batch->name_count - 1);
        OK(strncmp(last, "n", 1) == 0 && last < batch->names.data + batch->names.len,
           "the largest: as many as there are");
        OK(!strchr(whole(), '!'), "the largest: can be encoded");
        end();
    }
}

static void describes(void)
{
    const struct tag tags[] = {{"b-c", "x"}, {"label", "y z"}};
    const struct point point = {.series = "time_total", .field = "value", .number = 0.0625};
    struct buf line;
    buf_init(&line, 1000);
    begin(1);
    add_number(1, 1);
    add(1700000000123, tags, 2, &point, 1);
    output.type->describe(batch, 1, &line);
    IS_TEXT(buf_text(&line), "time_total{b_c=\"x\",label=\"y z\"} 0.0625 @ 1700000000123",
            "a sample, as a person would write it");
    buf_clear(&line);
    output.type->describe(batch, 0, &line);
    IS_TEXT(buf_text(&line), "n{} 1 @ 1", "without labels");
    buf_release(&line);
    end();
}

/* --- answers --- */

#define WRITTEN "X-Prometheus-Remote-Write-Samples-Written: "
#define ALL_WRITTEN WRITTEN "10\r\nX-Prometheus-Remote-Write-Histograms-Written: 0\r\n"

static const struct {
    const char *name;
    int version, status;
    const char *headers, *body;
    bool in_doubt;
    enum verdict want;
} answers[] = {
    {"1.0: 204", 1, 204, "", "", false, VERDICT_STORED},
    {"1.0: 200", 1, 200, "", "", false, VERDICT_STORED},
    {"1.0: no answer", 1, 0, "", "", false, VERDICT_TRY_AGAIN},
    {"1.0: out of order", 1, 400, "", "out of order sample", false, VERDICT_TRY_SMALLER},
    {"1.0: duplicate", 1, 400, "", "duplicate sample for timestamp", false, VERDICT_TRY_SMALLER},
    {"1.0: out of bounds", 1, 400, "", "out of bounds", false, VERDICT_TRY_SMALLER},
    {"1.0: another 400", 1, 400, "", "invalid label", false, VERDICT_TRY_SMALLER},
    {"1.0: out of order, sent before", 1, 400, "", "out of order sample", true, VERDICT_PARTIAL},
    {"1.0: duplicate, sent before", 1, 400, "", "duplicate sample", true, VERDICT_PARTIAL},
    {"1.0: Mimir's words, sent before", 1, 400, "", "(err-mimir-sample-out-of-order)", true,
     VERDICT_PARTIAL},
    {"1.0: out of bounds, sent before", 1, 400, "", "out of bounds", true, VERDICT_TRY_SMALLER},
    {"1.0: 415", 1, 415, "", "", false, VERDICT_MISDIRECTED},
    {"1.0: 404", 1, 404, "", "", false, VERDICT_MISDIRECTED},
    {"1.0: 401", 1, 401, "", "", false, VERDICT_DENIED},
    {"1.0: 413", 1, 413, "", "", false, VERDICT_TOO_LARGE},
    {"1.0: 429", 1, 429, "", "", false, VERDICT_TRY_AGAIN},
    {"1.0: 500", 1, 500, "", "", false, VERDICT_TRY_AGAIN},
    {"1.0: what is said of 2.0 means nothing", 1, 204, WRITTEN "0\r\n", "", false, VERDICT_STORED},
    {"2.0: all written", 2, 204, ALL_WRITTEN, "", false, VERDICT_STORED},
    {"2.0: all written, 200", 2, 200, ALL_WRITTEN, "", false, VERDICT_STORED},
    {"2.0: in small letters", 2, 204, "x-prometheus-remote-write-samples-written: 10\r\n", "",
     false, VERDICT_STORED},
    {"2.0: fewer", 2, 204, WRITTEN "9\r\n", "", false, VERDICT_PARTIAL},
    {"2.0: none", 2, 204, WRITTEN "0\r\n", "", false, VERDICT_PARTIAL},
    {"2.0: 204, and nothing is said", 2, 204, "", "", false, VERDICT_ENCODE_ANEW},
    {"2.0: 200, and only of histograms", 2, 200,
     "X-Prometheus-Remote-Write-Histograms-Written: 0\r\n", "", false, VERDICT_ENCODE_ANEW},
    {"2.0: 415", 2, 415, "", "", false, VERDICT_ENCODE_ANEW},
    {"2.0: 400, some written", 2, 400, WRITTEN "9\r\n", "out of order sample", false,
     VERDICT_PARTIAL},
    {"2.0: 400, and nothing is said", 2, 400, "", "cannot unmarshal", false, VERDICT_ENCODE_ANEW},
    {"2.0: 404", 2, 404, "", "", false, VERDICT_MISDIRECTED},
    {"2.0: 401", 2, 401, "", "", false, VERDICT_DENIED},
    {"2.0: 413", 2, 413, "", "", false, VERDICT_TOO_LARGE},
    {"2.0: 500", 2, 500, "", "", false, VERDICT_TRY_AGAIN},
    {"2.0: no answer", 2, 0, "", "", false, VERDICT_TRY_AGAIN},
};

static void judges(void)
{
    const struct attempt first = {.points = 10}, again = {.points = 10, .in_doubt = true};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        const struct http_answer answer = {.status = answers[i].status,
                                           .body = answers[i].body,
                                           .headers = answers[i].headers,
                                           .words = ""};
        begin(answers[i].version);
        IS(output.type->judge(&output, &answer, answers[i].in_doubt ? &again : &first),
           answers[i].want, answers[i].name);
        end();
    }
}

static void explains(void)
{
    static const struct {
        const char *name;
        int remote_write, status;
        const char *headers, *body, *want;
        bool advice;
    } cases[] = {
        {"2.0: how many were stored", 2, 204, WRITTEN "9\r\n", "", "why; 9 of 10 samples stored",
         false},
        {"2.0: and what helps", 2, 400, WRITTEN "9\r\n", "out of order sample",
         "why; 9 of 10 samples stored", true},
        {"1.0: that header means nothing", 1, 400, WRITTEN "9\r\n", "invalid label", "why", false},
        {"1.0: what helps", 1, 400, "", "(err-mimir-sample-out-of-order)", "why", true},
        {"1.0: also against duplicates", 1, 409, "", "duplicate sample", "why", true},
        {"1.0: an outage", 1, 503, "", "", "why", false},
    };
    const struct attempt attempt = {.points = 10};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct http_answer answer = {
            .status = cases[i].status, .body = cases[i].body, .headers = cases[i].headers};
        struct buf why;
        buf_init(&why, 1000);
        buf_append_text(&why, "why");
        begin(cases[i].remote_write);
        const char *const advice = output.type->explain(&output, &answer, &attempt, &why);
        IS_TEXT(buf_text(&why), cases[i].want, cases[i].name);
        OK(cases[i].advice ? advice && strstr(advice, "share a --spool") : !advice, "advice");
        buf_release(&why);
        end();
    }
}

static bool has_header(const char *header)
{
    size_t found = 0;
    for (size_t i = 0; output.headers[i]; i++)
        found += strcmp(output.headers[i], header) == 0;
    return found == 1;
}

static void changes_headers(void)
{
    static const char type_v2[] =
        "Content-Type: application/x-protobuf;proto=io.prometheus.write.v2.Request";
    char mine[] = "content-type: application/mine", tenant[] = "X-Scope-OrgID: t";
    char *headers[] = {tenant, mine};
    begin(1);
    OK(has_header("Content-Type: application/x-protobuf") &&
           has_header("Content-Encoding: snappy") &&
           has_header("X-Prometheus-Remote-Write-Version: 0.1.0"),
       "the headers of 1.0");
    end();
    begin(2);
    OK(has_header(type_v2) && has_header("Content-Encoding: snappy") &&
           has_header("X-Prometheus-Remote-Write-Version: 2.0.0"),
       "the headers of 2.0");
    add_number(1000, 1);
    IS_TEXT(whole(), "{__name__=\"n\"} [gauge  ] 1@1000\n", "and its body");
    output.type->adapt(&output, NULL);
    version = 1;
    OK(has_header("Content-Type: application/x-protobuf") &&
           has_header("Content-Encoding: snappy") &&
           has_header("X-Prometheus-Remote-Write-Version: 0.1.0") && !has_header(type_v2),
       "the older form has the headers of 1.0");
    IS_TEXT(whole(), "{__name__=\"n\"} 1@1000\n", "and its body");
    end();
    options.headers = (struct string_list){headers, 2};
    begin(2);
    OK(has_header(mine) && has_header(tenant) && !has_header(type_v2), "the user's headers win");
    output.type->adapt(&output, NULL);
    version = 1;
    OK(has_header(mine) && has_header(tenant) &&
           has_header("X-Prometheus-Remote-Write-Version: 0.1.0"),
       "also in the older form");
    end();
    options.headers = (struct string_list){0};
}

int main(void)
{
    buf_init(&room, BATCH_BYTES_MAX);
    buf_init(&text, (size_t)256 << 20);
    completes_urls();
    names_metrics();
    names_labels();
    tells_metadata();
    sends_numbers_only();
    moves_to_free_milliseconds();
    keeps_bursts();
    merges_one_series_only();
    leaves_old_ones_alone();
    merges_into_its_own_batch();
    stays_in_order_over_batches();
    remembers();
    remembers_parts();
    encodes_ranges();
    describes();
    judges();
    explains();
    changes_headers();
    encodes_the_largest();
    buf_release(&room);
    buf_release(&text);
    return tap_done();
}
