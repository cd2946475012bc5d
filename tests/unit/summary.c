/* summary: what is collected, within its memory, and what is computed of it. */
#include "report/summary_figures.h"

#include "tap.h"

#include <stdlib.h>

static uint64_t state = 88172645463325252u;

static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return ((double)(state >> 12) + 0.5) / 0x1p52;
}

static double log_normal(double median, double spread)
{
    return median * exp(spread * sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform()));
}

static struct transfer transfer;
static struct percentiles usual;
enum { P90 = 1, P95, P99 }; /* where they stand in PERCENTILES_USUAL */

/* A good one, of `label`, over HTTP `version`, whose phases add up. */
static void make(const char *label, double version, double factor, int64_t number)
{
    static const enum field_id phases[] = {F_PHASE_DNS,  F_PHASE_CONNECT, F_PHASE_TLS,
                                           F_PHASE_SEND, F_PHASE_WAIT,    F_PHASE_TRANSFER,
                                           F_PHASE_QUEUE};
    double total = 0;
    memset(&transfer, 0, sizeof transfer);
    transfer.time_ns = INT64_C(1700000000000000000) + number * INT64_C(1000000);
    transfer.tag_count = *label != '\0';
    transfer.tags[0] = (struct tag){"label", label};
    for (size_t i = 0; i < 7; i++) {
        const double seconds = factor * log_normal(0.001 * (double)(i + 1), 0.3 + 0.1 * (double)i);
        transfer_set(&transfer, phases[i], seconds);
        total += seconds;
    }
    transfer_set(&transfer, F_PHASE_HANDSHAKE,
                 transfer.number[F_PHASE_CONNECT] + transfer.number[F_PHASE_TLS]);
    if (version > 2.5) { /* QUIC connects while it does TLS */
        transfer.present[F_PHASE_CONNECT] = false;
        transfer_set(&transfer, F_PHASE_TLS, transfer.number[F_PHASE_HANDSHAKE]);
    }
    transfer_set(&transfer, F_TIME_TOTAL, total);
    transfer_set(&transfer, F_HTTP_VERSION, version);
    transfer_set(&transfer, F_HTTP_CODE, 200);
    transfer_set(&transfer, F_EXITCODE, 0);
    transfer_set(&transfer, F_FAILED, 0);
    transfer_set(&transfer, F_SIZE_DOWNLOAD, 1000);
    transfer_set(&transfer, F_SIZE_HEADER, 200);
    transfer_set(&transfer, F_SIZE_UPLOAD, 30);
    transfer_set(&transfer, F_SIZE_REQUEST, 4);
}

static void fail(struct summary *s, int exit_code, int status)
{
    make("", 1.1, 1, 0);
    transfer_set(&transfer, F_FAILED, 1);
    transfer_set(&transfer, F_EXITCODE, exit_code);
    transfer_set(&transfer, F_HTTP_CODE, status);
    summary_add(s, &transfer);
}

static uint64_t failures(const struct summary *s, enum failure_kind kind, int code)
{
    for (size_t i = 0; i < s->failures.count; i++)
        if (s->failures.list[i].kind == kind && s->failures.list[i].code == code)
            return s->failures.list[i].count;
    return 0;
}

static void counts(void)
{
    struct summary *const s = summary_new("label", true);
    struct summary_figures r;
    for (int i = 0; i < 11; i++) {
        make("", 2, 1, i);
        summary_add(s, &transfer);
    }
    fail(s, 28, 0);
    fail(s, 28, 200);
    fail(s, 0, 404);
    fail(s, 22, 404);
    fail(s, 22, 0);
    fail(s, 0, 0);
    fail(s, 300, 0);
    summary_figures_init(&r, s, &usual);
    OK(s->transfers == 18 && s->failed == 7, "transfers and failures");
    OK(failures(s, FAILURE_CURL, 28) == 2 && failures(s, FAILURE_CURL, 22) == 1 &&
           failures(s, FAILURE_CURL, 127) == 1,
       "failures by curl's exit code, also with an HTTP code");
    OK(failures(s, FAILURE_HTTP, 404) == 2 && failures(s, FAILURE_NONE, 0) == 1,
       "by HTTP code, also with curl -f; by none");
    OK(s->http_codes[200] == 12 && s->http_codes[404] == 2 && s->http_codes[0] == 4, "HTTP codes");
    IS(s->bytes_received, 18 * 1200, "bytes received: headers and bodies");
    IS(s->bytes_sent, 18 * 34, "bytes sent");
    IS(r.span_s, 0.01, "from the first to the last");
    IS(r.rate, 1700, "the rate of 18 that lie 10 ms apart");
    IS(r.whole.cells[ROW_TOTAL].stats.count, 18, "the total of all");
    IS(r.whole.cells[ROW_TOTAL_GOOD].stats.count, 11, "and of those that did not fail");
    summary_figures_release(&r);
    summary_free(s);
}

