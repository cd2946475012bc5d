/* summary_print: no line is wider than the screen, whatever the numbers are. */
#include "report/summary_print.h"

#include "tap.h"

/* Three protocols, every kind of failure, a second between the transfers. */
static struct summary *collect(const char *label)
{
    static struct transfer t;
    struct summary *const s = summary_new("label", false);
    for (int i = 0; i < 600; i++) {
        memset(&t, 0, sizeof t);
        t.time_ns = i * INT64_C(1000000000);
        t.tag_count = 1;
        t.tags[0] = (struct tag){"label", i % 2 ? label : "a"};
        transfer_set(&t, F_HTTP_VERSION, i % 3 == 0 ? 1.1 : 1 + i % 3);
        transfer_set(&t, F_HTTP_CODE, i);
        transfer_set(&t, F_EXITCODE, i % 5 ? i % 102 : 0);
        transfer_set(&t, F_FAILED, i % 5 || i >= 400);
        for (enum field_id f = F_PHASE_CONNECT; f <= F_PHASE_WAIT; f++)
            transfer_set(&t, f, i * 0.00123);
        transfer_set(&t, F_TIME_TOTAL, 1.0 / (i + 1));
        summary_add(s, &t);
    }
    return s;
}

/* As if there had been `times` as many. */
static void inflate(struct summary_figures *r, struct summary *s, uint64_t times)
{
    s->transfers *= times;
    s->failed *= times;
    for (size_t i = 0; i < s->failures.count; i++)
        s->failures.list[i].count *= times;
    for (size_t i = 0; i < SUMMARY_HTTP_CODES; i++)
        s->http_codes[i] *= times;
    s->bytes_received = 1e18;
    for (size_t i = 0; i < r->bin_count; i++)
        r->bins[i].count *= times;
    for (size_t i = 0; i < FIGURES_ROWS; i++)
        r->whole.cells[i].stats.count *= times;
    for (size_t i = 0; i < r->part_count; i++)
        r->parts[i].transfers *= times;
    r->whole.transfers *= times;
    r->rate *= (double)times;
}

static size_t widest(char *text)
{
    size_t most = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        const size_t columns = screen_columns(line);
        most = columns > most ? columns : most;
    }
    return most;
}

static char *shown(struct summary *s, struct buf *out)
{
    const struct screen screen = {.width = 80, .utf8 = true};
    struct percentiles usual;
    struct summary_figures r;
    struct error err;
    percentiles_parse(&usual, PERCENTILES_USUAL, &err);
    buf_init(out, 1000000);
    summary_figures_init(&r, s, &usual);
    summary_print(&r, &screen, out);
    buf_append(out, "", 1);
    summary_figures_release(&r);
    summary_free(s);
    return out->data;
}

/* `count` transfers, of which every third failed with 404, compared by `by`. */
static char *shown_of(int count, const char *by, struct buf *out)
{
    static struct transfer t;
    struct summary *const s = summary_new(by, false);
    for (int i = 0; i < count; i++) {
        memset(&t, 0, sizeof t);
        t.time_ns = i;
        transfer_set(&t, F_HTTP_VERSION, i % 2 ? 1.1 : 2);
        transfer_set(&t, F_HTTP_CODE, i % 3 ? 200 : 404);
        transfer_set(&t, F_FAILED, i % 3 == 0);
        transfer_set(&t, F_TIME_TOTAL, 0.01 * (i + 1));
        summary_add(s, &t);
    }
    return shown(s, out);
}

static const char *comparison(const char *text)
{
    const char *const found = strstr(text, "medians, by ");
    return found ? found : "";
}

static void leaves_out_what_says_nothing(void)
{
    struct buf out;
    OK(!strstr(shown_of(3, "label", &out), "spread"), "three transfers are not spread");
    buf_release(&out);
    OK(!strstr(shown_of(19, "label", &out), "spread"), "nor are 19");
    buf_release(&out);
    OK(strstr(shown_of(20, "label", &out), "how the total is spread"), "20 are");
    buf_release(&out);
    const char *text = comparison(shown_of(9, "http_code", &out));
    OK(strstr(text, "total") && !strstr(text, "not failed"),
       "by http_code no part has both, so there is no row 'not failed'");
    buf_release(&out);
    text = comparison(shown_of(9, "label", &out));
    OK(strstr(text, "total") && strstr(text, "not failed"), "by protocol there is");
    buf_release(&out);
}

