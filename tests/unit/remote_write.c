/* remote_write: samples and definitions -> bodies of both versions. */
#include "output/remote_write.h"

#include "decoded.h"
#include "tap.h"

/* name, unit, help, labels, and the end of the string ends the definition */
static const char two[] = "time_total\0seconds\0Duration\0Zone\0z\0label\0x\0\0"
                          "other\0\0\0label\0x\0";
#define TWO                                                                                        \
    {                                                                                              \
        two, 2                                                                                     \
    }

static struct buf body, text;
static struct error err;

static const char *encoded(int version, const struct series_list *series,
                           const struct sample *samples, size_t count)
{
    if (remote_write_encode(version, series, samples, count, &body, &err) < 0)
        return err.text;
    return decoded(&text, version, body.data, body.len);
}

static const struct {
    const char *name;
    size_t count;
    struct sample samples[4];
    const char *v1, *v2;
} cases[] = {
    {"one sample",
     1,
     {{1000, 0.25, 0, 0}},
     "{Zone=\"z\",__name__=\"time_total\",label=\"x\"} 0.25@1000\n",
     "{Zone=\"z\",__name__=\"time_total\",label=\"x\"} [gauge seconds Duration] 0.25@1000\n"},
    {"only of the second series",
     1,
     {{1000, 1, 1, 0}},
     "{__name__=\"other\",label=\"x\"} 1@1000\n",
     "{__name__=\"other\",label=\"x\"} [gauge  ] 1@1000\n"},
    {"of both in turn",
     4,
     {{1000, 1, 0, 0}, {1000, 2, 1, 0}, {1001, 3, 0, 0}, {1001, 4, 1, 0}},
     "{Zone=\"z\",__name__=\"time_total\",label=\"x\"} 1@1000 3@1001\n"
     "{__name__=\"other\",label=\"x\"} 2@1000 4@1001\n",
     "{Zone=\"z\",__name__=\"time_total\",label=\"x\"} [gauge seconds Duration] 1@1000 3@1001\n"
     "{__name__=\"other\",label=\"x\"} [gauge  ] 2@1000 4@1001\n"},
    {"out of order",
     3,
     {{3000, 3, 1, 0}, {1000, 1, 1, 0}, {2000, 2, 1, 0}},
     "{__name__=\"other\",label=\"x\"} 1@1000 2@2000 3@3000\n",
     "{__name__=\"other\",label=\"x\"} [gauge  ] 1@1000 2@2000 3@3000\n"},
    {"numbers to the last digit",
     4,
     {{1, 0.1, 1, 0}, {2, -1e300, 1, 0}, {3, 5e-324, 1, 0}, {4, 9007199254740993.0, 1, 0}},
     "{__name__=\"other\",label=\"x\"} 0.10000000000000001@1 -1.0000000000000001e+300@2 "
     "4.9406564584124654e-324@3 9007199254740992@4\n",
     "{__name__=\"other\",label=\"x\"} [gauge  ] 0.10000000000000001@1 "
     "-1.0000000000000001e+300@2 4.9406564584124654e-324@3 9007199254740992@4\n"},
    {"0, which protobuf leaves out",
     2,
     {{-1, 0, 1, 0}, {0, 0, 1, 0}},
     "{__name__=\"other\",label=\"x\"} 0@-1 0@0\n",
     "{__name__=\"other\",label=\"x\"} [gauge  ] 0@-1 0@0\n"},
};

static void encodes(void)
{
    const struct series_list series = TWO;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[100];
        snprintf(name, sizeof name, "%s, 1.0", cases[i].name);
        IS_TEXT(encoded(1, &series, cases[i].samples, cases[i].count), cases[i].v1, name);
        snprintf(name, sizeof name, "%s, 2.0", cases[i].name);
        IS_TEXT(encoded(2, &series, cases[i].samples, cases[i].count), cases[i].v2, name);
    }
}

