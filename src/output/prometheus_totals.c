/* Why: what becomes of totals on their way to a receiver of remote write: when a round of
 * samples is due, which form histograms take there, and what is remembered of that. */
#include "output/prometheus_totals.h"

#include "base/clock.h"
#include "base/text.h"
#include "output/packed.h"
#include "output/receiver.h"
#include "output/round.h"
#include "output/totals.h"
#include "output/totals_read.h"
#include "output/totals_summary.h"
#include "output/totals_write.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LIST_BYTES_MAX = 32 * 1024 * 1024, INSTANCE_ROOM = 256 };

/* An output's state. */
struct state {
    struct receiver receiver;
    struct totals_options options; /* native: as asked for */
    char instance[INSTANCE_ROOM];
    struct totals *totals;
    int64_t interval_ms, stale_after_ms;
    int64_t due_ms;       /* a transfer of this time or later belongs into the next batch */
    bool insists;         /* on native histograms: each process tries them once */
    bool native_disabled; /* the receiver has refused native histograms */
};

static int read_options(struct totals_options *to, const struct output_totals_options *from,
                        bool native_usual, struct error *err)
{
    struct error cause;
    const char *const form = from->histograms;
    *to = (struct totals_options){.native = native_usual, .sets_max = from->series_max};
    if (form && strcmp(form, "native") != 0 && strcmp(form, "classic") != 0)
        return error_set(err, "--histograms: '%.100s' is neither native nor classic", form);
    if (form)
        to->native = strcmp(form, "native") == 0;
    if (totals_parse_buckets(&to->bounds, from->buckets, &cause) < 0)
        return error_set(err, "--buckets: %.400s", cause.text);
    if (totals_parse_trend_stats(&to->trends, from->trend_stats, &cause) < 0)
        return error_set(err, "--trend-stats: %.400s", cause.text);
    return 0;
}

int prometheus_totals_check(const struct output_totals_options *options, struct error *err)
{
    struct totals_options read;
    return read_options(&read, options, false, err);
}

static bool has_trends(const struct layout_type *layout)
{
    for (const struct instrument *i = layout->instruments; i->name; i++)
        if (i->trend)
            return true;
    return false;
}

static int open_totals(struct output *output, const char *target,
                       const struct output_options *options, struct error *err)
{
    struct state *const state = calloc(1, sizeof *state);
    output->state = state;
    if (!state)
        return error_set(err, "out of memory");
    /* k6's dashboards ask for native ones, and its trends are there without them */
    if (receiver_open(output, &state->receiver, target, options, err) < 0 ||
        read_options(&state->options, &options->totals, has_trends(output->layout->type), err) < 0)
        return -1;
    if (gethostname(state->instance, sizeof state->instance - 1) == 0)
        state->options.instance = state->instance;
    state->insists = options->totals.histograms && state->options.native;
    state->interval_ms = output->interval_ms = options->totals.interval_ms;
    state->stale_after_ms = options->totals.stale_after_ms;
    state->totals = totals_new(&state->options, output->layout);
    return state->totals ? 0 : error_set(err, "out of memory");
}

static void close_totals(struct output *output)
{
    struct state *const state = output->state;
    if (state)
        totals_free(state->totals);
    free(state);
}

static int add(struct output *output, struct batch *batch, const struct transfer *transfer,
               const struct point *points, size_t count)
{
    struct state *const state = output->state;
    const int64_t time_ms = transfer->time_ns / 1000000;
    const int64_t last_ms = totals_last_ms(state->totals);
    const uint64_t others = totals_others(state->totals);
    (void)points, (void)count;
    if (totals_add(state->totals, transfer) < 0)
        return -1;
    if (batch->transfers == 0)
        state->due_ms = (time_ms > last_ms ? time_ms : last_ms) + state->interval_ms;
    batch_count(batch, totals_others(state->totals) > others);
    return 0;
}

static bool is_due(const struct output *output, const struct transfer *transfer)
{
    const struct state *const state = output->state;
    return transfer->time_ns / 1000000 >= state->due_ms;
}

static bool is_native(const struct state *state)
{
    return state->options.native && !state->native_disabled;
}

static int finish(struct output *output, struct batch *batch)
{
    const struct state *const state = output->state;
    totals_sample(state->totals);
    return round_append(state->totals, is_native(state), batch);
}

static int end(struct output *output, struct batch *batch)
{
    const struct state *const state = output->state;
    if (!state->stale_after_ms || !totals_last_ms(state->totals))
        return 0;
    /* behind the newest transfer, not behind the last sample, which may itself stand behind
     * the markers of the process before: else each process would be further ahead */
    const int64_t after_ms =
        totals_newest_ms(state->totals) + state->stale_after_ms - totals_last_ms(state->totals);
    totals_stale(state->totals, after_ms > 1 ? after_ms : 1);
    return round_append(state->totals, is_native(state), batch);
}

