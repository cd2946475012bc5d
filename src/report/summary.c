/* Who asks for a summary still wants a stream at its full speed. So a transfer changes
 * some counters and the histograms of its own group only; what is shown of several groups
 * together is merged once, at the end. How many transfers and values there will be is not
 * known beforehand, so everything grows within fixed limits. */
#include "report/summary.h"

#include "base/text.h"
#include "model/phase.h"

#include <stdlib.h>
#include <string.h>

static const enum field_id phases[SUMMARY_TIMES] = {
    [SUMMARY_QUEUE] = F_PHASE_QUEUE,
    [SUMMARY_DNS] = F_PHASE_DNS,
    [SUMMARY_HANDSHAKE] = F_PHASE_HANDSHAKE,
    [SUMMARY_CONNECT] = F_PHASE_CONNECT,
    [SUMMARY_TLS] = F_PHASE_TLS,
    [SUMMARY_SEND] = F_PHASE_SEND,
    [SUMMARY_WAIT] = F_PHASE_WAIT,
    [SUMMARY_TRANSFER] = F_PHASE_TRANSFER,
};

const char *const summary_protocol_names[SUMMARY_PROTOCOLS] = {
    [PROTOCOL_HTTP_1_0] = "HTTP/1.0", [PROTOCOL_HTTP_1_1] = "HTTP/1.1",
    [PROTOCOL_HTTP_2] = "HTTP/2",     [PROTOCOL_HTTP_3] = "HTTP/3",
    [PROTOCOL_OTHER] = "other",       [PROTOCOL_NONE] = "no answer",
};

static int small(double value)
{
    return value > 0 && value < 1e6 ? (int)value : 0;
}

static enum summary_protocol protocol_of(const struct transfer *t, int status)
{
    /* in tenths: 1.1 has no exact binary fraction that could be compared with */
    const int tenths = small(transfer_get(t, F_HTTP_VERSION, 0) * 10 + 0.5);
    switch (tenths) {
    case 10:
        return PROTOCOL_HTTP_1_0;
    case 11:
        return PROTOCOL_HTTP_1_1;
    case 20:
        return PROTOCOL_HTTP_2;
    case 30:
        return PROTOCOL_HTTP_3;
    default:
        if (!transfer_speaks_http(t))
            return phase_has_response(t) ? PROTOCOL_OTHER : PROTOCOL_NONE;
        return tenths > 0 || status > 0 ? PROTOCOL_OTHER : PROTOCOL_NONE;
    }
}

static size_t hash(const char *text)
{
    uint32_t h = 2166136261; /* FNV-1a */
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 16777619;
    return h;
}

static size_t value_of(struct summary *s, const char *text)
{
    enum { SLOTS = sizeof s->index / sizeof *s->index };
    if (s->latest < s->value_count && strcmp(s->values[s->latest], text) == 0)
        return s->latest;
    size_t slot = hash(text) % SLOTS;
    for (; s->index[slot]; slot = (slot + 1) % SLOTS)
        if (strcmp(s->values[s->index[slot] - 1], text) == 0)
            return s->index[slot] - 1u;
    char *const copy = s->value_count < SUMMARY_VALUES ? strdup(text) : NULL;
    if (!copy)
        return SUMMARY_VALUES;
    s->bytes += strlen(copy) + 1;
    s->values[s->value_count++] = copy;
    s->index[slot] = (uint16_t)s->value_count;
    return s->value_count - 1;
}

static struct summary_group *group_at(struct summary *s, size_t at)
{
    struct summary_group *const group = s->groups[at] ? NULL : calloc(1, sizeof *group);
    if (!group)
        return s->groups[at];
    for (size_t i = 0; i < SUMMARY_TIMES; i++) {
        histogram_init(&group->times[i], HISTOGRAM_BYTES);
        s->bytes += group->times[i].bytes;
    }
    return s->groups[at] = group;
}

static void free_group(struct summary *s, struct summary_group *group)
{
    for (size_t i = 0; group && i < SUMMARY_TIMES; i++) {
        s->bytes -= group->times[i].bytes;
        histogram_release(&group->times[i]);
    }
    if (group)
        failure_counts_release(&group->failures);
    free(group);
}

