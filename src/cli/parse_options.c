/* Why: everything that a user can ask for goes through here once, by the table of
 * options, and what comes out is complete: no other code knows of defaults. */
#include "cli/parse_options.h"

#include "base/spelling.h"
#include "base/url.h"
#include "cli/check_options.h"
#include "cli/environment.h"
#include "cli/option_value.h"
#include "output/outputs.h"
#include "output/prometheus_totals.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* getopt_long returns this and the number of the row for a long option. */
enum { LONG_OPTION = 256 };

static void blot_out(const char *from, size_t count)
{
    memset((char *)(uintptr_t)from, '*', count);
}

/* Overwrites what an output's or a header's value in argv may hold of secrets. */
static void hide_value(const struct option_row *row, const char *value)
{
    struct url url;
    const char *const target = value + strcspn(value, "=");
    if (row->offset == offsetof(struct options, output.headers)) {
        const size_t name = strcspn(value, ":");
        blot_out(value + name, strlen(value + name));
    } else if (strstr(value, "://") && *target == '=' && url_split(target + 1, &url) == 0) {
        blot_out(url.userinfo.at, url.userinfo.len);
        blot_out(url.query.at, strlen(url.query.at)); /* and the fragment */
    } else if (strstr(value, "://")) {
        blot_out(value, strlen(value));
    }
}

static int unknown_option(const char *argument, struct error *err)
{
    const char *list[OPTION_ROWS + 1] = {0};
    char name[64], room[SPELLING_ROOM];
    if (optopt >= LONG_OPTION)
        return error_set(err, "--%s takes no value", option_table[optopt - LONG_OPTION].name);
    if (optopt)
        return error_set(err, "there is no option -%c; try --help", optopt);
    for (size_t i = 0; i < OPTION_ROWS; i++)
        list[i] = option_table[i].name;
    snprintf(name, sizeof name, "%.*s",
             (int)strspn(argument + 2, "abcdefghijklmnopqrstuvwxyz0123456789-"), argument + 2);
    const char *const hint = spelling_hint(room, name, list, "--", "");
    return error_set(err, "there is no option --%s%s", name, *hint ? hint : "; try --help");
}

static void describe_to_getopt(struct option *longs, char *shorts)
{
    size_t at = 0;
    shorts[at++] = ':'; /* tell a missing value from an unknown option */
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        const struct option_row *const row = &option_table[i];
        const bool takes = row->argument && row->kind != OPTION_HELP;
        longs[i] = (struct option){row->name, takes ? required_argument : no_argument, NULL,
                                   (int)(LONG_OPTION + i)};
        if (row->letter)
            shorts[at++] = row->letter;
        if (row->letter && takes)
            shorts[at++] = ':';
    }
}

/* The row of what getopt_long returned; OPTION_ROWS if there is none. */
static size_t row_of(int c)
{
    if (c >= LONG_OPTION)
        return (size_t)(c - LONG_OPTION);
    size_t i = 0;
    while (i < OPTION_ROWS && option_table[i].letter != c)
        i++;
    return i;
}

static int read_command_line(struct options *o, int argc, char **argv, bool *given,
                             struct error *err)
{
    struct option longs[OPTION_ROWS + 1] = {0};
    char shorts[2 * OPTION_ROWS + 2] = "";
    struct error cause;
    int c;
    describe_to_getopt(longs, shorts);
    opterr = 0;
    optind = 0; /* glibc: start afresh */
    while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (c == ':')
            return error_set(err, "%s needs a value; try --help", argv[optind - 1]);
        const size_t i = row_of(c);
        if (c == '?' || i == OPTION_ROWS)
            return unknown_option(argv[optind - 1], err);
        given[i] = true;
        if (option_value_set(o, &option_table[i], optarg, false, &cause) < 0)
            return error_set(err, "--%s: %.400s", option_table[i].name, cause.text);
        if (option_table[i].kind == OPTION_LIST)
            hide_value(&option_table[i], optarg);
    }
    if (o->action == ACTION_HELP)
        o->help_group = argv[optind];
    else if (optind < argc) /* its text may hold a secret */
        return error_set(err, "unexpected argument %d: transfers are read from standard input",
                         optind);
    return 0;
}

static int set_defaults(struct options *o, const bool *given, struct error *err)
{
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        const struct option_row *const row = &option_table[i];
        const char *const preset =
            o->spool.dir && row->preset_with_spool ? row->preset_with_spool : row->preset;
        if (!given[i] && preset && option_value_set(o, row, preset, false, err) < 0)
            return -1;
    }
    return 0;
}

/* Makes the layout of each output. Where several outputs differ in it, --fields is for those
 * that can choose. */
