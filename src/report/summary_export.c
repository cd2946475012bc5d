/* What a person reads on the screen, for programs: a CI job that keeps it, or a script that
 * compares two runs. */
#include "report/summary_export.h"

#include "base/clock.h"
#include "base/json_write.h"
#include "model/failure.h"

#include <stdio.h>
#include <string.h>

enum { SCHEMA_VERSION = 2 };

static const char *const verdicts[] = {
    [FIGURES_UNLIKE] = "unlike", [FIGURES_FEW] = "few",       [FIGURES_NOISE] = "noise",
    [FIGURES_FASTER] = "faster", [FIGURES_SLOWER] = "slower",
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

static void put_failure(struct json *json, const char *kind, int code, const char *text,
                        uint64_t count)
{
    if (!count)
        return;
    json_open(json, NULL, '{');
    json_string(json, "kind", kind);
    json_count(json, "code", (uint64_t)code);
    json_string(json, "text", text);
    json_count(json, "count", count);
    json_close(json, '}');
}

static void put_failures(struct json *json, const struct summary *s)
{
    char code[16];
    json_open(json, "failures", '[');
    for (int i = 0; i < SUMMARY_EXIT_CODES; i++)
        put_failure(json, "curl", i, failure_of_curl(i), s->exit_codes[i]);
    for (int i = 0; i < SUMMARY_HTTP_CODES; i++)
        put_failure(json, "http", i, failure_of_http(i), s->http_failures[i]);
    put_failure(json, "none", 0, "no answer", s->no_answer);
    json_close(json, ']');
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

static void put_cell(struct json *json, const char *key, const struct figures_cell *cell,
                     const struct percentiles *percentiles)
{
    const struct figures_stats *const stats = &cell->stats;
    json_open(json, key, '{');
    json_count(json, "count", stats->count);
    json_number(json, "avg", stats->avg);
    json_number(json, "min", stats->min);
    json_number(json, "med", stats->med);
    for (size_t i = 0; i < percentiles->count; i++)
        if (strcmp(percentiles->names[i], "med") != 0)
            json_number(json, percentiles->names[i], stats->values[i]);
    json_number(json, "max", stats->max);
    if (cell->than != FIGURES_ALONE) {
        if (cell->ratio > 0)
            json_number(json, "ratio", cell->ratio);
        else
            json_null(json, "ratio");
        if (cell->than != FIGURES_UNLIKE)
            json_number(json, "p", cell->p);
        else
            json_null(json, "p");
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
        put_protocols(json, part->protocols);
        put_times(json, part, figures->percentiles);
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
        if (result.seen)
            json_number(json, "value", result.value);
        else
            json_null(json, "value");
        json_bool(json, "held", result.held);
        json_close(json, '}');
    }
    json_close(json, ']');
}

void summary_export(const struct summary_figures *figures, const struct threshold *thresholds,
                    size_t count, int64_t now_ns, struct buf *out)
{
    const struct summary *const s = figures->of;
    struct json json;
    json_init(&json, out);
    json_open(&json, NULL, '{');
    json_count(&json, "version", SCHEMA_VERSION);
    json_count(&json, "transfers", s->transfers);
    json_count(&json, "failed", s->failed);
    put_time(&json, "first", s, s->first_ns);
    put_time(&json, "last", s, s->last_ns);
    if (figures->rate > 0)
        json_number(&json, "rate", figures->rate);
    else
        json_null(&json, "rate");
    json_number(&json, "bytes_received", s->bytes_received);
    json_number(&json, "bytes_sent", s->bytes_sent);
    json_number(&json, "percentile_error", figures->error);
    json_bool(&json, "complete", !s->incomplete);
    put_failures(&json, s);
    put_protocols(&json, s->protocols);
    put_times(&json, &figures->whole, figures->percentiles);
    put_bins(&json, figures);
    put_parts(&json, figures);
    put_fallbacks(&json, figures);
    put_thresholds(&json, thresholds, count, now_ns);
    json_close(&json, '}');
}