static void find_largest(struct summary_group *group, struct histogram **largest)
{
    for (size_t i = 0; group && i < SUMMARY_TIMES; i++)
        if (group->times[i].schema > HISTOGRAM_SCHEMA_MIN &&
            (!*largest || group->times[i].bytes > (*largest)->bytes))
            *largest = &group->times[i];
}

static void save_memory(struct summary *s)
{
    while (s->bytes > SUMMARY_BYTES) {
        struct histogram *largest = NULL;
        for (size_t i = 0; i <= SUMMARY_VALUES; i++)
            find_largest(s->groups[i], &largest);
        if (!largest)
            return;
        const size_t before = largest->bytes;
        histogram_coarsen(largest);
        s->bytes -= before - largest->bytes;
    }
}

/* Adds all of `group` to `to`. */
static void merge_group(struct summary *s, struct summary_group *to,
                        const struct summary_group *group)
{
    to->transfers += group->transfers;
    to->failed += group->failed;
    s->incomplete |= failure_counts_merge(&to->failures, &group->failures) < 0;
    for (size_t p = 0; p < SUMMARY_PROTOCOLS; p++)
        to->protocols[p] += group->protocols[p];
    for (size_t i = 0; i < SUMMARY_TIMES; i++) {
        s->bytes -= to->times[i].bytes;
        histogram_merge(&to->times[i], &group->times[i]);
        s->bytes += to->times[i].bytes;
    }
}

/* Called at the second value. The groups by protocol so far are all of the first value,
 * so they become one group. */
static void begin_values(struct summary *s)
{
    struct summary_group *protocols[SUMMARY_PROTOCOLS];
    memcpy(protocols, s->groups, sizeof protocols);
    memset(s->groups, 0, sizeof protocols);
    struct summary_group *const all = group_at(s, 0);
    for (size_t p = 0; p < SUMMARY_PROTOCOLS; p++) {
        if (all && protocols[p])
            merge_group(s, all, protocols[p]);
        s->incomplete |= !all;
        free_group(s, protocols[p]);
    }
    if (s->steps)
        steps_join_groups(s->steps);
}

static struct summary_group *group_of(struct summary *s, const char *text,
                                      enum summary_protocol protocol)
{
    const bool was_by_value = summary_is_by_value(s);
    s->latest = value_of(s, text);
    if (!was_by_value && summary_is_by_value(s))
        begin_values(s);
    return group_at(s, summary_is_by_value(s) ? s->latest : (size_t)protocol);
}

static void add_time(struct summary *s, struct histogram *to, double seconds)
{
    const uint32_t before = to->bytes;
    histogram_add(to, seconds);
    if (to->bytes == before)
        return;
    s->bytes += to->bytes;
    s->bytes -= before;
    if (s->bytes > SUMMARY_BYTES)
        save_memory(s);
}

/* Why a transfer failed: its status tells more than curl -f's exit code. */
static struct failure_count failure_of(const struct transfer *t, int status)
{
    enum { HTTP_RETURNED_ERROR = 22 };
    const int exit_code = small(transfer_get(t, F_EXITCODE, 0));
    if (status >= 400 && status < SUMMARY_HTTP_CODES &&
        (exit_code == 0 || exit_code == HTTP_RETURNED_ERROR))
        return (struct failure_count){FAILURE_HTTP, status, 1};
    if (exit_code > 0)
        return (struct failure_count){
            FAILURE_CURL, exit_code < FAILURE_EXIT_CODE_MAX ? exit_code : FAILURE_EXIT_CODE_MAX, 1};
    return (struct failure_count){FAILURE_NONE, 0, 1};
}

static void count_failure(struct summary *s, struct summary_group *group, const struct transfer *t,
                          int status)
{
    const struct failure_count why = failure_of(t, status);
    s->failed++;
    s->incomplete |= failure_counts_add(&s->failures, why.kind, why.code, why.count) < 0;
    if (!group)
        return;
    group->failed++;
    s->incomplete |= failure_counts_add(&group->failures, why.kind, why.code, why.count) < 0;
}

static void remove_shared(struct summary *s, size_t at)
{
    free(s->shared[at].key);
    free(s->shared[at].value);
    s->shared_count--;
    memmove(&s->shared[at], &s->shared[at + 1], (s->shared_count - at) * sizeof *s->shared);
}

