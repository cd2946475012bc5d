/* Why: an option is one row in one table: its name, what it takes, where it
 * goes, its help. getopt_long, the environment and --help all read that table,
 * so they cannot disagree. */
#include "tsdb_exporter/options.h"

#include "tsdb_exporter/amount.h"
#include "tsdb_exporter/text.h"

#include <ctype.h>
#include <getopt.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind {
    FLAG,
    SIZE,
    COUNT,
    DURATION,
    STRING,
    LIST,
    LABEL,
    TAG_FIELD,
    LAYOUT,
    PREFIX,
    HELP,
    VERSION
};

struct row {
    const char *name;
    char letter; /* 0 for none */
    enum kind kind;
    size_t offset; /* into struct options, for the plain kinds */
    const char *argument;
    const char *group;
    const char *help;
};

#define AT(member) offsetof(struct options, member)
static const struct row table[] = {
    {"max-object", 0, SIZE, AT(object_max), "SIZE", "input",
     "refuse longer JSON objects (default 1M)"},
    {"tee", 0, FLAG, AT(tee), NULL, "input", "copy the input to standard output"},
    {"label", 'l', LABEL, 0, "[KEY=]VALUE", "tags", "tag every transfer; many times (KEY: label)"},
    {"tag-field", 't', TAG_FIELD, 0, "KEY[,KEY]", "tags",
     "make fields of curl's tags, e.g. http_version"},
    {"layout", 0, LAYOUT, 0, "NAME", "tags", "metric (default): a series a number; wide: one"},
    {"fields", 0, STRING, AT(layout.fields), "LIST", "tags",
     "send only these, e.g. 'time_*,http_code'"},
    {"prefix", 0, PREFIX, AT(layout.prefix), "TEXT", "tags", "put TEXT before every series' name"},
    {"text", 0, FLAG, AT(layout.text), NULL, "tags", "send texts too (never secrets)"},
    {"output", 'o', LIST, AT(outputs), "TYPE=TARGET", "output",
     "where to send; many times (see above)"},
    {"header", 'H', LIST, AT(headers), "LINE", "output", "add an HTTP header to every request"},
    {"insecure", 'k', FLAG, AT(insecure), NULL, "output", "do not verify the server's certificate"},
    {"cacert", 0, STRING, AT(cacert), "FILE", "output", "verify the server with these CAs (PEM)"},
    {"cert", 0, STRING, AT(cert), "FILE", "output", "client certificate (PEM)"},
    {"key", 0, STRING, AT(key), "FILE", "output", "private key of --cert (PEM)"},
    {"netrc", 0, FLAG, AT(netrc), NULL, "output", "take user and password from ~/.netrc"},
    {"batch", 'b', COUNT, AT(batch_max), "N", "delivery", "send at N transfers (default 5000)"},
    {"interval", 'i', DURATION, AT(interval_ms), "TIME", "delivery",
     "... or TIME after the first (default 1s)"},
    {"timeout", 0, DURATION, AT(timeout_ms), "TIME", "delivery",
     "longest wait for one answer (default 10s)"},
    {"retry-max-time", 0, DURATION, AT(retry_max_ms), "TIME", "delivery",
     "try again for so long (default 30s; 0: never)"},
    {"gzip", 0, FLAG, AT(gzip), NULL, "delivery", "compress what is sent"},
    {"verbose", 'v', FLAG, AT(verbose), NULL, "messages",
     "say what is done, and the counts at the end"},
    {"quiet", 'q', FLAG, AT(quiet), NULL, "messages",
     "say only what was not delivered, at the end"},
    {"version", 'V', VERSION, 0, NULL, "messages", "versions of this program and its libraries"},
    {"help", 'h', HELP, 0, "[GROUP]", "messages", "input, tags, output, delivery, messages or all"},
};
enum { ROWS = sizeof table / sizeof *table };

static const char *const groups[][2] = {
    {"input", "Input"},       {"tags", "Tags, layout, fields"}, {"output", "Output"},
    {"delivery", "Delivery"}, {"messages", "Messages"},
};
enum { GROUPS = sizeof groups / sizeof *groups };

