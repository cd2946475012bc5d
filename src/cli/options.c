/* Why: the command line and the environment are read here, by the table of
 * options, and nowhere else; what comes out does not change any more. */
#include "cli/options.h"

#include "base/amount.h"
#include "base/buf.h"
#include "base/text.h"
#include "base/url.h"
#include "cli/option_table.h"
#include "layout/layouts.h"

#include <ctype.h>
#include <getopt.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

enum { PREFIX_MAX = 64 };

/* Prefixes become part of names that every database must be able to query. */
static bool is_prefix(const char *text)
{
    if (!isalpha((unsigned char)*text) && *text != '_' && *text != '\0')
        return false;
    if (strlen(text) > PREFIX_MAX)
        return false;
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr("_.:-", *text))
            return false;
    return true;
}

static int add_tag_fields(struct options *o, const char *list, struct error *err)
{
    char name[128];
    for (;;) {
        const size_t len = strcspn(list, ",");
        if (len == 0 || len >= sizeof name)
            return error_set(err, "a key in the list is empty or too long");
        memcpy(name, list, len);
        name[len] = '\0';
        if (tag_plan_add_field(&o->input.tags, name, err) < 0)
            return -1;
        if (!list[len])
            return 0;
        list += len + 1;
    }
}

static int set_label(struct options *o, const char *value, bool from_environment, struct error *err)
{
    bool changed = false;
    if (tag_plan_add_label(&o->input.tags, value, from_environment, &changed, err) < 0)
        return -1;
    if (changed) {
        const char *const equals = strchr(value, '=');
        snprintf(o->changed_label, sizeof o->changed_label, "%.*s",
                 equals ? (int)(equals - value) : 5, equals ? value : "label");
    }
    return 0;
}

static int set_plain(struct options *o, const struct option_row *row, const char *value)
{
    void *const at = (char *)o + row->offset;
    double amount = 0;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)at = true;
        return 0;
    case OPTION_SIZE:
        if (amount_parse(value, AMOUNT_SIZE, 1024, 1073741824, &amount) < 0)
            return -1;
        *(size_t *)at = (size_t)amount;
        return 0;
    case OPTION_SPACE:
        if (amount_parse(value, AMOUNT_SIZE, 4194304, 1099511627776, &amount) < 0)
            return -1;
        *(uint64_t *)at = (uint64_t)amount;
        return 0;
    case OPTION_COUNT:
        if (amount_parse(value, AMOUNT_COUNT, 1, 1e6, &amount) < 0 || amount != floor(amount))
            return -1;
        *(size_t *)at = (size_t)amount;
        return 0;
    case OPTION_CHOICE:
        if (amount_parse(value, AMOUNT_COUNT, 1, 2, &amount) < 0 || amount != floor(amount))
            return -1;
        *(int *)at = (int)amount;
        return 0;
    case OPTION_DURATION:
        if (amount_parse(value, AMOUNT_DURATION, 0, 30 * 86400.0, &amount) < 0)
            return -1;
        *(int64_t *)at = (int64_t)ceil(amount * 1000);
        return 0;
    case OPTION_LIST:
        return string_list_add(at, value);
    case OPTION_PREFIX:
        if (!is_prefix(value))
            return -1;
        /* fall through */
    default:
        *(const char **)at = value;
        return 0;
    }
}

static const char *expected(enum option_kind kind)
{
    switch (kind) {
    case OPTION_SIZE:
        return "a size from 1K to 1G, such as 64K or 1M";
    case OPTION_SPACE:
        return "a size from 4M to 1024G, such as 100M or 2G";
    case OPTION_COUNT:
        return "a whole number from 1 to 1000000";
    case OPTION_CHOICE:
        return "1 or 2";
    case OPTION_DURATION:
        return "a time up to 30 days, such as 500ms, 1s or 2m";
    case OPTION_PREFIX:
        return "a letter or _, then up to 63 letters, digits and _ . : -";
    default:
        return "something else";
    }
}

static int set(struct options *o, const struct option_row *row, const char *value,
               bool from_environment, struct error *err)
{
    switch (row->kind) {
    case OPTION_LABEL:
        return set_label(o, value, from_environment, err);
    case OPTION_TAG_FIELD:
        return add_tag_fields(o, value, err);
    case OPTION_LAYOUT:
        o->layout.type = layout_named(value, err);
        return o->layout.type ? 0 : -1;
    case OPTION_HELP:
        o->action = ACTION_HELP;
        return 0;
    case OPTION_VERSION:
        o->action = ACTION_VERSION;
        return 0;
    default:
        if (set_plain(o, row, value) == 0)
            return 0;
        if (row->kind == OPTION_LIST)
            return error_set(err, "out of memory");
        return error_set(err, "%s%s takes %s, not '%.100s'", from_environment ? "" : "--",
                         row->name, expected(row->kind), value ? value : "");
    }
}

static void variable_name(const struct option_row *row, char *name, size_t size)
{
    snprintf(name, size, "TSDB_EXPORTER_%s", row->name);
    for (char *p = name; *p; p++)
        *p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
}

