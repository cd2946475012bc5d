/* totals_write, totals_read: totals as a text, and what of such a text is believed. */
#include "output/totals_read.h"

#include "base/hash.h"
#include "output/totals_write.h"

#include "tap.h"
#include "told.h"

#include <stdlib.h>

static struct totals_options options;
static struct layout layout;
static struct totals *totals;
static struct buf out, text;
static struct error err;

enum { MOST_MS = 100000 };

static void begin(const char *name, bool native, const char *buckets, const char *instance)
{
    totals_free(totals);
    options = (struct totals_options){.native = native, .sets_max = 10, .instance = instance};
    totals_parse_buckets(&options.bounds, buckets, &err);
    totals_parse_trend_stats(&options.trends, "min", &err);
    layout_init(&layout, layout_named(name, &err), "", false, NULL, &err);
    totals = totals_new(&options, &layout);
}

static void add(int64_t time_ms, const char *label, double seconds, double bytes)
{
    struct transfer t = {.time_ns = time_ms * 1000000, .tag_count = 1};
    t.tags[0] = (struct tag){"label", label};
    transfer_set(&t, F_EXITCODE, 28);
    transfer_set(&t, F_FAILED, 1);
    transfer_set(&t, F_TIME_TOTAL, seconds);
    transfer_set(&t, F_SIZE_DOWNLOAD, bytes);
    transfer_set(&t, F_CERT_EXPIRY, -0.0);
    totals_add(totals, &t);
}

static const char *write_text(void)
{
    buf_clear(&text);
    totals_write(totals, &text);
    return buf_text(&text);
}

/* A text with the checksum that it would have. */
static const char *summed(const char *lines)
{
    static char whole[4096];
    snprintf(whole, sizeof whole, "%ssum %08x\n", lines,
             (unsigned)hash_checksum(lines, strlen(lines)));
    return whole;
}

static bool reads(const char *stored)
{
    return totals_read(totals, stored, MOST_MS, &err) == 0;
}

static bool is_empty(void)
{
    return totals_set_count(totals) == 0 && totals_last_ms(totals) == 0 &&
           totals_newest_ms(totals) == 0 && totals_others(totals) == 0;
}

static const char head[] = "totals 1 totals 1000 2000 2000 0 7 1 0.1 1\n";
static const char counter[] = "set curl_transfers_total\tlabel\ta\ncurl_transfers_total 999 3\n";

static void is_written(void)
{
    begin("totals", true, "0.1,1", "m");
    add(1000, "a", 0.05, 9007199254740991);
    add(2000, "a", 0.5, 1);
    totals_sample(totals);
    const char *const want =
        summed("totals 1 totals 1000 2000 2000 0 0 1 0.1 1\n"
               "set curl_transfers_total\tlabel\ta\n"
               "curl_transfers_total 1999 2\n"
               "curl_transfers_failed_total 1999 2\ttimed out\n"
               "curl_received_bytes_total 1999 9007199254740992\n"
               "curl_duration_seconds 1999 0.55 0.05 0.5 1 1 -1 ; 0 -40 40 -6 1 -25 1 -7\n"
               "curl_certificate_expiry_seconds 1999 0\n");
    IS_TEXT(write_text(), want, "all that they hold");
    OK(reads(buf_text(&text)), "which is read again");
    IS_TEXT(write_text(), want, "as the same");
    begin("totals", false, "0.1,1", "m");
    OK(reads(want), "native buckets where they are not wanted any more");
    OK(strstr(write_text(), "0.55 0.05 0.5 1 1 -1\n"), "are left out");
    begin("k6", false, "1", "m");
    struct transfer t = {.time_ns = 1000000};
    transfer_set(&t, F_FAILED, 1);
    totals_add(totals, &t);
    transfer_set(&t, F_FAILED, 0);
    totals_add(totals, &t);
    OK(strstr(write_text(), "k6_http_req_failed_rate 0 1 2\n"), "a rate");
    OK(reads(buf_text(&text)), "is read again");
}

/* Whatever byte is another one, missing or too many: nothing of it is believed. */
static void refuses_damage(void)
{
    begin("totals", true, "0.1,1", "m");
    add(1000, "a", 0.05, 1);
    add(2000, "b", 0.5, 1);
    totals_sample(totals);
    char *const whole = strdup(write_text());
    const size_t len = strlen(whole);
    char *const damaged = malloc(len + 2);
    size_t believed = 0, left = 0;
    for (size_t i = 0; i < len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            memcpy(damaged, whole, len + 1);
            damaged[i] = (char)(damaged[i] ^ 1 << bit);
            believed += reads(damaged);
            left += !is_empty();
        }
        memcpy(damaged, whole, i);
        damaged[i] = '\0'; /* it ends there */
        believed += reads(damaged);
        memcpy(damaged + i, whole + i + 1, len - i); /* one is missing */
        believed += reads(damaged);
        left += !is_empty();
    }
    IS(believed, 0, "a byte that differs or is missing, or an end too soon");
    IS(left, 0, "leaves nothing behind");
    IS_TEXT(err.text, "the stored totals are damaged", "and is told");
    OK(reads(whole), "while the whole is believed");
    free(damaged);
    free(whole);
}