/* Whether the points of a batch from `first` on go as numbers. */
static bool are_numbers(const struct state *state, const struct batch *batch, size_t first)
{
    return packed_part_of(batch, first) <= PACKED_NUMBERS || !is_native(state);
}

static int encode_numbers(const struct state *state, const struct batch *batch, size_t first,
                          size_t end_at, struct buf *room, struct error *err)
{
    struct sample_list list;
    sample_list_init(&list, LIST_BYTES_MAX);
    int result = packed_numbers(batch, first, end_at, &list, err);
    if (result == 0)
        result = remote_write_encode_list(state->receiver.version, &list, 0,
                                          list.samples.len / sizeof(struct sample), room, err);
    sample_list_release(&list);
    return result;
}

static int encode_histograms(const struct state *state, const struct batch *batch, size_t first,
                             size_t end_at, struct buf *room, struct error *err)
{
    struct histogram_list list;
    histogram_list_init(&list, LIST_BYTES_MAX);
    int result = packed_histograms(batch, first, end_at, &list, err);
    if (result == 0)
        result = remote_write_encode_histograms(state->receiver.version, &list, 0,
                                                list.samples.len / sizeof(struct histogram_sample),
                                                room, err);
    histogram_list_release(&list);
    return result;
}

static int encode(const struct output *output, const struct batch *batch, size_t first,
                  size_t end_at, struct buf *room, struct bytes *bytes, struct error *err)
{
    const struct state *const state = output->state;
    const int result = are_numbers(state, batch, first)
                           ? encode_numbers(state, batch, first, end_at, room, err)
                           : encode_histograms(state, batch, first, end_at, room, err);
    *bytes = (struct bytes){room->data, room->len};
    return result;
}

static void describe(const struct batch *batch, size_t point, struct buf *text)
{
    const bool number = packed_part_of(batch, point) <= PACKED_NUMBERS;
    struct sample_list numbers;
    struct histogram_list histograms;
    struct error err;
    char value[NUMBER_ROOM];
    sample_list_init(&numbers, LIST_BYTES_MAX);
    histogram_list_init(&histograms, LIST_BYTES_MAX);
    if (number && packed_numbers(batch, point, point + 1, &numbers, &err) == 0) {
        const struct sample *const sample = (const void *)numbers.samples.data;
        const struct series_list series = {numbers.definitions.data, numbers.series};
        receiver_describe(text, remote_write_definition(&series, sample->series));
        text_number(value, sample->value);
        buf_printf(text, " %s @ %" PRId64, value, sample->time_ms);
    } else if (!number && packed_histograms(batch, point, point + 1, &histograms, &err) == 0) {
        const struct histogram_sample *const sample = (const void *)histograms.samples.data;
        const struct series_list series = {histograms.definitions.data, histograms.series};
        receiver_describe(text, remote_write_definition(&series, sample->series));
        buf_printf(text, " histogram of %" PRIu64 " values @ %" PRId64, sample->count,
                   sample->time_ms);
    }
    sample_list_release(&numbers);
    histogram_list_release(&histograms);
}

/* Prometheus without the feature answers 500 to all of a request that holds a native
 * histogram, which is no outage. */
static bool is_disabled(const struct http_answer *answer)
{
    static const char *const words[] = {"native histograms are disabled", NULL};
    return answer->status == 500 && output_answer_has(answer, words);
}

/* A receiver of remote write 2.0 tells how many histograms it has stored. One that tells
 * only of samples has dropped them, and one that tells of neither knows nothing of 2.0. */
static bool drops_histograms(const struct http_answer *answer)
{
    size_t len;
    const char *const stored = http_answer_header(answer, RECEIVER_HISTOGRAMS_WRITTEN, &len);
    return answer->status / 100 == 2 && (!stored || strtoull(stored, NULL, 10) == 0) &&
           http_answer_header(answer, RECEIVER_SAMPLES_WRITTEN, &len);
}