static int unknown_variable(const char *entry, struct error *err)
{
    char names[OPTION_ROWS][64], name[64];
    const char *list[OPTION_ROWS + 1] = {0};
    const size_t common = strlen("TSDB_EXPORTER_");
    size_t count = 0;
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        if (option_table[i].kind == OPTION_HELP || option_table[i].kind == OPTION_VERSION)
            continue;
        variable_name(&option_table[i], names[count], sizeof names[count]);
        list[count] = names[count] + common;
        count++;
    }
    snprintf(name, sizeof name, "%.*s", (int)strcspn(entry, "="), entry);
    const char *const near = text_nearest(name + common, list);
    return error_set(err, "there is no variable %s%s%s%s", name,
                     near ? "; did you mean TSDB_EXPORTER_" : "", near ? near : "",
                     near ? "?" : "");
}

static int read_variable(struct options *o, const char *entry, const bool *given, struct error *err)
{
    char name[64];
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        variable_name(&option_table[i], name, sizeof name);
        const size_t len = strlen(name);
        if (strncmp(entry, name, len) != 0 || entry[len] != '=')
            continue;
        const char *const value = entry + len + 1;
        if (option_table[i].kind == OPTION_HELP || option_table[i].kind == OPTION_VERSION)
            break;
        if (given[i] && option_table[i].kind != OPTION_LABEL &&
            option_table[i].kind != OPTION_TAG_FIELD)
            return 0;
        if (option_table[i].kind == OPTION_FLAG && strcmp(value, "1") != 0 && *value &&
            strcmp(value, "0") != 0)
            return error_set(err, "%s takes 1 or 0, not '%.100s'", name, value);
        if (*value == '\0' || (option_table[i].kind == OPTION_FLAG && *value == '0'))
            return 0;
        struct error cause;
        if (set(o, &option_table[i], value, true, &cause) == 0)
            return 0;
        return error_set(err, "in the environment, %s: %.400s", name, cause.text);
    }
    return unknown_variable(entry, err);
}

static const char *influx_variable(const char *entry, const char *name)
{
    const size_t len = strlen(name);
    return strncmp(entry, name, len) == 0 && entry[len] == '=' && entry[len + 1] ? entry + len + 1
                                                                                 : NULL;
}

static int read_environment(struct options *o, char **environment, const bool *given,
                            struct error *err)
{
    const char *host = NULL, *value;
    for (char **entry = environment; *entry; entry++) {
        if (strncmp(*entry, "TSDB_EXPORTER_", 14) == 0 && read_variable(o, *entry, given, err) < 0)
            return -1;
        if ((value = influx_variable(*entry, "INFLUX_HOST")))
            host = value;
        else if ((value = influx_variable(*entry, "INFLUX_TOKEN")))
            o->output.influx_token = value;
        else if ((value = influx_variable(*entry, "INFLUX_ORG")))
            o->output.influx_org = value;
        else if ((value = influx_variable(*entry, "INFLUX_BUCKET_NAME")))
            o->output.influx_bucket = value;
        else if ((value = influx_variable(*entry, "INFLUX_BUCKET")) && !o->output.influx_bucket)
            o->output.influx_bucket = value;
        else if ((value = influx_variable(*entry, "INFLUX_USERNAME")))
            o->output.influx_username = value;
        else if ((value = influx_variable(*entry, "INFLUX_PASSWORD")))
            o->output.influx_password = value;
    }
    if (o->outputs.count)
        return 0;
    /* exporter.py's destination, unless InfluxDB's own variables say otherwise */
    host = host ? host : "http://localhost:8086";
    struct buf output;
    const size_t len = strlen(host);
    buf_init(&output, len + 64);
    buf_printf(&output, "influxdb=%s%.*s%s", strstr(host, "://") ? "" : "http://",
               (int)(len - (host[len - 1] == '/')), host,
               o->output.influx_bucket ? "" : "/metrics");
    const int added = string_list_add(&o->outputs, buf_text(&output));
    buf_release(&output);
    return added == 0 ? 0 : error_set(err, "out of memory");
}

static int unknown_option(const char *argument, struct error *err)
{
    const char *list[OPTION_ROWS + 1] = {0};
    char name[64];
    for (size_t i = 0; i < OPTION_ROWS; i++)
        list[i] = option_table[i].name;
    if (optopt >= 256)
        return error_set(err, "--%s takes no value", option_table[optopt - 256].name);
    if (optopt)
        return error_set(err, "there is no option -%c; try --help", optopt);
    snprintf(name, sizeof name, "%.*s",
             (int)strspn(argument + 2, "abcdefghijklmnopqrstuvwxyz0123456789-"), argument + 2);
    const char *const near = text_nearest(name, list);
    return error_set(err, "there is no option --%s%s%s%s", name, near ? "; did you mean --" : "",
                     near ? near : "", near ? "?" : "; try --help");
}