static int list_add(struct string_list *list, const char *item)
{
    const char **items = realloc(list->items, (list->count + 1) * sizeof *items);
    if (!items)
        return -1;
    list->items = items;
    list->items[list->count++] = item;
    return 0;
}

/* Prefixes become part of names that every database must be able to query. */
static bool is_prefix(const char *text)
{
    if (!isalpha((unsigned char)*text) && *text != '_' && *text != '\0')
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
        if (tag_plan_add_field(&o->tags, name, err) < 0)
            return -1;
        if (!list[len])
            return 0;
        list += len + 1;
    }
}

static int set_label(struct options *o, const char *value, bool from_environment, struct error *err)
{
    bool changed = false;
    if (tag_plan_add_label(&o->tags, value, from_environment, &changed, err) < 0)
        return -1;
    if (changed) {
        const char *const equals = strchr(value, '=');
        snprintf(o->changed_label, sizeof o->changed_label, "%.*s",
                 equals ? (int)(equals - value) : 5, equals ? value : "label");
    }
    return 0;
}

static int set_plain(struct options *o, const struct row *row, const char *value)
{
    void *const at = (char *)o + row->offset;
    double amount = 0;
    switch (row->kind) {
    case FLAG:
        *(bool *)at = true;
        return 0;
    case SIZE:
        if (amount_parse(value, AMOUNT_SIZE, 1024, 1073741824, &amount) < 0)
            return -1;
        *(size_t *)at = (size_t)amount;
        return 0;
    case COUNT:
        if (amount_parse(value, AMOUNT_COUNT, 1, 1e6, &amount) < 0 || amount != floor(amount))
            return -1;
        *(size_t *)at = (size_t)amount;
        return 0;
    case DURATION:
        if (amount_parse(value, AMOUNT_DURATION, 0, 30 * 86400.0, &amount) < 0)
            return -1;
        *(int64_t *)at = (int64_t)ceil(amount * 1000);
        return 0;
    case LIST:
        return list_add(at, value);
    case PREFIX:
        if (!is_prefix(value))
            return -1;
        /* fall through */
    default:
        *(const char **)at = value;
        return 0;
    }
}

static const char *expected(enum kind kind)
{
    switch (kind) {
    case SIZE:
        return "a size from 1K to 1G, such as 64K or 1M";
    case COUNT:
        return "a whole number from 1 to 1000000";
    case DURATION:
        return "a time up to 30 days, such as 500ms, 1s or 2m";
    case PREFIX:
        return "a letter, then letters, digits and _ . : -";
    default:
        return "memory";
    }
}

static int set(struct options *o, const struct row *row, const char *value, bool from_environment,
               struct error *err)
{
    switch (row->kind) {
    case LABEL:
        return set_label(o, value, from_environment, err);
    case TAG_FIELD:
        return add_tag_fields(o, value, err);
    case LAYOUT:
        o->layout.type = layout_named(value, err);
        return o->layout.type ? 0 : -1;
    case HELP:
        o->action = ACTION_HELP;
        return 0;
    case VERSION:
        o->action = ACTION_VERSION;
        return 0;
    default:
        if (set_plain(o, row, value) == 0)
            return 0;
        return error_set(err, "%s%s takes %s, not '%.100s'", from_environment ? "" : "--",
                         row->name, expected(row->kind), value ? value : "");
    }
}

static void variable_name(const struct row *row, char *name, size_t size)
{
    snprintf(name, size, "TSDB_EXPORTER_%s", row->name);
    for (char *p = name; *p; p++)
        *p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
}

static int unknown_variable(const char *entry, struct error *err)
{
    static char names[ROWS][40];
    const char *list[ROWS + 1] = {0};
    char name[64];
    for (size_t i = 0; i < ROWS; i++) {
        variable_name(&table[i], names[i], sizeof names[i]);
        list[i] = names[i];
    }
    snprintf(name, sizeof name, "%.*s", (int)strcspn(entry, "="), entry);
    const char *const near = text_nearest(name, list);
    return error_set(err, "there is no variable %s%s%s%s", name, near ? "; did you mean " : "",
                     near ? near : "", near ? "?" : "");
}

