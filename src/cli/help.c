/* Why: the first thing that a new user sees, and must fit a screen. The groups are
 * printed from the table of options; only the short help is written by hand. */
#include "cli/help.h"

#include "cli/option_table.h"

#include <stdbool.h>
#include <string.h>

static void print_group(FILE *to, size_t group)
{
    fprintf(to, "%s:\n", option_groups[group][1]);
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        char left[64];
        if (strcmp(option_table[i].group, option_groups[group][0]) != 0)
            continue;
        const char letter[] = {'-', option_table[i].letter, ',', ' ', '\0'};
        snprintf(left, sizeof left, "%s--%s%s%s", option_table[i].letter ? letter : "    ",
                 option_table[i].name, option_table[i].argument ? " " : "",
                 option_table[i].argument ? option_table[i].argument : "");
        fprintf(to, "  %-27s %s\n", left, option_table[i].help);
    }
}

static void print_short_help(FILE *to)
{
    fputs("usage: curl -s -o /dev/null -w '%{json}' URL | tsdb-exporter [options]\n\n"
          "Stores the numbers of curl's write-out objects in a time-series database.\n\n"
          "  -l, --label [KEY=]VALUE     tag every transfer; many times\n"
          "  -o, --output TYPE=TARGET    where to send; many times\n"
          "        influxdb=http://localhost:8086/metrics (default), also InfluxDB 2 and 3,\n"
          "                              VictoriaMetrics: a database, or the whole endpoint\n"
          "        prometheus=http://localhost:9090  Prometheus and its relatives\n"
          "        file=PATH, file=-     line protocol into a file, or to standard output\n"
          "      --layout metric|wide|k6 a series for each number, one for all, or k6's\n"
          "  -t, --tag-field [TAG=]KEY   make fields tags, e.g. http_version,name=host\n"
          "      --spool DIR             for many short processes: keep it, one sends all\n"
          "      --summary, --threshold EXPR   at the end (--help summary)\n"
          "  -v, --verbose               say what is done\n\n"
          "exit: 0 all delivered or safe in the spool, 64 wrong usage, 65 some refused, 69\n"
          "      transfers lost, 73 spool unusable, 75 not delivered yet, 77 forbidden,\n"
          "      99 a threshold was crossed\n\n"
          "more: --help input, tags, output, delivery, spool, summary, messages, or all\n",
          to);
}

int help_print(FILE *to, const char *group, struct error *err)
{
    if (!group) {
        print_short_help(to);
        return 0;
    }
    bool found = false;
    for (size_t i = 0; i < OPTION_GROUPS; i++) {
        if (strcmp(group, "all") != 0 && strcmp(group, option_groups[i][0]) != 0)
            continue;
        if (found)
            fputc('\n', to);
        print_group(to, i);
        found = true;
    }
    return found ? 0 : error_set(err, "there is no group '%.50s' of options; try --help", group);
}