static void places_the_name(void)
{
    static const struct {
        const char *name, *definition, *want;
    } labels[] = {
        {"no labels", "n\0\0\0", "{__name__=\"n\"} 1@1\n"},
        {"capitals stand before it", "n\0\0\0A\0a\0_\0u\0",
         "{A=\"a\",_=\"u\",__name__=\"n\"} 1@1\n"},
        {"small letters behind", "n\0\0\0a\0b\0", "{__name__=\"n\",a=\"b\"} 1@1\n"},
        {"underscores on both sides", "n\0\0\0__a\0b\0__zz\0c\0",
         "{__a=\"b\",__name__=\"n\",__zz=\"c\"} 1@1\n"},
    };
    const struct sample sample = {.time_ms = 1, .value = 1};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        const struct series_list series = {labels[i].definition, 1};
        IS_TEXT(encoded(1, &series, &sample, 1), labels[i].want, labels[i].name);
    }
}

/* Many series with many labels and samples, in parts. */
static void encodes_many(void)
{
    enum { SERIES = 3000, EACH = 3 };
    struct buf definitions;
    static struct sample samples[SERIES * EACH];
    buf_init(&definitions, 10000000);
    for (int s = 0; s < SERIES; s++) {
        buf_printf(&definitions, "name_%d%cunit%chelp %d%c", s % 7, 0, 0, s % 7, 0);
        for (int l = 0; l < s % 60; l++)
            buf_printf(&definitions, "label_%02d%cvalue %d%c", l, 0, s * l, 0);
        buf_printf(&definitions, "series%c%d%c%c", 0, s, 0, 0);
        for (int i = 0; i < EACH; i++)
            samples[i * SERIES + s] = (struct sample){1000 + i, s + i / 8.0, (uint32_t)s, 0};
    }
    const struct series_list series = {definitions.data, SERIES};
    for (int version = 1; version <= 2; version++) {
        size_t lines = 0, count = 0;
        const char *at = encoded(version, &series, samples, SERIES * EACH);
        OK(!strchr(at, '!'), "3,000 series: well formed");
        for (const char *p = at; *p; p++) {
            lines += *p == '\n';
            count += *p == '@';
        }
        OK(lines == SERIES && count == SERIES * EACH, "3,000 series: all are there");
        at = encoded(version, &series, samples + SERIES - 1, 2);
        OK(strstr(at, "series=\"2999\"} ") && strstr(at, "2999@1000") && strstr(at, "0.125@1001") &&
               !strstr(at, "series=\"2998\""),
           "3,000 series: two samples of them");
    }
    IS_TEXT(remote_write_definition(&series, 0), "name_0", "the first definition");
    const char *const last = remote_write_definition(&series, 2999);
    IS_TEXT(last, "name_3", "the last");
    OK(last > definitions.data && last < definitions.data + definitions.len, "stands in there");
    buf_release(&definitions);
}

/* What a list holds, in any part of it; `kinds` tells three series apart. */
static void encodes_lists(void)
{
    static const struct series_kind kinds[] = {
        {SERIES_COUNTER, 999}, {SERIES_GAUGE, 0}, {SERIES_HISTOGRAM, 5000}};
    static const char three[] = "a_total\0bytes\0Help\0l\0x\0\0"
                                "b\0\0\0\0"
                                "c_bucket\0seconds\0Time\0le\0+Inf\0\0";
    struct sample samples[] = {{999, 0, 0, 0}, {1000, 2, 0, 0}, {1000, 3, 1, 0}, {5001, 4, 2, 0}};
    const uint64_t stale = STALE_MARKER_BITS;
    memcpy(&samples[3].value, &stale, sizeof stale);
    struct sample_list list;
    sample_list_init(&list, 4096);
    buf_append(&list.samples, samples, sizeof samples);
    buf_append(&list.definitions, three, sizeof three - 1);
    buf_append(&list.kinds, kinds, sizeof kinds);
    list.series = 3;
    remote_write_encode_list(2, &list, 0, 4, &body, &err);
    IS_TEXT(decoded(&text, 2, body.data, body.len),
            "{__name__=\"a_total\",l=\"x\"} [counter bytes Help since 999] 0@999 2@1000\n"
            "{__name__=\"b\"} [gauge  ] 3@1000\n"
            "{__name__=\"c_bucket\",le=\"+Inf\"} [histogram seconds Time since 5000] stale@5001\n",
            "a list, 2.0: types, when they began, a stale marker to the bit");
    remote_write_encode_list(1, &list, 1, 3, &body, &err);
    IS_TEXT(decoded(&text, 1, body.data, body.len),
            "{__name__=\"a_total\",l=\"x\"} 2@1000\n{__name__=\"b\"} 3@1000\n",
            "a part of it, 1.0");
    remote_write_encode_list(1, &list, 3, 4, &body, &err);
    IS_TEXT(decoded(&text, 1, body.data, body.len),
            "{__name__=\"c_bucket\",le=\"+Inf\"} stale@5001\n", "its end");
    sample_list_release(&list);
}