static int read_variable(struct options *o, const char *entry, const bool *given, struct error *err)
{
    char name[64];
    for (size_t i = 0; i < ROWS; i++) {
        variable_name(&table[i], name, sizeof name);
        const size_t len = strlen(name);
        if (strncmp(entry, name, len) != 0 || entry[len] != '=')
            continue;
        const char *const value = entry + len + 1;
        if (table[i].kind == HELP || table[i].kind == VERSION)
            break;
        if (given[i] && table[i].kind != LABEL && table[i].kind != TAG_FIELD)
            return 0;
        if (table[i].kind == FLAG && strcmp(value, "1") != 0 && *value && strcmp(value, "0") != 0)
            return error_set(err, "%s takes 1 or 0, not '%.100s'", name, value);
        if (*value == '\0' || (table[i].kind == FLAG && *value == '0'))
            return 0;
        struct error cause;
        if (set(o, &table[i], value, true, &cause) == 0)
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
            o->influx_token = value;
        else if ((value = influx_variable(*entry, "INFLUX_ORG")))
            o->influx_org = value;
        else if ((value = influx_variable(*entry, "INFLUX_BUCKET_NAME")))
            o->influx_bucket = value;
        else if ((value = influx_variable(*entry, "INFLUX_BUCKET")) && !o->influx_bucket)
            o->influx_bucket = value;
        else if ((value = influx_variable(*entry, "INFLUX_USERNAME")))
            o->influx_username = value;
        else if ((value = influx_variable(*entry, "INFLUX_PASSWORD")))
            o->influx_password = value;
    }
    if (o->outputs.count)
        return 0;
    /* exporter.py's destination, unless InfluxDB's own variables say otherwise */
    host = host ? host : "http://localhost:8086";
    const size_t size = strlen(host) + 64, len = strlen(host);
    o->default_output = malloc(size);
    if (!o->default_output)
        return error_set(err, "out of memory");
    snprintf(o->default_output, size, "influxdb=%s%.*s%s", strstr(host, "://") ? "" : "http://",
             (int)(len - (host[len - 1] == '/')), host, o->influx_bucket ? "" : "/metrics");
    return list_add(&o->outputs, o->default_output);
}

static int unknown_option(const char *argument, struct error *err)
{
    const char *list[ROWS + 1] = {0};
    char name[64];
    for (size_t i = 0; i < ROWS; i++)
        list[i] = table[i].name;
    if (optopt >= 256)
        return error_set(err, "--%s takes no value", table[optopt - 256].name);
    if (optopt)
        return error_set(err, "there is no option -%c; try --help", optopt);
    snprintf(name, sizeof name, "%.*s", (int)strcspn(argument + 2, "="), argument + 2);
    const char *const near = text_nearest(name, list);
    return error_set(err, "there is no option --%s%s%s%s", name, near ? "; did you mean --" : "",
                     near ? near : "", near ? "?" : "; try --help");
}

static int read_command_line(struct options *o, int argc, char **argv, bool *given,
                             struct error *err)
{
    struct option longs[ROWS + 1] = {0};
    char shorts[2 * ROWS + 2] = ":";
    for (size_t i = 0, at = 1; i < ROWS; i++) {
        const bool takes = table[i].argument && table[i].kind != HELP;
        longs[i] = (struct option){table[i].name, takes ? required_argument : no_argument, NULL,
                                   (int)(256 + i)};
        if (table[i].letter)
            shorts[at++] = table[i].letter;
        if (table[i].letter && takes)
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
        while (c < 256 && i < ROWS && table[i].letter != c)
            i++;
        if (c == '?' || i == ROWS)
            return unknown_option(argv[optind - 1], err);
        given[i] = true;
        if (set(o, &table[i], optarg, false, err) < 0)
            return -1;
    }
    if (o->action == ACTION_HELP)
        o->help_group = argv[optind];
    else if (optind < argc)
        return error_set(err,
                         "unexpected argument '%.100s': transfers are read from standard input",
                         argv[optind]);
    return 0;
}