static void begin_shared(struct summary *s, const struct transfer *t)
{
    for (size_t i = 0; i < t->tag_count; i++) {
        struct shared_tag *const tag = &s->shared[s->shared_count++];
        tag->key = strdup(t->tags[i].key);
        tag->value = strdup(t->tags[i].value);
        if (!tag->key || !tag->value)
            remove_shared(s, s->shared_count - 1);
    }
}

/* Keeps of the shared tags those that this transfer has too. Both are sorted by key. */
static void keep_shared(struct summary *s, const struct transfer *t)
{
    size_t i = 0;
    for (size_t k = 0; i < s->shared_count;) {
        const struct shared_tag *const tag = &s->shared[i];
        const int order = k < t->tag_count ? strcmp(t->tags[k].key, tag->key) : 1;
        if (order < 0)
            k++;
        else if (order > 0 || strcmp(t->tags[k].value, tag->value) != 0)
            remove_shared(s, i);
        else
            i++;
    }
}

/* Counts what is told of all transfers together. */
static void count_transfer(struct summary *s, const struct transfer *t, int status)
{
    if (s->transfers++ == 0) {
        s->first_ns = s->last_ns = t->time_ns;
        begin_shared(s, t);
    }
    keep_shared(s, t);
    s->first_ns = t->time_ns < s->first_ns ? t->time_ns : s->first_ns;
    s->last_ns = t->time_ns > s->last_ns ? t->time_ns : s->last_ns;
    s->bytes_received += transfer_get(t, F_SIZE_DOWNLOAD, 0) + transfer_get(t, F_SIZE_HEADER, 0);
    s->bytes_sent += transfer_bytes_sent(t);
    s->http_codes[status < SUMMARY_HTTP_CODES ? status : 0] += transfer_speaks_http(t);
}

static void add_step(struct summary *s, const struct transfer *t, enum summary_protocol protocol,
                     bool failed)
{
    const size_t group = summary_is_by_value(s) ? s->latest : (size_t)protocol;
    steps_add(s->steps, group, t->time_ns, failed,
              transfer_has(t, F_TIME_TOTAL) ? &t->number[F_TIME_TOTAL] : NULL);
    s->incomplete |= s->steps->incomplete;
}

struct summary *summary_new(const char *by, bool with_steps)
{
    struct summary *const s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->steps = with_steps ? steps_new() : NULL;
    if (with_steps && !s->steps) {
        free(s);
        return NULL;
    }
    s->by = by;
    s->field = field_find(by, 0);
    return s;
}

void summary_free(struct summary *summary)
{
    if (!summary)
        return;
    for (size_t i = 0; i <= SUMMARY_VALUES; i++)
        free_group(summary, summary->groups[i]);
    for (size_t i = 0; i < summary->value_count; i++)
        free(summary->values[i]);
    while (summary->shared_count)
        remove_shared(summary, summary->shared_count - 1);
    failure_counts_release(&summary->failures);
    steps_free(summary->steps);
    free(summary);
}

void summary_add(struct summary *summary, const struct transfer *transfer)
{
    struct summary *const s = summary;
    const struct transfer *const t = transfer;
    const bool failed = transfer_get(t, F_FAILED, 0) > 0;
    const int status = small(transfer_http_status(t));
    const enum summary_protocol protocol = protocol_of(t, status);
    char room[TEXT_ROOM];
    const char *const value = transfer_value(t, s->by, s->field, room);
    s->by_came |= value != NULL;
    count_transfer(s, t, status);
    s->protocols[protocol]++;
    struct summary_group *const group = group_of(s, value ? value : "", protocol);
    if (failed)
        count_failure(s, group, t, status);
    if (s->steps)
        add_step(s, t, protocol, failed);
    if (!group) {
        s->incomplete = true;
        return;
    }
    group->transfers++;
    group->protocols[protocol]++;
    if (transfer_has(t, F_TIME_TOTAL))
        add_time(s, &group->times[failed ? SUMMARY_BAD : SUMMARY_GOOD], t->number[F_TIME_TOTAL]);
    for (size_t i = SUMMARY_PHASES; i < SUMMARY_TIMES; i++)
        if (transfer_has(t, phases[i]))
            add_time(s, &group->times[i], t->number[phases[i]]);
}