static int read_command_line(struct options *o, int argc, char **argv, bool *given,
                             struct error *err)
{
    struct option longs[OPTION_ROWS + 1] = {0};
    char shorts[2 * OPTION_ROWS + 2] = ":";
    for (size_t i = 0, at = 1; i < OPTION_ROWS; i++) {
        const bool takes = option_table[i].argument && option_table[i].kind != OPTION_HELP;
        longs[i] = (struct option){option_table[i].name, takes ? required_argument : no_argument,
                                   NULL, (int)(256 + i)};
        if (option_table[i].letter)
            shorts[at++] = option_table[i].letter;
        if (option_table[i].letter && takes)
            shorts[at++] = ':';
    }
    opterr = 0;
    optind = 0; /* glibc: start afresh */
    for (;;) {
        const int c = getopt_long(argc, argv, shorts, longs, NULL);
        if (c == -1)
            break;
        if (c == ':')
            return error_set(err, "%s needs a value; try --help", argv[optind - 1]);
        size_t i = c >= 256 ? (size_t)(c - 256) : 0;
        while (c < 256 && i < OPTION_ROWS && option_table[i].letter != c)
            i++;
        if (c == '?' || i == OPTION_ROWS)
            return unknown_option(argv[optind - 1], err);
        given[i] = true;
        if (set(o, &option_table[i], optarg, false, err) < 0)
            return -1;
        if (option_table[i].kind == OPTION_LIST)
            hide_value(&option_table[i], optarg);
    }
    if (o->action == ACTION_HELP)
        o->help_group = argv[optind];
    else if (optind < argc)
        return error_set(err, /* which may hold a secret */
                         "argument %d belongs to no option: transfers are read from standard input",
                         optind);
    return 0;
}

/* What asks for something else than to read and deliver, and what goes with it. */
static int complete_spool(struct options *o, struct error *err)
{
    if (!o->spool.dir && (o->wait || o->drain || o->spool_status || o->spool.fsync))
        return error_set(err, "--%s needs --spool DIR",
                         o->wait          ? "wait"
                         : o->drain       ? "drain"
                         : o->spool.fsync ? "fsync"
                                          : "spool-status");
    if (o->follow && !o->drain)
        return error_set(err, "--follow goes with --drain");
    if (o->drain && o->spool_status)
        return error_set(err, "use one of --drain and --spool-status");
    if (o->input.tee && (o->drain || o->spool_status))
        return error_set(err, "--tee copies the input, and --%s reads none",
                         o->drain ? "drain" : "spool-status");
    if ((o->report.summary || o->report.summary_export || o->report.thresholds.count ||
         o->report.progress) &&
        (o->drain || o->spool_status))
        return error_set(err,
                         "summary, thresholds and progress look at the input, and --%s reads none",
                         o->drain ? "drain" : "spool-status");
    if (o->drain)
        o->action = ACTION_DRAIN;
    if (o->spool_status)
        o->action = ACTION_SPOOL_STATUS;
    if (o->send.interval_ms < 0)
        o->send.interval_ms = o->spool.dir ? 5000 : 1000;
    return 0;
}

/* What can only be checked when everything is known. */
static int complete(struct options *o, struct error *err)
{
    if (complete_spool(o, err) < 0)
        return -1;
    if (o->send.timeout_ms == 0)
        return error_set(err, "--timeout takes a time above 0");
    for (const struct tag_source *tag = o->layout.type->tags; tag->key; tag++)
        if (tag_plan_add_source(&o->input.tags, tag, err) < 0)
            return -1;
    for (size_t i = 0; i < o->output.headers.count; i++)
        if (strpbrk(o->output.headers.items[i], "\r\n") ||
            !strpbrk(o->output.headers.items[i], ":;"))
            return error_set(err, "--header takes one line 'Name: value'");
    for (size_t i = 0; i < o->outputs.count; i++)
        if (o->spool.dir && strncmp(o->outputs.items[i], "file=", 5) == 0)
            return error_set(err, "-o file= needs no --spool; leave one of them out");
        else if (o->input.tee && strcmp(o->outputs.items[i], "file=-") == 0)
            return error_set(err, "--tee and -o file=- would mix on standard output; use one");
    const struct layout given = o->layout;
    struct error cause;
    if (layout_init(&o->layout, given.type, given.prefix, given.text, given.fields, &cause) == 0)
        return 0;
    return error_set(err, "--fields: %s", cause.text);
}

void options_release(struct options *options)
{
    tag_plan_release(&options->input.tags);
    string_list_release(&options->outputs);
    string_list_release(&options->output.headers);
    string_list_release(&options->report.thresholds);
}

int options_parse(struct options *options, int argc, char **argv, char **environment,
                  struct error *err)
{
    bool given[OPTION_ROWS] = {false};
    *options = (struct options){
        .input.object_max = 1024 * 1024,
        .send.batch_max = 5000,
        .send.interval_ms = -1, /* see complete_spool */
        .spool.bytes_max = 1073741824,
        .send.timeout_ms = 10000,
        .send.retry_max_ms = 30000,
        .output.remote_write = 1,
        .report.summary_by = "label",
        .layout = {.type = layout_table, .prefix = ""},
    };
    tag_plan_init(&options->input.tags);
    if (read_command_line(options, argc, argv, given, err) < 0)
        return -1;
    if (options->action != ACTION_RUN)
        return 0;
    if (read_environment(options, environment, given, err) < 0)
        return -1;
    return complete(options, err);
}