/* What can only be checked when everything is known. */
static int complete(struct options *o, struct error *err)
{
    for (const char *const *field = o->layout.type->tag_fields; *field; field++)
        if (tag_plan_add_field(&o->tags, *field, err) < 0)
            return -1;
    for (size_t i = 0; i < o->headers.count; i++)
        if (strpbrk(o->headers.items[i], "\r\n") || !strpbrk(o->headers.items[i], ":;"))
            return error_set(err, "--header takes one line 'Name: value'");
    for (size_t i = 0; i < o->outputs.count; i++)
        if (o->tee && strcmp(o->outputs.items[i], "file=-") == 0)
            return error_set(err, "--tee and -o file=- would mix on standard output; use one");
    const struct layout given = o->layout;
    struct error cause;
    if (layout_init(&o->layout, given.type, given.prefix, given.text, given.fields, &cause) == 0)
        return 0;
    return error_set(err, "--fields: %s", cause.text);
}

static void print_group(FILE *to, size_t group)
{
    fprintf(to, "%s:\n", groups[group][1]);
    for (size_t i = 0; i < ROWS; i++) {
        char left[64];
        if (strcmp(table[i].group, groups[group][0]) != 0)
            continue;
        const char letter[] = {'-', table[i].letter, ',', ' ', '\0'};
        snprintf(left, sizeof left, "%s--%s%s%s", table[i].letter ? letter : "    ", table[i].name,
                 table[i].argument ? " " : "", table[i].argument ? table[i].argument : "");
        fprintf(to, "  %-27s %s\n", left, table[i].help);
    }
}

static void print_short_help(FILE *to)
{
    fputs("usage: curl -s -o /dev/null -w '%{json}' URL | tsdb-exporter [options]\n\n"
          "Reads curl's write-out objects and stores their numbers in a time-series database.\n\n"
          "  -l, --label [KEY=]VALUE     tag every transfer; many times\n"
          "  -o, --output TYPE=TARGET    where to send; many times\n"
          "        influxdb=http://localhost:8086/metrics (default), also InfluxDB 2 and 3,\n"
          "                              VictoriaMetrics: a database, or the whole endpoint\n"
          "        file=PATH, file=-     line protocol into a file, or to standard output\n"
          "      --layout metric|wide    a series for each number, or one for all\n"
          "  -t, --tag-field KEY[,KEY]   make fields of curl's tags, e.g. http_version\n"
          "  -v, --verbose               say what is done\n\n"
          "exit: 0 all delivered, 64 wrong usage, 65 some input refused, 69 transfers lost,\n"
          "      77 no permission\n\n"
          "more: --help input, tags, output, delivery, messages; --help all\n",
          to);
}

void options_release(struct options *options)
{
    tag_plan_release(&options->tags);
    free(options->outputs.items);
    free(options->headers.items);
    free(options->default_output);
}

int options_parse(struct options *options, int argc, char **argv, char **environment,
                  struct error *err)
{
    bool given[ROWS] = {false};
    *options = (struct options){
        .object_max = 1024 * 1024,
        .batch_max = 5000,
        .interval_ms = 1000,
        .timeout_ms = 10000,
        .retry_max_ms = 30000,
        .layout = {.type = layout_table, .prefix = ""},
    };
    tag_plan_init(&options->tags);
    if (read_command_line(options, argc, argv, given, err) < 0)
        return -1;
    if (options->action != ACTION_RUN)
        return 0;
    if (read_environment(options, environment, given, err) < 0)
        return -1;
    return complete(options, err);
}

int options_help(FILE *to, const char *group, struct error *err)
{
    if (!group) {
        print_short_help(to);
        return 0;
    }
    bool found = false;
    for (size_t i = 0; i < GROUPS; i++) {
        if (strcmp(group, "all") != 0 && strcmp(group, groups[i][0]) != 0)
            continue;
        if (found)
            fputc('\n', to);
        print_group(to, i);
        found = true;
    }
    return found ? 0 : error_set(err, "there is no group '%.50s' of options; try --help", group);
}