static void nothing_and_one(void)
{
    struct summary *const s = summary_new("label", true);
    struct summary_figures r;
    summary_figures_init(&r, s, &usual);
    OK(r.part_count == 0 && r.bin_count == 0 && r.whole.transfers == 0, "no transfer at all");
    summary_figures_release(&r);
    make("", 2, 1, 0);
    summary_add(s, &transfer);
    summary_figures_init(&r, s, &usual);
    const struct figures_stats *const total = &r.whole.cells[ROW_TOTAL].stats;
    const double want = transfer.number[F_TIME_TOTAL];
    OK(!(r.rate > 0) && total->count == 1 && r.part_count == 0, "one has no rate");
    OK(!(fabs(total->med - want) > 1e-12) && !(fabs(total->values[P99] - want) > 1e-12),
       "one is all of its percentiles");
    IS(r.whole.cells[ROW_TOTAL_GOOD].stats.count, 0,
       "without a failure there is no row for the rest");
    summary_figures_release(&r);
    summary_free(s);
}

static void compares_protocols(void)
{
    struct summary *const s = summary_new("label", true);
    struct summary_figures r;
    for (int i = 0; i < 3000; i++) {
        static const double versions[] = {1.1, 2, 3};
        make("one", versions[i % 3], i % 3 == 2 ? 1.5 : 1, i);
        if (i < 3)
            transfer_set(&transfer, F_HTTP_VERSION, 1); /* three, too few */
        summary_add(s, &transfer);
    }
    make("one", 0, 1, 3000);
    transfer_set(&transfer, F_HTTP_CODE, 0);
    summary_add(s, &transfer);
    summary_figures_init(&r, s, &usual);
    IS_TEXT(r.by, "protocol", "one label: by protocol");
    OK(r.part_count == 4 && r.whole.transfers == 3001, "those that answered");
    IS_TEXT(r.parts[0].name, "HTTP/1.1", "compared with the first that has enough");
    IS_TEXT(r.parts[1].name, "HTTP/1.0", "then the others");
    IS_TEXT(r.parts[3].name, "HTTP/3", "in order");
    OK(r.parts[1].cells[ROW_TOTAL].than == FIGURES_FEW, "three are too few");
    IS(r.comparisons, 9 + 7, "total and phases of two protocols, but no connect or tls of QUIC");
    size_t noise = 0, slower = 0;
    for (size_t row = 0; row < FIGURES_ROWS; row++) {
        noise += r.parts[2].cells[row].than == FIGURES_NOISE;
        slower += r.parts[3].cells[row].than == FIGURES_SLOWER;
    }
    IS(noise, 9, "HTTP/2 differs by chance");
    IS(slower, 7, "HTTP/3 is slower");
    OK(r.parts[3].cells[ROW_TLS].than == FIGURES_UNLIKE && !(r.parts[3].cells[ROW_TLS].ratio > 0),
       "which is not told of tls: QUIC's is the whole handshake");
    OK(r.parts[3].cells[ROW_CONNECT].stats.count == 0 &&
           r.parts[3].cells[ROW_CONNECT].than == FIGURES_ALONE,
       "nor of connect, which QUIC does not have");
    OK(r.parts[2].cells[ROW_TLS].than == FIGURES_NOISE, "tls of TCP is compared with tls of TCP");
    OK(fabs(r.parts[3].cells[ROW_TOTAL].ratio - 1.5) < 0.1, "by half");
    summary_figures_release(&r);
    summary_free(s);
}

