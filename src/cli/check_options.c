/* Why: options that contradict each other, or need each other, are refused before
 * anything is read or sent; all of that is said here. */
#include "cli/check_options.h"

#include "output/series.h"

#include <string.h>

static int check_spool(const struct options *o, struct error *err)
{
    const char *const needs = o->wait           ? "wait"
                              : o->drain        ? "drain"
                              : o->spool.fsync  ? "fsync"
                              : o->spool_status ? "spool-status"
                                                : NULL;
    if (needs && !o->spool.dir)
        return error_set(err, "--%s needs --spool DIR", needs);
    if (o->follow && !o->drain)
        return error_set(err, "--follow needs --drain");
    if (o->drain && o->spool_status)
        return error_set(err, "--drain and --spool-status exclude each other");
    return 0;
}

/* Neither --drain nor --spool-status reads the input that these options look at. */
static int check_input(const struct options *o, struct error *err)
{
    const char *const option = o->input.tee                 ? "tee"
                               : o->report.summary          ? "summary"
                               : o->report.summary_export   ? "summary-export"
                               : o->report.thresholds.count ? "threshold"
                               : o->report.progress         ? "progress"
                                                            : NULL;
    if (option && (o->drain || o->spool_status))
        return error_set(err, "--%s needs input, and --%s reads none", option,
                         o->drain ? "drain" : "spool-status");
    return 0;
}

static int check_outputs(const struct options *o, struct error *err)
{
    for (size_t i = 0; i < o->output.headers.count; i++)
        if (strpbrk(o->output.headers.items[i], "\r\n") ||
            !strpbrk(o->output.headers.items[i], ":;"))
            return error_set(err, "--header takes one line 'Name: value'");
    for (size_t i = 0; i < o->outputs.count; i++)
        if (o->spool.dir && strncmp(o->outputs.items[i], "file=", 5) == 0)
            return error_set(err, "-o file= needs no --spool; leave out one of them");
        else if (o->input.tee && strcmp(o->outputs.items[i], "file=-") == 0)
            return error_set(err, "--tee and -o file=- both write to standard output; use one");
    return 0;
}

/* Of two tags that are one label in Prometheus, one would not be sent. */
static int check_labels(const struct options *o, struct error *err)
{
    const struct tag_plan *const tags = &o->input.tags;
    bool prometheus = false;
    for (size_t i = 0; i < o->outputs.count; i++)
        prometheus |= strncmp(o->outputs.items[i], "prometheus", strlen("prometheus")) == 0;
    for (size_t i = 0; prometheus && i < tags->count; i++)
        for (size_t k = 0; k < i; k++)
            if (series_is_same_label(tags->rules[k].key, tags->rules[i].key))
                return error_set(err,
                                 "labels '%.100s' and '%.100s' have one name in Prometheus; "
                                 "rename one of them",
                                 tags->rules[k].key, tags->rules[i].key);
    return 0;
}

/* A summary can compare by a tag of this run, or by a key that curl writes. */
static int check_summary_by(const struct options *o, struct error *err)
{
    const char *const by = o->report.summary_by;
    const struct tag_plan *const tags = &o->input.tags;
    struct error cause;
    if (strcmp(by, "label") == 0)
        return 0;
    for (size_t i = 0; i < tags->count; i++)
        if (strcmp(tags->rules[i].key, by) == 0)
            return 0;
    const enum field_id field = field_named(by, &cause);
    if (field == FIELD_NONE)
        return error_set(err, "--summary-by: %.300s", cause.text);
    if (field_table[field].kind == FIELD_SECRET)
        return error_set(err, "--summary-by: '%s' can hold secrets and is never shown", by);
    return 0;
}

int options_check(const struct options *options, struct error *err)
{
    return check_spool(options, err) < 0 || check_input(options, err) < 0 ||
                   check_outputs(options, err) < 0 || check_labels(options, err) < 0 ||
                   check_summary_by(options, err) < 0
               ? -1
               : 0;
}
