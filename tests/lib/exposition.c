/* Prints all series of a layout of totals as Prometheus's text exposition, from the same
 * samples that remote write gets, for promtool.
 *
 *     exposition totals|k6 */
#include "layout/layouts.h"
#include "output/totals.h"
#include "output/totals_samples.h"

#include <stdio.h>
#include <string.h>

/* The metric that the series belongs to: x of x_bucket, x_sum and x_count. */
static size_t family_len(const char *name, enum series_type type)
{
    static const char *const suffixes[] = {"_bucket", "_sum", "_count"};
    const size_t len = strlen(name);
    for (size_t i = 0; type == SERIES_HISTOGRAM && i < sizeof suffixes / sizeof *suffixes; i++)
        if (strcmp(name + len - strlen(suffixes[i]), suffixes[i]) == 0)
            return len - strlen(suffixes[i]);
    return len;
}

/* Prints the definition, without its value, and returns the one behind it. */
static const char *print_series(const char *at, enum series_type type)
{
    static const char *const types[] = {"gauge", "counter", "histogram"};
    static char last[200];
    const char *const name = at, *const unit = name + strlen(name) + 1;
    const char *const help = unit + strlen(unit) + 1;
    const int len = (int)family_len(name, type);
    char family[200];
    snprintf(family, sizeof family, "%.*s", len, name);
    if (strcmp(family, last) != 0)
        printf("# HELP %s %s\n# TYPE %s %s\n", family, help, family, types[type]);
    strcpy(last, family);
    printf("%s{", name);
    for (at = help + strlen(help) + 1; *at;) {
        const char *const value = at + strlen(at) + 1;
        printf("%s=\"%s\",", at, value);
        at = value + strlen(value) + 1;
    }
    return at + 1;
}

static void print_list(const struct sample_list *list)
{
    const struct sample *const samples = (const void *)list->samples.data;
    const struct series_kind *const kinds = (const void *)list->kinds.data;
    const char *at = list->definitions.data;
    const size_t count = list->samples.len / sizeof *samples;
    for (size_t i = 0; i < count; i++)
        if (i + 1 == count || samples[i + 1].series != samples[i].series) {
            at = print_series(at, kinds[samples[i].series].type);
            printf("} %.17g\n", samples[i].value);
        }
}

static void add(struct totals *totals)
{
    static const enum field_id fields[] = {
        F_FAILED,        F_EXITCODE,       F_TIME_TOTAL,  F_SIZE_DOWNLOAD, F_SIZE_REQUEST,
        F_PHASE_CONNECT, F_PHASE_DNS,      F_PHASE_QUEUE, F_PHASE_SEND,    F_PHASE_HANDSHAKE,
        F_PHASE_TLS,     F_PHASE_TRANSFER, F_PHASE_WAIT,  F_CERT_EXPIRY};
    struct transfer t = {.time_ns = 1000000000, .tag_count = 1};
    t.tags[0] = (struct tag){"label", "x"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        transfer_set(&t, fields[i], 1);
    transfer_set(&t, F_TIME_TOTAL, 100);
    transfer_set(&t, F_HTTP_CODE, 404);
    totals_add(totals, &t);
}

int main(int argc, char **argv)
{
    struct totals_options options = {.sets_max = 10, .instance = "m"};
    struct layout layout;
    struct sample_list list;
    struct error err = {""};
    if (argc != 2 || totals_parse_buckets(&options.bounds, NULL, &err) < 0 ||
        totals_parse_trend_stats(&options.trends, NULL, &err) < 0 ||
        layout_init(&layout, layout_named(argv[1], &err), "", false, NULL, &err) < 0) {
        fprintf(stderr, "exposition: %s\n", err.text);
        return 1;
    }
    struct totals *const totals = totals_new(&options, &layout);
    sample_list_init(&list, 1 << 20);
    add(totals);
    totals_sample(totals);
    for (size_t set = 0; set < totals_set_count(totals); set++)
        totals_numbers(totals, set, &list);
    for (size_t set = 0; set < totals_set_count(totals); set++)
        totals_classic(totals, set, &list);
    print_list(&list);
    sample_list_release(&list);
    totals_free(totals);
    return 0;
}