static enum verdict judge(const struct output *output, const struct http_answer *answer,
                          const struct attempt *attempt)
{
    const struct state *const state = output->state;
    const struct batch *const batch = attempt->batch;
    const enum packed_part part = packed_part_of(batch, attempt->first);
    const bool zeros = part == PACKED_ZEROS || part == PACKED_HISTOGRAM_ZEROS;
    /* What is in the way of the zeros are the samples behind them, stored the time before.
     * That holds for all requests of a batch that is made again, whatever the first of them
     * was answered. */
    if (zeros && (attempt->in_doubt || batch->again) && receiver_is_out_of_order(answer))
        return VERDICT_STORED;
    if (are_numbers(state, batch, attempt->first))
        return receiver_judge(
            &state->receiver, answer, RECEIVER_SAMPLES_WRITTEN,
            packed_count_numbers(batch, attempt->first, attempt->first + attempt->points));
    if (is_disabled(answer) || (state->receiver.version == 2 && drops_histograms(answer)))
        return VERDICT_ENCODE_ANEW;
    return receiver_judge(&state->receiver, answer, RECEIVER_HISTOGRAMS_WRITTEN, attempt->points);
}

static const char *explain(const struct output *output, const struct http_answer *answer,
                           const struct attempt *attempt, struct buf *why)
{
    const struct state *const state = output->state;
    return receiver_explain(&state->receiver, answer, attempt->points, why);
}

static const char *adapt(struct output *output, const struct http_answer *answer)
{
    struct state *const state = output->state;
    if (is_native(state) && (is_disabled(answer) || drops_histograms(answer))) {
        state->native_disabled = true;
        return "classic histograms go from now on; for native ones, start Prometheus with "
               "--enable-feature=native-histograms, and use --histograms native";
    }
    receiver_use_version_1(output, &state->receiver);
    return NULL;
}

/* Before the totals' own text stands a line of what is known of the receiver. */
static const char disabled_line[] = "native-histograms disabled\n",
                  unknown_line[] = "native-histograms unknown\n";

static const char *totals_text(const char *text, bool *disabled)
{
    *disabled = strncmp(text, disabled_line, strlen(disabled_line)) == 0;
    if (*disabled)
        return text + strlen(disabled_line);
    return strncmp(text, unknown_line, strlen(unknown_line)) == 0 ? text + strlen(unknown_line)
                                                                  : NULL;
}

/* Only ever called for the whole of a batch, which is settled as a whole. */
static int save(const struct output *output, const struct batch *batch, size_t transfers,
                struct buf *text)
{
    const struct state *const state = output->state;
    (void)batch, (void)transfers;
    buf_append_text(text, state->native_disabled ? disabled_line : unknown_line);
    totals_write(state->totals, text);
    return text->failed ? -1 : 0;
}

static int restore(struct output *output, const char *text, struct error *err)
{
    enum { STALE_MAX_MS = 300000 };
    struct state *const state = output->state;
    struct error cause;
    bool disabled;
    const char *const from = totals_text(text, &disabled);
    const int64_t now_ns = clock_wall_ns();
    /* a clock that was never set cannot say what is still to come */
    const int64_t most_ms = now_ns < TRANSFER_TIME_MIN_NS
                                ? INT64_MAX
                                : (now_ns + TRANSFER_AHEAD_NS) / 1000000 + STALE_MAX_MS;
    state->native_disabled |= disabled && !state->insists;
    if (totals_read(state->totals, from ? from : "", most_ms, &cause) == 0 || !*text)
        return 0;
    error_set(err, "%s; counters begin anew", cause.text);
    return 1;
}

static void tell_state(const char *text, struct buf *out)
{
    struct totals_summary summary;
    struct tm utc;
    char since[32];
    bool disabled;
    const char *const from = totals_text(text, &disabled);
    if (!from || totals_summarize(&summary, from) < 0 || !summary.since_ms)
        return;
    const time_t time = (time_t)(summary.since_ms / 1000);
    if (!gmtime_r(&time, &utc) || !strftime(since, sizeof since, "%Y-%m-%dT%H:%M:%SZ", &utc))
        return;
    buf_printf(out, "totals: %zu set%s of labels, since %s", summary.sets,
               text_plural(summary.sets), since);
    if (summary.others)
        buf_printf(out, "; %" PRIu64 " transfer%s under \"other\" labels (--series-max)",
                   summary.others, text_plural(summary.others));
    if (disabled)
        buf_append_text(out, "; native histograms are disabled there");
}

const struct output_type output_prometheus_totals = {
    .name = "prometheus",
    .form = RECEIVER_FORM,
    .open = open_totals,
    .close = close_totals,
    .add = add,
    .is_due = is_due,
    .finish = finish,
    .end = end,
    .request_end = packed_request_end,
    .encode = encode,
    .describe = describe,
    .judge = judge,
    .point_words = receiver_point_words,
    .explain = explain,
    .adapt = adapt,
    .save = save,
    .restore = restore,
    .tell_state = tell_state,
};