static void compares_labels(void)
{
    struct summary *const s = summary_new("label", true);
    struct summary_figures r;
    for (int i = 0; i < 400; i++) { /* a hundred of "b" in two protocols come first */
        make(i < 100 || i % 2 ? "b" : "a", i % 3 ? 2 : 3, i < 100 || i % 2 ? 1 : 0.5, i);
        summary_add(s, &transfer);
    }
    summary_figures_init(&r, s, &usual);
    IS_TEXT(r.by, "label", "two labels: by label");
    OK(r.part_count == 2 && r.parts[0].transfers == 250 && r.parts[1].transfers == 150,
       "all of them, also those from before the second was seen");
    IS(r.parts[0].cells[ROW_WAIT].stats.count, 250, "with their durations");
    IS_TEXT(r.parts[0].name, "b", "the first is what is compared with");
    OK(r.parts[1].cells[ROW_TOTAL].than == FIGURES_FASTER, "the other is faster");
    summary_figures_release(&r);
    summary_free(s);
}

/* A label with HTTP/3 and HTTP/2 answers, and others with one of them. */
static void notices_fallbacks(void)
{
    static const char *const labels[] = {"quic", "tcp", "both", ""};
    for (int by_key = 0; by_key < 2; by_key++) {
        struct summary *const s = summary_new(by_key ? "method" : "label", true);
        struct summary_figures r;
        for (int i = 0; i < 40; i++) {
            make(by_key ? "" : labels[i % 4], i % 4 == 0 || (i % 4 >= 2 && i > 11) ? 3 : 2, 1, i);
            transfer.text[F_METHOD] = labels[i % 3];
            summary_add(s, &transfer);
        }
        make(by_key ? "" : "both", 0, 1, 40);
        transfer_set(&transfer, F_HTTP_CODE, 0);
        summary_add(s, &transfer);
        summary_figures_init(&r, s, &usual);
        if (by_key) {
            IS(r.fallback_count, 0, "what is asked in both ways on purpose does not fall back");
        } else {
            IS(r.fallback_count, 1, "a label with HTTP/3 and another protocol");
            IS_TEXT(r.fallbacks[0].label, "both", "is named");
            OK(r.fallbacks[0].answers == 10 && r.fallbacks[0].not_http3 == 3,
               "with how many of its answers were not over HTTP/3");
            OK(r.parts[2].cells[ROW_TLS].than == FIGURES_UNLIKE, "its tls means two things");
        }
        summary_figures_release(&r);
        summary_free(s);
    }
    struct summary *const s = summary_new("label", true);
    struct summary_figures r;
    for (int i = 0; i < 10; i++) {
        make("one", i < 2 ? 1.1 : 3, 1, i);
        summary_add(s, &transfer);
    }
    summary_figures_init(&r, s, &usual);
    OK(r.fallback_count == 1 && r.fallbacks[0].answers == 10 && r.fallbacks[0].not_http3 == 2,
       "the only label as well, when the parts are protocols");
    summary_figures_release(&r);
    summary_free(s);
}