static const struct {
    const char *name, *head, *rest;
} wrong[] = {
    {"another version", "totals 2 totals 1 2 2 0 7 1 0.1 1\n", counter},
    {"another layout", "totals 1 k6 1 2 2 0 7 1 0.1 1\n", counter},
    {"a layout whose name begins alike", "totals 1 totalss 1 2 2 0 7 1 0.1 1\n", counter},
    {"no times", "totals 1 totals\n", counter},
    {"a negative time", "totals 1 totals 1 -2 2 0 7 1 0.1 1\n", counter},
    {"a time beyond all", "totals 1 totals 1 99999999999999999999 2 0 7 1 0.1 1\n", counter},
    {"a bucket that is none", "totals 1 totals 1 2 2 0 7 1 0.1 nan\n", counter},
    {"an unknown instrument", head, "set x\tlabel\ta\n"},
    {"a series without a set", head, "curl_transfers_total 999 3\n"},
    {"a set twice", head, "set curl_transfers_total\nset curl_transfers_total\n"},
    {"a label without a value", head, "set curl_transfers_total\tlabel\n"},
    {"a label of nothing", head, "set curl_transfers_total\tlabel\t\n"},
    {"a series' label of nothing", head,
     "set curl_transfers_total\ncurl_transfers_failed_total 9 3\t\n"},
    {"a label without a name", head, "set curl_transfers_total\t\ta\n"},
    {"a label twice", head, "set curl_transfers_total\tl\ta\tl\tb\n"},
    {"a series twice", head,
     "set curl_transfers_total\ncurl_transfers_total 9 3\ncurl_transfers_total 9 3\n"},
    {"a number that is none", head, "set curl_transfers_total\ncurl_transfers_total 9 x\n"},
    {"an infinite number", head, "set curl_transfers_total\ncurl_transfers_total 9 1e999\n"},
    {"a counter below 0", head, "set curl_transfers_total\ncurl_transfers_total 9 -3\n"},
    {"a number too many", head, "set curl_transfers_total\ncurl_transfers_total 9 3 3\n"},
    {"a label too many", head, "set curl_transfers_total\ncurl_transfers_total 9 3\tx\n"},
    {"a label too few", head, "set curl_transfers_total\ncurl_transfers_failed_total 9 3\n"},
    {"a series that begins after its sample", head,
     "set curl_transfers_total\ncurl_transfers_total 2001 3\n"},
    {"too few buckets", head, "set curl_duration_seconds\ncurl_duration_seconds 9 1 1 1 1 -1\n"},
    {"too many buckets", head,
     "set curl_duration_seconds\ncurl_duration_seconds 9 1 1 1 1 1 1 1\n"},
    {"a run that is too long", head,
     "set curl_duration_seconds\ncurl_duration_seconds 9 1 1 1 1 -3\n"},
    {"a run of none", head, "set curl_duration_seconds\ncurl_duration_seconds 9 1 1 1 -0 1 1 1\n"},
    {"a count beyond all", head,
     "set curl_duration_seconds\ncurl_duration_seconds 9 1 1 1 9007199254740993 -2\n"},
    {"counts beyond all", head,
     "set curl_duration_seconds\ncurl_duration_seconds 9 1 1 1 9007199254740992 1 0\n"},
    {"a largest value below the smallest", head,
     "set curl_duration_seconds\ncurl_duration_seconds 9 1 2 1 1 -2\n"},
    {"native counts that are others", head,
     "set curl_duration_seconds\ncurl_duration_seconds 9 1 1 1 1 -2 ; 0 0 8 2 -7\n"},
    {"native buckets that begin anywhere", head,
     "set curl_duration_seconds\ncurl_duration_seconds 9 1 1 1 1 -2 ; 0 1 8 1 -7\n"},
    {"native buckets before all", head,
     "set curl_duration_seconds\ncurl_duration_seconds 9 1 1 1 1 -2 ; 0 -168 8 1 -7\n"},
    {"native buckets behind all", head,
     "set curl_duration_seconds\ncurl_duration_seconds 9 1 1 1 1 -2 ; 0 248 8 1 -7\n"},
    {"more native buckets than there are", head,
     "set curl_duration_seconds\ncurl_duration_seconds 9 1 1 1 1 -2 ; 0 0 99999999999 1 -7\n"},
    {"a part of a native bucket", head,
     "set curl_duration_seconds\ncurl_duration_seconds 9 1 1 1 1 -2 ; 0 0.5 8 1 -7\n"},
    {"something behind it", head, "set curl_transfers_total\ncurl_transfers_total 9 3\nsum 1\n"},
};

