/* What a person reads on the screen, for programs: a CI job that keeps it, or a script that
 * compares two runs. */
#include "report/summary_export.h"

#include "base/clock.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA_VERSION = 3 };

static const char *const verdicts[] = {
    [FIGURES_UNLIKE] = "unlike",   [FIGURES_FEW] = "few",       [FIGURES_NOISE] = "noise",
    [FIGURES_SLIGHT] = "slightly", [FIGURES_FASTER] = "faster", [FIGURES_SLOWER] = "slower",
};

static void put_time(struct json *json, const char *key, const struct summary *s, int64_t time_ns)
{
    if (!s->transfers) {
        json_null(json, key);
        return;
    }
    char text[64]; /* a double has no room for nanoseconds */
    snprintf(text, sizeof text, "%lld.%09lld", (long long)(time_ns / NS_PER_S),
             (long long)(time_ns % NS_PER_S));
    json_literal(json, key, text);
}

/* A number that may make no sense. */
static void put_if(struct json *json, const char *key, bool makes_sense, double value)
{
    if (makes_sense)
        json_number(json, key, value);
    else
        json_null(json, key);
}

static void put_zone(struct json *json, int zone_s)
{
    char text[32];
    const int minutes = abs(zone_s) / 60;
    snprintf(text, sizeof text, "%c%02d:%02d", zone_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
    json_string(json, "zone", text);
}

static void put_labels(struct json *json, const struct summary *s)
{
    json_open(json, "labels", '{');
    for (size_t i = 0; i < s->shared_count; i++)
        json_string(json, s->shared[i].key, s->shared[i].value);
    json_close(json, '}');
}

static void put_failures(struct json *json, const struct failure_counts *failures)
{
    json_open(json, "failures", '[');
    for (size_t i = 0; i < failures->count; i++) {
        const struct failure_count *const failure = &failures->list[i];
        json_open(json, NULL, '{');
        json_string(json, "kind", failure_kind_names[failure->kind]);
        json_count(json, "code", (uint64_t)failure->code);
        json_string(json, "text", failure_count_text(failure));
        json_count(json, "count", failure->count);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void put_http_codes(struct json *json, const struct summary *s)
{
    char code[16];
    json_open(json, "http_codes", '{');
    for (int i = 0; i < SUMMARY_HTTP_CODES; i++) {
        snprintf(code, sizeof code, "%d", i);
        if (s->http_codes[i])
            json_count(json, code, s->http_codes[i]);
    }
    json_close(json, '}');
}

static void put_protocols(struct json *json, const uint64_t *protocols)
{
    json_open(json, "protocols", '{');
    for (size_t i = 0; i < SUMMARY_PROTOCOLS; i++)
        if (protocols[i])
            json_count(json, summary_protocol_names[i], protocols[i]);
    json_close(json, '}');
}

/* The usual ones, and those that somebody asked for, in order. */
static void put_percentiles(struct json *json, const struct figures_stats *stats,
                            const struct percentiles *wanted)
{
    const struct {
        double share;
        const char *name;
        double value;
    } usual[] = {{0.05, "p5", stats->p5},
                 {0.5, "med", stats->med},
                 {0.95, "p95", stats->p95},
                 {0.99, "p99", stats->p99}};
    enum { USUAL = sizeof usual / sizeof *usual };
    for (size_t u = 0, w = 0; u < USUAL || w < wanted->count;) {
        if (u < USUAL && w < wanted->count && strcmp(usual[u].name, wanted->names[w]) == 0)
            w++;
        if (w == wanted->count || (u < USUAL && usual[u].share < wanted->shares[w])) {
            json_number(json, usual[u].name, usual[u].value);
            u++;
        } else {
            json_number(json, wanted->names[w], stats->values[w]);
            w++;
        }
    }
}

static void put_cell(struct json *json, const char *key, const struct figures_cell *cell,
                     const struct percentiles *percentiles)
{
    const struct figures_stats *const stats = &cell->stats;
    json_open(json, key, '{');
    json_count(json, "count", stats->count);
    json_number(json, "avg", stats->avg);
    json_number(json, "min", stats->min);
    put_percentiles(json, stats, percentiles);
    json_number(json, "max", stats->max);
    if (cell->than != FIGURES_ALONE) {
        const bool alike = cell->than != FIGURES_UNLIKE;
        put_if(json, "ratio", cell->ratio > 0, cell->ratio);
        put_if(json, "slower_in", alike, cell->greater);
        put_if(json, "p", alike, cell->p);
        json_string(json, "verdict", verdicts[cell->than]);
    }
    json_close(json, '}');
}

static void put_times(struct json *json, const struct figures_part *part,
                      const struct percentiles *percentiles)
{
    json_open(json, "times", '{');
    for (size_t i = 0; i < FIGURES_ROWS; i++)
        if (part->cells[i].stats.count)
            put_cell(json, figures_rows[i].metric, &part->cells[i], percentiles);
    json_close(json, '}');
}

static void put_of(struct json *json, bool of_all)
{
    json_string(json, "of", of_all ? "all" : "not failed");
}

static void put_numbers(struct json *json, const char *key, const double *values, size_t count)
{
    json_open_row(json, key);
    for (size_t i = 0; i < count; i++)
        json_number(json, NULL, values[i]);
    json_close(json, ']');
}

static void put_spread(struct json *json, const struct figures_spread *spread)
{
    if (!spread)
        return;
    const struct figures_curve *const curve = &spread->curve;
    const struct figures_buckets *const buckets = &spread->buckets;
    json_open(json, "curve", '{');
    put_of(json, spread->of_all);
    put_numbers(json, "shares", curve->shares, curve->count);
    put_numbers(json, "values", curve->values, curve->count);
    json_close(json, '}');
    json_open(json, "buckets", '{');
    put_of(json, spread->of_all);
    json_integer(json, "schema", buckets->schema);
    json_integer(json, "offset", buckets->offset);
    json_open_row(json, "counts");
    for (size_t i = 0; i < buckets->count; i++)
        json_count(json, NULL, buckets->counts[i]);
    json_close(json, ']');
    json_close(json, '}');
}

static void put_step_counts(struct json *json, const char *key, const struct figures_step *steps,
                            size_t count, bool failed)
{
    json_open_row(json, key);
    for (size_t i = 0; i < count; i++)
        json_count(json, NULL, failed ? steps[i].failed : steps[i].transfers);
    json_close(json, ']');
}

/* A number of each step, which stands at `offset` in it. */
static void put_step_numbers(struct json *json, const char *key, const struct figures_step *steps,
                             size_t count, size_t offset)
{
    json_open_row(json, key);
    for (size_t i = 0; i < count; i++) {
        double value;
        memcpy(&value, (const char *)&steps[i] + offset, sizeof value);
        put_if(json, NULL,
               offset == offsetof(struct figures_step, rate) ? value > 0 || !steps[i].transfers
                                                             : steps[i].timed > 0,
               value);
    }
    json_close(json, ']');
}

static void put_steps(struct json *json, const struct figures_step *steps, size_t count)
{
    put_step_counts(json, "transfers", steps, count, false);
    put_step_counts(json, "failed", steps, count, true);
    put_step_numbers(json, "rate", steps, count, offsetof(struct figures_step, rate));
    put_step_numbers(json, "med", steps, count, offsetof(struct figures_step, med));
    put_step_numbers(json, "p95", steps, count, offsetof(struct figures_step, p95));
    put_step_numbers(json, "max", steps, count, offsetof(struct figures_step, max));
}

static void put_over_time(struct json *json, const struct summary_figures *figures)
{
    const struct figures_over_time *const o = &figures->over_time;
    char start[64];
    if (!o->count) {
        json_null(json, "over_time");
        return;
    }
    snprintf(start, sizeof start, "%.10f", o->start); /* exact: 2^-10 has ten digits */
    json_open(json, "over_time", '{');
    put_of(json, o->of_all);
    json_number(json, "width", o->width);
    json_literal(json, "start", start);
    json_count(json, "slots", o->count);
    put_steps(json, o->whole, o->count);
    json_number(json, "percentile_error", o->error);
    json_open(json, "parts", '[');
    for (size_t i = 0; i < FIGURES_DRAWN_MAX && o->parts[i]; i++) {
        json_open(json, NULL, '{');
        json_string(json, "name", figures->parts[i].name);
        put_steps(json, o->parts[i], o->count);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

static void put_bins(struct json *json, const struct summary_figures *figures)
{
    json_open(json, "time_total_histogram", '[');
    for (size_t i = 0; i < figures->bin_count; i++) {
        json_open(json, NULL, '{');
        json_number(json, "above", figures->bins[i].low);
        json_number(json, "up_to", figures->bins[i].high);
        json_count(json, "count", figures->bins[i].count);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void put_parts(struct json *json, const struct summary_figures *figures)
{
    if (figures->part_count < 2) {
        json_null(json, "by");
        return;
    }
    json_open(json, "by", '{');
    json_string(json, "tag", figures->by);
    json_count(json, "comparisons", figures->comparisons);
    json_open(json, "parts", '[');
    for (size_t i = 0; i < figures->part_count; i++) {
        const struct figures_part *const part = &figures->parts[i];
        json_open(json, NULL, '{');
        json_string(json, "name", part->name);
        json_bool(json, "others", part->others);
        json_count(json, "transfers", part->transfers);
        json_count(json, "failed", part->failed);
        put_failures(json, part->failures);
        put_protocols(json, part->protocols);
        put_times(json, part, figures->percentiles);
        put_spread(json, part->spread);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

static void put_fallbacks(struct json *json, const struct summary_figures *figures)
{
    json_open(json, "fallbacks", '[');
    for (size_t i = 0; i < figures->fallback_count; i++) {
        const struct figures_fallback *const fallback = &figures->fallbacks[i];
        json_open(json, NULL, '{');
        json_string(json, "tag", figures->of->by);
        json_string(json, "name", fallback->label);
        json_count(json, "answers", fallback->answers);
        json_count(json, "not_http3", fallback->not_http3);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void put_thresholds(struct json *json, const struct threshold *thresholds, size_t count,
                           int64_t now_ns)
{
    json_open(json, "thresholds", '[');
    for (size_t i = 0; i < count; i++) {
        const struct threshold_result result = threshold_judge(&thresholds[i], now_ns);
        json_open(json, NULL, '{');
        json_string(json, "expression", thresholds[i].rule.expression);
        put_if(json, "value", result.seen, result.value);
        json_bool(json, "held", result.held);
        json_close(json, '}');
    }
    json_close(json, ']');
}

void summary_export(const struct summary_figures *figures, const struct threshold *thresholds,
                    size_t count, int64_t now_ns, struct json *json)
{
    const struct summary *const s = figures->of;
    json_open(json, NULL, '{');
    json_count(json, "version", SCHEMA_VERSION);
    json_count(json, "transfers", s->transfers);
    json_count(json, "failed", s->failed);
    put_labels(json, s);
    put_time(json, "first", s, s->first_ns);
    put_time(json, "last", s, s->last_ns);
    put_zone(json, figures->zone_s);
    put_if(json, "rate", figures->rate > 0, figures->rate);
    json_number(json, "bytes_received", s->bytes_received);
    json_number(json, "bytes_sent", s->bytes_sent);
    json_number(json, "percentile_error", figures->error);
    json_bool(json, "complete", !s->incomplete);
    put_failures(json, &s->failures);
    put_http_codes(json, s);
    put_protocols(json, s->protocols);
    put_times(json, &figures->whole, figures->percentiles);
    put_bins(json, figures);
    put_spread(json, figures->whole.spread);
    put_over_time(json, figures);
    put_parts(json, figures);
    put_fallbacks(json, figures);
    put_thresholds(json, thresholds, count, now_ns);
    json_close(json, '}');
}