static int order(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* 100 labels of 1,000 transfers each, and 50 labels more. */
static void many_values(void)
{
    enum { LABELS = 100, EACH = 1000 };
    static double totals[LABELS][EACH], waits[LABELS][EACH];
    struct summary *const s = summary_new("label", true);
    struct summary_figures r;
    char label[32];
    for (int i = 0; i < EACH; i++)
        for (int l = 0; l < LABELS; l++) {
            snprintf(label, sizeof label, "label-%d", l);
            make(label, 2, 1 + l / 50.0, i);
            totals[l][i] = transfer.number[F_TIME_TOTAL];
            waits[l][i] = transfer.number[F_PHASE_WAIT];
            summary_add(s, &transfer);
        }
    for (int l = 0; l < 50; l++) {
        snprintf(label, sizeof label, "late-%d", l);
        make(label, 3, 1, l);
        summary_add(s, &transfer);
    }
    summary_figures_init(&r, s, &usual);
    printf("# %zu bytes\n", s->bytes);
    OK(s->bytes <= SUMMARY_BYTES && !s->incomplete, "100 labels take at most 8 MiB");
    IS(r.part_count, LABELS + 1, "100 labels and the others");
    OK(r.parts[LABELS].others && r.parts[LABELS].transfers == 50, "which share one entry");
    double error = 0;
    for (int l = 0; l < LABELS; l++) {
        const struct figures_cell *const cells = r.parts[l].cells;
        qsort(totals[l], EACH, sizeof **totals, order);
        qsort(waits[l], EACH, sizeof **waits, order);
        const double of[] = {
            cells[ROW_TOTAL].stats.values[P95] / (totals[l][949] * 0.95 + totals[l][950] * 0.05),
            cells[ROW_WAIT].stats.values[P99] / (waits[l][989] * 0.99 + waits[l][990] * 0.01),
            cells[ROW_WAIT].stats.med / (waits[l][499] + waits[l][500]) * 2,
        };
        for (size_t i = 0; i < 3; i++)
            error = fabs(of[i] - 1) > error ? fabs(of[i] - 1) : error;
    }
    /* p95 of 1,000: rank 949.05 */
    printf("# %g\n", error);
    OK(error < 0.005, "and percentiles are within 0.5 %");
    summary_figures_release(&r);
    summary_free(s);
}

/* Values so wide that they cannot keep their schema in 8 MiB. */
static void stays_within_its_memory(void)
{
    struct summary *const s = summary_new("label", true);
    struct summary_figures r;
    char label[32];
    for (int i = 0; i < 100 * 2000; i++) {
        snprintf(label, sizeof label, "label-%d", i % 100);
        make(label, 2, pow(10, 9 * uniform() - 6), i);
        summary_add(s, &transfer);
    }
    summary_figures_init(&r, s, &usual);
    OK(s->bytes <= SUMMARY_BYTES, "nine decades in each of 900 histograms: 8 MiB still");
    OK(r.error > 0.005 && r.error < 0.1, "the report says how wrong percentiles are");
    IS(r.whole.cells[ROW_WAIT].stats.count, 200000, "and nothing is missing");
    summary_figures_release(&r);
    summary_free(s);
}

static void bins_add_up(void)
{
    static const double spreads[] = {0.001, 0.1, 0.5, 3};
    char name[80];
    for (size_t i = 0; i < 4; i++) {
        struct summary *const s = summary_new("label", true);
        struct summary_figures r;
        uint64_t sum = 0;
        size_t odd = 0;
        for (int n = 0; n < 10000; n++) {
            make("", 2, 1, n);
            transfer_set(&transfer, F_TIME_TOTAL, log_normal(0.05, spreads[i]));
            summary_add(s, &transfer);
        }
        summary_figures_init(&r, s, &usual);
        for (size_t b = 0; b < r.bin_count; b++) {
            sum += r.bins[b].count;
            odd += r.bins[b].high <= r.bins[b].low;
            odd +=
                b > 0 && (r.bins[b].low < r.bins[b - 1].high || r.bins[b].low > r.bins[b - 1].high);
        }
        snprintf(name, sizeof name, "spread %g: %zu bins hold each transfer once", spreads[i],
                 r.bin_count);
        OK(sum == 10000 && odd == 0 && r.bin_count >= 4, name);
        summary_figures_release(&r);
        summary_free(s);
    }
}

/* 0 and 100 say something that 0.4 and 99.6 do not. */
static void pairs(void)
{
    OK(figures_pairs(0) <= 0 && figures_pairs(1) >= 100, "in none or in all of the pairs");
    IS(figures_pairs(0.001), 1, "never none if there are some");
    IS(figures_pairs(0.996), 99, "nor all");
    IS(figures_pairs(0.724), 72, "whole pairs");
}

int main(void)
{
    struct error err;
    percentiles_parse(&usual, PERCENTILES_USUAL, &err);
    pairs();
    counts();
    nothing_and_one();
    compares_protocols();
    compares_labels();
    notices_fallbacks();
    many_values();
    stays_within_its_memory();
    bins_add_up();
    return tap_done();
}