static void encodes_histograms(void)
{
    static const struct series_kind kinds[] = {{SERIES_HISTOGRAM, 0}, {SERIES_HISTOGRAM, 999}};
    static const struct {
        const char *name;
        struct histogram_sample sample;
        uint64_t counts[16];
        const char *want;
    } histograms[] = {
        {"nothing", {.time_ms = 1000, .series = 1}, {0}, " {0 0}@1000"},
        {"zeros only",
         {.time_ms = 1000, .series = 1, .count = 3, .zeros = 3, .length = 8},
         {0},
         " {3 0 zero:3}@1000"},
        {"buckets below 0, and a gap that is filled",
         {.time_ms = 1000, .series = 1, .count = 9, .sum = 2.5, .first = -8, .length = 8},
         {0, 2, 0, 0, 7},
         " {9 2.5 -7:2 -4:7}@1000"},
        {"a gap that is not",
         {.time_ms = 1000, .series = 1, .count = 10, .first = -8, .length = 16},
         {1, 0, 0, 0, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4},
         " {10 0 -8:1 -4:2 -3:3 7:4}@1000"},
        {"large counts",
         {.time_ms = 1000, .series = 1, .count = (UINT64_C(1) << 53) + 1, .length = 8},
         {UINT64_C(1) << 53, 1},
         " {9007199254740993 0 0:9007199254740992 1:1}@1000"},
    };
    static const char two_histograms[] = "a\0\0\0\0"
                                         "h_seconds\0seconds\0Time\0l\0x\0\0";
    for (size_t i = 0; i < sizeof histograms / sizeof *histograms; i++) {
        struct histogram_list list;
        char want[200];
        histogram_list_init(&list, 4096);
        struct histogram_sample sample = histograms[i].sample;
        buf_append(&list.samples, &(struct histogram_sample){.time_ms = 999, .series = 1},
                   sizeof sample);
        buf_append(&list.buckets, histograms[0].counts, sizeof histograms[0].counts);
        sample.buckets = 16;
        buf_append(&list.samples, &sample, sizeof sample);
        buf_append(&list.buckets, histograms[i].counts, sizeof histograms[i].counts);
        buf_append(&list.definitions, two_histograms, sizeof two_histograms - 1);
        buf_append(&list.kinds, kinds, sizeof kinds);
        list.series = 2;
        for (int version = 1; version <= 2; version++) {
            snprintf(want, sizeof want, "{__name__=\"h_seconds\",l=\"x\"}%s {0 0}@999%s\n",
                     version == 2 ? " [histogram seconds Time since 999]" : "", histograms[i].want);
            remote_write_encode_histograms(version, &list, 0, 2, &body, &err);
            IS_TEXT(decoded(&text, version, body.data, body.len), want, histograms[i].name);
        }
        snprintf(want, sizeof want, "{__name__=\"h_seconds\",l=\"x\"}%s\n", histograms[i].want);
        remote_write_encode_histograms(1, &list, 1, 2, &body, &err);
        IS_TEXT(decoded(&text, 1, body.data, body.len), want, "without its beginning");
        histogram_list_release(&list);
    }
}

static void has_limits(void)
{
    const struct series_list series = TWO;
    const struct sample sample = {.time_ms = 1, .value = 1};
    struct buf small;
    buf_init(&small, 10);
    OK(remote_write_encode(1, &series, &sample, 1, &small, &err) < 0 && strstr(err.text, "memory"),
       "what does not fit is an error");
    buf_release(&small);
}

int main(void)
{
    buf_init(&body, 100000000);
    buf_init(&text, 100000000);
    encodes();
    places_the_name();
    encodes_many();
    encodes_lists();
    encodes_histograms();
    has_limits();
    buf_release(&body);
    buf_release(&text);
    return tap_done();
}
