/* Why: options that contradict each other, or need each other, are refused before
 * anything is read or sent; all of that is said here. */
#include "cli/check_options.h"

#include "base/list.h"
#include "model/known_keys.h"
#include "output/file.h"
#include "output/outputs.h"
#include "output/prometheus.h"
#include "output/series.h"

#include <string.h>

static const struct output_type *type_of(const struct options *o, size_t output)
{
    struct output_spec spec;
    struct error err;
    return output_spec_read(&spec, o->outputs.items[output], &err) < 0 ? NULL : spec.type;
}

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
                               : o->report.page             ? "report"
                               : o->report.thresholds.count ? "threshold"
                               : o->report.abort_on_fail    ? "abort-on-fail"
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
        if (o->spool.dir && type_of(o, i) == &output_file)
            return error_set(err, "-o file= needs no --spool; leave out one of them");
    return 0;
}

/* What a tag cannot be called. A tag that has the name of a number hides it, which is
 * right only where the tag is that number itself, as with --tag-field exitcode. The
 * layouts metric and k6 call every number "value", and every text "value_text". */
static int check_tag_names(const struct options *o, struct error *err)
{
    for (size_t i = 0; i < o->input.tags.count; i++) {
        const struct tag_rule *const rule = &o->input.tags.rules[i];
        const enum field_id field = field_find(rule->key, 0);
        const char *const what = rule->value ? "label" : "tag";
        if (field != FIELD_NONE && field_is_number(field) && rule->field != field)
            return error_set(err,
                             "a %s cannot be called '%s': that is a number of curl's; rename it",
                             what, rule->key);
        if (strcmp(rule->key, "value") == 0 || strcmp(rule->key, "value_text") == 0)
            return error_set(err, "a %s cannot be called '%s': fields are called that; rename it",
                             what, rule->key);
    }
    return 0;
}

/* Of two tags that are one label in Prometheus, one would not be sent. */
static int check_labels(const struct options *o, struct error *err)
{
    const struct tag_plan *const tags = &o->input.tags;
    bool prometheus = false;
    for (size_t i = 0; i < o->outputs.count; i++)
        prometheus |= type_of(o, i) == &output_prometheus;
    for (size_t i = 0; prometheus && i < tags->count; i++)
        for (size_t k = 0; k < i; k++)
            if (series_is_same_label(tags->rules[k].key, tags->rules[i].key))
                return error_set(err,
                                 "labels '%.100s' and '%.100s' have one name in Prometheus; "
                                 "rename one of them",
                                 tags->rules[k].key, tags->rules[i].key);
    return 0;
}

/* True if transfers carry such a tag in this layout. */
static bool is_tag(const struct tag_plan *tags, const struct layout *layout, const char *name)
{
    for (size_t i = 0; i < layout->hidden_count; i++)
        if (strcmp(layout->hidden[i], name) == 0)
            return false;
    for (size_t i = 0; i < tags->count; i++)
        if (strcmp(tags->rules[i].key, name) == 0)
            return true;
    return false;
}

/* True if the layout has a field left. */
static bool has_fields(const struct options *o, const struct layout *layout)
{
    const char *list = layout->fields;
    char name[128];
    if (!list || strcmp(layout->type->name, "wide") != 0)
        return true;
    while (list_next(&list, name, sizeof name) > 0)
        if (strpbrk(name, "*?[") || !is_tag(&o->input.tags, layout, name))
            return true;
    return false;
}

/* In the layout wide a key that is a tag is no field. With tags alone nothing would be
 * stored, in silence. */
static int check_fields(const struct options *o, struct error *err)
{
    for (size_t i = 0; i < o->outputs.count; i++)
        if (!has_fields(o, &o->layouts[i]))
            return error_set(err,
                             "--fields: '%.200s' names only tags of this run, so no field is left; "
                             "add one, such as time_total",
                             o->layouts[i].fields);
    return 0;
}

/* What writes to standard output beside others would break both. */
static int check_standard_output(const struct options *o, struct error *err)
{
    const char *users[4], *file = NULL;
    size_t count = 0;
    for (size_t i = 0; i < o->outputs.count; i++)
        if (output_spec_is_stdout(o->outputs.items[i]))
            file = "-o file=-";
    if (o->input.tee)
        users[count++] = "--tee";
    if (o->report.summary_export && strcmp(o->report.summary_export, "-") == 0)
        users[count++] = "--summary-export -";
    if (o->report.page && strcmp(o->report.page, "-") == 0)
        users[count++] = "--report -";
    if (file)
        users[count++] = file;
    return count < 2 ? 0
                     : error_set(err, "%s and %s both write to standard output; use one", users[0],
                                 users[1]);
}

/* Standard input holds the transfers. */
static int check_files(const struct options *o, struct error *err)
{
    const struct {
        const char *option, *file;
    } files[] = {{"cacert", o->output.cacert}, {"cert", o->output.cert}, {"key", o->output.key}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i].file && strcmp(files[i].file, "-") == 0)
            return error_set(err, "--%s: standard input holds the transfers; name a file",
                             files[i].option);
    return 0;
}

static int check_report(const struct options *o, struct error *err)
{
    struct error cause;
    if (known_keys_check(&o->input.tags, o->report.summary_by, &cause) < 0)
        return error_set(err, "--summary-by: %.300s", cause.text);
    if (o->report.abort_on_fail && !o->report.thresholds.count)
        return error_set(err, "--abort-on-fail needs --threshold EXPR");
    return 0;
}

int options_check(const struct options *options, struct error *err)
{
    return check_spool(options, err) < 0 || check_input(options, err) < 0 ||
                   check_outputs(options, err) < 0 || check_tag_names(options, err) < 0 ||
                   check_labels(options, err) < 0 || check_standard_output(options, err) < 0 ||
                   check_files(options, err) < 0 || check_fields(options, err) < 0 ||
                   check_report(options, err) < 0
               ? -1
               : 0;
}