static int make_layouts(struct options *o, struct error *err)
{
    const struct layout *const given = &o->layout;
    struct error cause, why = {""};
    size_t choosing = 0;
    o->layouts = calloc(o->outputs.count, sizeof *o->layouts);
    if (!o->layouts)
        return error_set(err, "out of memory");
    for (size_t i = 0; i < o->outputs.count; i++) {
        struct output_spec spec;
        struct layout *const layout = &o->layouts[i];
        if (output_spec_read(&spec, o->outputs.items[i], &cause) < 0)
            return error_set(err, "--output: %.500s", cause.text);
        const struct layout_type *const type = spec.layout ? spec.layout : given->type;
        if (layout_init(layout, type, given->prefix, given->text, given->fields, &cause) == 0) {
            choosing++;
            continue;
        }
        if (!type->observe)
            return error_set(err, "--fields: %.400s", cause.text);
        why = cause;
        (void)layout_init(layout, type, given->prefix, given->text, NULL, &cause);
    }
    return choosing ? 0 : error_set(err, "--fields: %.400s", why.text);
}

/* A transfer carries the tags of all layouts, and each output leaves out those that only
 * others' layouts have. */
static int add_layout_tags(struct options *o, struct error *err)
{
    const char *asked[TRANSFER_TAGS_MAX + 1] = {0};
    const size_t asked_count = o->input.tags.count;
    for (size_t i = 0; i < asked_count; i++)
        asked[i] = o->input.tags.rules[i].key;
    for (size_t i = 0; i < o->outputs.count; i++)
        for (const struct tag_source *tag = o->layouts[i].type->tags; tag->key; tag++) {
            size_t at = 0;
            while (at < asked_count && strcmp(asked[at], tag->key) != 0)
                at++;
            for (size_t k = 0; at == asked_count && k < o->outputs.count; k++)
                layout_hide_tag(&o->layouts[k], tag->key);
            if (tag_plan_add_source(&o->input.tags, tag, err) < 0)
                return -1;
        }
    return 0;
}

static bool is_given(const bool *given, const char *name)
{
    for (size_t i = 0; i < OPTION_ROWS; i++)
        if (strcmp(option_table[i].name, name) == 0)
            return given[i];
    return false;
}

/* What only outputs with totals obey must not be asked of others. */
static int check_totals(struct options *o, const bool *given, struct error *err)
{
    bool totals = false, trends = false;
    for (size_t i = 0; i < o->outputs.count; i++) {
        struct output_spec spec;
        const struct layout_type *const layout = o->layouts[i].type;
        if (output_spec_read(&spec, o->outputs.items[i], err) < 0)
            return -1;
        totals |= output_is_totals(&spec, layout);
        trends |= output_is_totals(&spec, layout) && strcmp(layout->name, "k6") == 0;
    }
    for (size_t i = 0; i < OPTION_ROWS && !totals; i++)
        if (given[i] && option_table[i].group == GROUP_TOTALS)
            return error_set(err, "--%s is for totals; write -o prometheus/totals=URL",
                             option_table[i].name);
    if (is_given(given, "trend-stats") && !trends)
        return error_set(err, "--trend-stats is for k6's totals; write -o prometheus/k6=URL");
    o->output.totals.interval_ms =
        is_given(given, "interval") ? o->send.interval_ms : OUTPUT_TOTALS_INTERVAL_MS;
    return 0;
}

/* Derives what follows from the options together. */
static int complete(struct options *o, const bool *given, struct error *err)
{
    struct error cause;
    if (o->drain)
        o->action = ACTION_DRAIN;
    else if (o->spool_status)
        o->action = ACTION_SPOOL_STATUS;
    if (make_layouts(o, err) < 0 || add_layout_tags(o, err) < 0)
        return -1;
    o->input.fields = o->layout.fields;
    o->input.text = o->layout.text;
    if (prometheus_totals_check(&o->output.totals, &cause) < 0)
        return error_set(err, "%.500s", cause.text);
    return check_totals(o, given, err);
}

void options_release(struct options *options)
{
    tag_plan_release(&options->input.tags);
    string_list_release(&options->outputs);
    free(options->layouts);
    string_list_release(&options->output.headers);
    string_list_release(&options->report.thresholds);
}

int options_parse(struct options *options, int argc, char **argv, char **environment,
                  struct error *err)
{
    bool given[OPTION_ROWS] = {false};
    *options = (struct options){.action = ACTION_RUN};
    tag_plan_init(&options->input.tags);
    if (read_command_line(options, argc, argv, given, err) < 0)
        return -1;
    if (options->action != ACTION_RUN)
        return 0;
    if (environment_read(options, environment, given, err) < 0 ||
        set_defaults(options, given, err) < 0 || complete(options, given, err) < 0)
        return -1;
    return options_check(options, err);
}