/* Times that lie so close together that three digits do not tell them apart. */
static void bins_have_two_ends(void)
{
    static const double firsts[] = {0.9, 0.0501, 1.2345, 0.000901};
    for (size_t f = 0; f < 4; f++) {
        struct summary *const s = summary_new("label", false);
        static struct transfer t;
        struct buf out;
        size_t lines = 0, same = 0;
        for (int i = 0; i < 1000; i++) {
            memset(&t, 0, sizeof t);
            t.time_ns = i;
            transfer_set(&t, F_TIME_TOTAL, firsts[f] * (1 + i % 20 * 0.00005));
            summary_add(s, &t);
        }
        char *const bars = strstr(shown(s, &out), "how the total is spread\n");
        OK(bars != NULL, "close times are spread as well");
        for (char *line = strtok(bars, "\n"); line; line = strtok(NULL, "\n")) {
            double low, high;
            char unit[2][8];
            if (sscanf(line, "%lf %7s - %lf %7s", &low, unit[0], &high, unit[1]) != 4)
                continue;
            lines++;
            same += strcmp(unit[0], unit[1]) == 0 && !(high > low);
        }
        OK(lines > 1 && same == 0, "and no bin ends where it begins");
        buf_release(&out);
    }
}

/* What takes a hundredth of the time is dim, whatever its ratio; QUIC and TCP are compared in the
 * whole handshake. */
static void colours_what_matters(void)
{
    const struct screen screen = {.width = 80, .utf8 = true, .colour = true};
    static struct transfer t;
    struct summary *const s = summary_new("label", false);
    struct summary_figures r;
    struct percentiles usual;
    struct error err;
    struct buf out;
    for (int i = 0; i < 400; i++) {
        const bool quic = i % 2;
        memset(&t, 0, sizeof t);
        t.time_ns = i;
        transfer_set(&t, F_HTTP_VERSION, quic ? 3 : 2);
        transfer_set(&t, F_HTTP_CODE, 200);
        transfer_set(&t, F_PHASE_SEND, (quic ? 407e-6 : 70e-6) + i * 1e-7);
        transfer_set(&t, F_PHASE_WAIT, (quic ? 0.2 : 0.1) + i * 1e-5);
        transfer_set(&t, F_PHASE_CONNECT, 0.01);
        transfer_set(&t, F_PHASE_TLS, quic ? 0.02 : 0.01);
        transfer_set(&t, F_TIME_TOTAL, (quic ? 0.21 : 0.12) + i * 1e-5);
        summary_add(s, &t);
    }
    percentiles_parse(&usual, PERCENTILES_USUAL, &err);
    buf_init(&out, 1000000);
    summary_figures_init(&r, s, &usual);
    summary_print(&r, &screen, &out);
    buf_append(&out, "", 1);
    const char *const send = strstr(comparison(out.data), "send"), *const wait =
                                                                       strstr(send, "wait");
    OK(r.parts[1].cells[ROW_SEND].than == FIGURES_SLOWER && r.parts[1].cells[ROW_SEND].minor,
       "five times as slow, and 0.3 ms");
    OK(!strstr(send, "\033[31m slower") || strstr(send, "\033[31m slower") > wait, "is not red");
    OK(strstr(wait, "\033[31m slower") != NULL, "what takes twice as long is");
    OK(r.parts[1].cells[ROW_CONNECT].than == FIGURES_UNLIKE &&
           r.parts[1].cells[ROW_TLS].than == FIGURES_UNLIKE,
       "connect and tls have no verdict");
    buf_release(&out);
    summary_figures_release(&r);
    summary_free(s);
}

int main(void)
{
    static const char *const labels[] = {"b", "a label that is longer than any column may be",
                                         "日本語のラベル", "a"};
    static const size_t widths[] = {SCREEN_WIDTH_MIN, 60, 80, 100, 200};
    static const uint64_t times[] = {1, 10, 20000};
    static const char *const lists[] = {PERCENTILES_USUAL, "0,1,5,10,25,50,75,90,99,99.99"};
    char name[120];
    for (size_t l = 0; l < 4; l++)
        for (size_t w = 0; w < 5; w++)
            for (size_t n = 0; n < 6; n++) {
                const struct screen screen = {.width = widths[w], .utf8 = true};
                struct summary *const s = collect(labels[l]);
                struct summary_figures r;
                struct percentiles percentiles;
                struct error err;
                struct buf out;
                buf_init(&out, 1000000);
                percentiles_parse(&percentiles, lists[n / 3], &err);
                summary_figures_init(&r, s, &percentiles);
                inflate(&r, s, times[n % 3]);
                summary_print(&r, &screen, &out);
                buf_append(&out, "", 1);
                snprintf(name, sizeof name, "%zu columns, %llu transfers, %zu parts, p%s",
                         widths[w], (unsigned long long)s->transfers, r.part_count, lists[n / 3]);
                const size_t got = out.failed ? SIZE_MAX : widest(out.data);
                OK(got <= widths[w] && got > 30, name);
                if (got > widths[w])
                    printf("# %zu\n", got);
                buf_release(&out);
                summary_figures_release(&r);
                summary_free(s);
            }
    leaves_out_what_says_nothing();
    bins_have_two_ends();
    colours_what_matters();
    return tap_done();
}
