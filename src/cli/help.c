/* Why: the first thing that a new user sees, and must fit a screen. The groups are
 * printed from the table of options; only the short help is written by hand. */
#include "cli/help.h"

#include "base/spelling.h"
#include "cli/option_table.h"

#include <stdbool.h>
#include <string.h>

static void print_option(FILE *to, const struct option_row *row)
{
    char left[64], help[OPTION_HELP_ROOM];
    const char letter[] = {'-', row->letter, ',', ' ', '\0'};
    snprintf(left, sizeof left, "%s--%s%s%s", row->letter ? letter : "    ", row->name,
             row->argument ? " " : "", row->argument ? row->argument : "");
    fprintf(to, "  %-27s %s\n", left, option_help(row, help));
}

static void print_group(FILE *to, enum option_group group)
{
    fprintf(to, "%s:\n", option_groups[group].title);
    for (size_t i = 0; i < OPTION_ROWS; i++)
        if (option_table[i].group == group)
            print_option(to, &option_table[i]);
    if (option_groups[group].more)
        fputs(option_groups[group].more, to);
}

static void print_short_help(FILE *to)
{
    fputs("usage: curl -s -o /dev/null -w '%{json}' URL | tsdb-exporter [options]\n\n"
          "Stores the numbers of curl's transfers in a time-series database.\n\n"
          "  -l, --label [KEY=]VALUE     tag every transfer; repeatable\n"
          "  -o, --output TYPE[/LAYOUT]=TARGET  where to send; repeatable\n"
          "        influxdb=" DEFAULT_INFLUX_HOST DEFAULT_INFLUX_PATH
          " (default), also InfluxDB 2 and 3:\n"
          "                              a database or the full endpoint\n"
          "        prometheus=http://localhost:9090  remote write, also VictoriaMetrics\n"
          "        file=PATH, file=-     line protocol, in a file or on standard output\n"
          "      --layout NAME           metric: each number a series; wide: one for all;\n"
          "                              totals: counters, histograms for Prometheus; k6\n"
          "  -t, --tag-field [TAG=]KEY   use fields as tags, e.g. http_version,name=host\n"
          "      --spool DIR             queue in DIR; one background process sends them\n"
          "      --summary, --report FILE.html, --threshold EXPR  see --help summary\n"
          "  -v, --verbose               report each step\n\n"
          "exit: 0 all delivered or safe in the spool, 64 wrong usage, 65 some refused,\n"
          "      69 some lost, 73 spool unusable, 75 not delivered yet, 77 access denied,\n"
          "      99 a threshold does not hold\n\n"
          "--help input, tags, output, delivery, totals, spool, summary, messages, all\n",
          to);
}

static int unknown_group(const char *group, struct error *err)
{
    char room[SPELLING_ROOM];
    const char *names[OPTION_GROUPS + 1] = {0};
    for (size_t i = 0; i < OPTION_GROUPS; i++)
        names[i] = option_groups[i].name;
    const char *const hint = spelling_hint(room, group, names, "'", "'");
    return error_set(err, "there is no group '%.50s' of options%s", group,
                     *hint ? hint : "; try --help");
}

int help_print(FILE *to, const char *group, struct error *err)
{
    if (!group) {
        print_short_help(to);
        return 0;
    }
    const bool all = strcmp(group, "all") == 0;
    bool found = false;
    for (enum option_group i = 0; i < OPTION_GROUPS; i++) {
        if (!all && strcmp(group, option_groups[i].name) != 0)
            continue;
        if (found)
            fputc('\n', to);
        print_group(to, i);
        found = true;
    }
    return found ? 0 : unknown_group(group, err);
}
