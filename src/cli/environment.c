/* Why: a cron job, a unit file or twenty parallel shells say once where to send; the
 * command line then tells only what is different. */
#include "cli/environment.h"

#include "base/buf.h"
#include "base/spelling.h"
#include "cli/option_value.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char common[] = "TSDB_EXPORTER_";
enum { COMMON = sizeof common - 1, NAME_ROOM = 64 };

/* False for an option that has none. */
static bool variable_name(const struct option_row *row, char *name)
{
    if (row->kind == OPTION_HELP || row->kind == OPTION_VERSION)
        return false;
    snprintf(name, NAME_ROOM, "%s%s", common, row->name);
    for (char *p = name; *p; p++)
        *p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
    return true;
}

/* The value in "NAME=VALUE" if that is its name, else NULL. */
static const char *value_of(const char *entry, const char *name)
{
    const size_t len = strlen(name);
    return strncmp(entry, name, len) == 0 && entry[len] == '=' ? entry + len + 1 : NULL;
}

static int unknown_variable(const char *entry, struct error *err)
{
    char names[OPTION_ROWS][NAME_ROOM], name[NAME_ROOM], room[SPELLING_ROOM];
    const char *list[OPTION_ROWS + 1] = {0};
    size_t count = 0;
    for (size_t i = 0; i < OPTION_ROWS; i++)
        if (variable_name(&option_table[i], names[count])) {
            list[count] = names[count] + COMMON;
            count++;
        }
    snprintf(name, sizeof name, "%.*s", (int)strcspn(entry, "="), entry);
    return error_set(err, "there is no variable %s%s", name,
                     spelling_hint(room, name + COMMON, list, common, ""));
}

/* Sets the option from the value of its variable. An empty one counts as not set. */
static int set_option(struct options *o, const struct option_row *row, const char *name,
                      const char *value, bool *given, struct error *err)
{
    const bool adds_up = row->kind == OPTION_LABEL || row->kind == OPTION_TAG_FIELD;
    struct error cause;
    if (*value == '\0' || (*given && !adds_up))
        return 0;
    if (row->kind == OPTION_FLAG && strcmp(value, "0") == 0)
        return 0;
    if (row->kind == OPTION_FLAG && strcmp(value, "1") != 0)
        return error_set(err, "%s: '%.100s' is neither 1 nor 0", name, value);
    if (option_value_set(o, row, value, true, &cause) < 0)
        return error_set(err, "%s: %.400s", name, cause.text);
    *given = true;
    return 0;
}

static int read_variable(struct options *o, const char *entry, bool *given, struct error *err)
{
    char name[NAME_ROOM];
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        const char *const value =
            variable_name(&option_table[i], name) ? value_of(entry, name) : NULL;
        if (value)
            return set_option(o, &option_table[i], name, value, &given[i], err);
    }
    return unknown_variable(entry, err);
}

/* Of two variables of one member, the later row wins. */
static const struct {
    const char *name;
    size_t offset; /* in struct output_options */
} influx_variables[] = {
    {"INFLUX_TOKEN", offsetof(struct output_options, influx_token)},
    {"INFLUX_ORG", offsetof(struct output_options, influx_org)},
    {"INFLUX_BUCKET", offsetof(struct output_options, influx_bucket)},
    {"INFLUX_BUCKET_NAME", offsetof(struct output_options, influx_bucket)},
    {"INFLUX_USERNAME", offsetof(struct output_options, influx_username)},
    {"INFLUX_PASSWORD", offsetof(struct output_options, influx_password)},
};

/* The value of a variable, or NULL if it is empty or not set. */
static const char *find_variable(char **environment, const char *name)
{
    const char *found = NULL;
    for (char **entry = environment; *entry; entry++) {
        const char *const value = value_of(*entry, name);
        if (value && *value)
            found = value;
    }
    return found;
}

/* Where exporter.py sent to, unless InfluxDB's own variables say otherwise. */
static int add_default_output(struct options *o, const char *host, struct error *err)
{
    struct buf output;
    host = host ? host : DEFAULT_INFLUX_HOST;
    const size_t len = strlen(host);
    buf_init(&output, len + 64);
    buf_printf(&output, "influxdb=%s%.*s%s", strstr(host, "://") ? "" : "http://",
               (int)(len - (host[len - 1] == '/')), host,
               o->output.influx_bucket ? "" : DEFAULT_INFLUX_PATH);
    const int added = string_list_add(&o->outputs, buf_text(&output));
    buf_release(&output);
    return added == 0 ? 0 : error_set(err, "out of memory");
}

int environment_read(struct options *options, char **environment, bool *given, struct error *err)
{
    for (char **entry = environment; *entry; entry++)
        if (strncmp(*entry, common, COMMON) == 0 && read_variable(options, *entry, given, err) < 0)
            return -1;
    for (size_t i = 0; i < sizeof influx_variables / sizeof *influx_variables; i++) {
        const char *const value = find_variable(environment, influx_variables[i].name);
        if (value)
            *(const char **)((char *)&options->output + influx_variables[i].offset) = value;
    }
    if (options->outputs.count)
        return 0;
    return add_default_output(options, find_variable(environment, "INFLUX_HOST"), err);
}