static void refuses_what_is_wrong(void)
{
    char lines[1000];
    begin("totals", true, "0.1,1", "m");
    snprintf(lines, sizeof lines, "%s%s", head, counter);
    OK(reads(summed(lines)), "a text from which the wrong ones differ is right");
    IS(totals_others(totals), 7, "with all that stands in it");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(lines, sizeof lines, "%s%s", wrong[i].head, wrong[i].rest);
        OK(!reads(summed(lines)) && is_empty(), wrong[i].name);
    }
    OK(!reads("") && !reads("sum 00000000\n") && !reads("\n"), "texts with nothing in them");
    OK(!reads(summed("totals 1 totals 1 2 100001 0 0 0 0.1 1\n")), "times that are still to come");
    IS_TEXT(err.text, "the stored totals are of a time that is still to come", "are told");
    OK(reads(summed("totals 1 totals 1 2 100000 0 0 0 0.1 1\n")), "the latest time");
}

/* Other buckets, or native ones for the first time: counters go on, histograms begin anew. */
static void begins_histograms_anew(void)
{
    begin("totals", false, "0.1,1", "m");
    add(1000, "a", 0.05, 1);
    totals_sample(totals);
    char *const stored = strdup(write_text());
    begin("totals", false, "0.1,2", "m");
    OK(reads(stored), "counted in other buckets");
    add(1001, "a", 0.5, 1);
    totals_sample(totals);
    told(&out, totals, TOLD_NUMBERS | TOLD_CLASSIC, 1);
    OK(strstr(buf_text(&out), "curl_transfers_total\",instance=\"m\",label=\"a\"} 2@1002\n"),
       "counters go on");
    OK(strstr(buf_text(&out), "seconds_count\",instance=\"m\",label=\"a\"} 0@1001 1@1002\n"),
       "histograms begin with 0 again, after the last sample");
    begin("totals", false, "0.1", "m");
    OK(reads(stored), "more buckets than now");
    begin("totals", false, "0.1,1,2", "m");
    OK(reads(stored), "fewer buckets than now");
    begin("totals", true, "0.1,1", "m");
    OK(reads(stored), "without native buckets");
    add(1001, "a", 0.5, 1);
    totals_sample(totals);
    OK(strstr(told(&out, totals, TOLD_NATIVE, 1), "{0 0}@1001 {1 0.5 -8:1}@1002"),
       "where they are wanted now");
    free(stored);
}

static void has_todays_instance(void)
{
    begin("totals", false, "1", "monday");
    add(1000, "a", 1, 1);
    totals_sample(totals);
    char *const stored = strdup(write_text());
    OK(!strstr(stored, "monday"), "the machine's name is not stored");
    begin("totals", false, "1", "tuesday");
    OK(reads(stored), "a machine that has another name today");
    add(2000, "a", 1, 1);
    totals_sample(totals);
    OK(strstr(told(&out, totals, TOLD_NUMBERS, 1),
              "curl_transfers_total\",instance=\"tuesday\",label=\"a\"} 2@2000\n"),
       "goes on under it");
    IS(totals_set_count(totals), 1, "in the same set");
    begin("totals", false, "1", NULL);
    OK(reads(stored), "a machine without a name");
    free(stored);
}

/* As much as there may be by default. */
static void stays_small(void)
{
    for (int native = 0; native <= 1; native++) {
        begin("k6", native, NULL, "m");
        options.sets_max = 1000;
        for (int i = 0; i < 40000; i++) {
            char label[16];
            struct transfer t = {.time_ns = (INT64_C(1000) + i / 10) * 1000000, .tag_count = 2};
            snprintf(label, sizeof label, "label %d", i % 1000);
            t.tags[0] = (struct tag){"label", label};
            t.tags[1] = (struct tag){"name", "host.example.com"};
            static const enum field_id phases[] = {F_PHASE_CONNECT,  F_PHASE_TLS,
                                                   F_PHASE_WAIT,     F_PHASE_SEND,
                                                   F_PHASE_TRANSFER, F_PHASE_HANDSHAKE};
            for (size_t f = 0; f < sizeof phases / sizeof *phases; f++)
                transfer_set(&t, phases[f], 1e-5 * pow(2, i / 400 % 100 / 8. + (double)f));
            transfer_set(&t, F_HTTP_CODE, 200);
            transfer_set(&t, F_TIME_TOTAL, 3);
            if (i >= 1000 || native)
                totals_add(totals, &t);
        }
        totals_sample(totals);
        write_text();
        printf("# 1,000 sets, 7 histograms, 40 values each: %zu bytes\n", text.len);
        OK(text.len > 100000 && text.len < 6000000, "1,000 sets as a text");
        OK(reads(buf_text(&text)), "are read again");
    }
}

int main(void)
{
    buf_init(&out, TOLD_BYTES_MAX);
    buf_init(&text, TOLD_BYTES_MAX);
    is_written();
    refuses_damage();
    refuses_what_is_wrong();
    begins_histograms_anew();
    has_todays_instance();
    stays_small();
    totals_free(totals);
    buf_release(&out);
    buf_release(&text);
    return tap_done();
}
