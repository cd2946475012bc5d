/* Why: the command line, the environment and the help must know the same options.
 * They all read this table. */
#include "cli/option_table.h"

#include "cli/options.h"
#include "report/percentiles.h"

#include <stdio.h>

/* The place of a member of struct options if it is of this type; else it does not
 * compile. So no row can read a value of one type into a member of another. */
#define AT(type, member)                                                                           \
    _Generic(((struct options *)0)->member, type : offsetof(struct options, member))
#define FLAG(member) OPTION_FLAG, AT(bool, member)
#define SIZE(member) OPTION_SIZE, AT(size_t, member)
#define SPACE(member) OPTION_SPACE, AT(uint64_t, member)
#define COUNT(member) OPTION_COUNT, AT(size_t, member)
#define CHOICE(member) OPTION_CHOICE, AT(int, member)
#define DURATION(member) OPTION_DURATION, AT(int64_t, member)
#define STRING(member) OPTION_STRING, AT(const char *, member)
#define PREFIX(member) OPTION_PREFIX, AT(const char *, member)
#define LIST(member) OPTION_LIST, AT(struct string_list, member)

#define LIMITS(least, most) .min = (least), .max = (most)

/* name, letter, group, kind and member, argument */
const struct option_row option_table[] = {
    {"max-object", 0, GROUP_INPUT, SIZE(input.object_max), "SIZE", .preset = "1M",
     LIMITS("1K", "1G"), .help = "refuse larger JSON objects"},
    {"allow-empty", 0, GROUP_INPUT, FLAG(input.allow_empty),
     .help = "exit 0, not 65, when nothing comes"},
    {"tee", 0, GROUP_INPUT, FLAG(input.tee), .help = "copy the input to standard output"},

    {"label", 'l', GROUP_TAGS, OPTION_LABEL, 0, "[KEY=]VALUE",
     .help = "tag every transfer as KEY (or 'label'); repeatable"},
    {"tag-field", 't', GROUP_TAGS, OPTION_TAG_FIELD, 0, "[TAG=]KEY",
     .help = "use fields as tags, e.g. http_version,name=host"},
    {"layout", 0, GROUP_TAGS, OPTION_LAYOUT, 0, "NAME", .preset = "metric",
     .help = "metric, wide, k6 or totals"},
    {"fields", 0, GROUP_TAGS, STRING(layout.fields), "LIST",
     .help = "send only these, e.g. 'time_*,http_code'"},
    {"prefix", 0, GROUP_TAGS, PREFIX(layout.prefix), "TEXT", .preset = "",
     .help = "put TEXT before the name of every series"},
    {"text", 0, GROUP_TAGS, FLAG(layout.text), .help = "also send text fields (never secrets)"},

    {"output", 'o', GROUP_OUTPUT, LIST(outputs), "TYPE=TARGET",
     .help = "where to send; repeatable (see --help)"},
    {"header", 'H', GROUP_OUTPUT, LIST(output.headers), "LINE",
     .help = "add an HTTP header to every request; repeatable"},
    {"insecure", 'k', GROUP_OUTPUT, FLAG(output.insecure),
     .help = "do not verify the server's certificate"},
    {"cacert", 0, GROUP_OUTPUT, STRING(output.cacert), "FILE",
     .help = "verify the server with these CAs (PEM)"},
    {"cert", 0, GROUP_OUTPUT, STRING(output.cert), "FILE", .help = "client certificate (PEM)"},
    {"key", 0, GROUP_OUTPUT, STRING(output.key), "FILE", .help = "private key of --cert (PEM)"},
    {"netrc", 0, GROUP_OUTPUT, FLAG(output.netrc), .help = "take user and password from ~/.netrc"},

    {"batch", 'b', GROUP_DELIVERY, COUNT(send.batch_max), "N", .preset = "5000",
     LIMITS("1", "1000000"), .help = "send when N transfers are waiting"},
    {"interval", 'i', GROUP_DELIVERY, DURATION(send.interval_ms), "TIME", .preset = "1s",
     .preset_with_spool = "5s", LIMITS("0", "30d"), .help = "... or after TIME"},
    {"timeout", 0, GROUP_DELIVERY, DURATION(send.timeout_ms), "TIME", .preset = "10s",
     LIMITS("1ms", "30d"), .help = "longest wait for one answer"},
    {"retry-max-time", 0, GROUP_DELIVERY, DURATION(send.retry_max_ms), "TIME", .preset = "30s",
     LIMITS("0", "30d"), .help = "retry for at most TIME; 0: never"},
    {"remote-write", 0, GROUP_DELIVERY, CHOICE(output.remote_write), "1|2", .preset = "1",
     LIMITS("1", "2"), .help = "version of Prometheus's protocol"},
    {"gzip", 0, GROUP_DELIVERY, FLAG(output.gzip), .help = "compress requests to InfluxDB"},

    {"histograms", 0, GROUP_TOTALS, STRING(output.totals.histograms), "FORM",
     .help = "native or classic (k6: native, totals: classic)"},
    {"buckets", 0, GROUP_TOTALS, STRING(output.totals.buckets), "TIMES",
     .help = "upper bounds of classic ones, e.g. 50ms,0.1,1s"},
    {"trend-stats", 0, GROUP_TOTALS, STRING(output.totals.trend_stats), "STATS",
     .help = "gauges of the layout k6, e.g. 'p(95),max'"},
    {"series-max", 0, GROUP_TOTALS, COUNT(output.totals.series_max), "N", .preset = "1000",
     LIMITS("1", "10000"), .help = "sets of labels; the rest: 'other'"},
    {"stale-after", 0, GROUP_TOTALS, DURATION(output.totals.stale_after_ms), "TIME", .preset = "0",
     LIMITS("0", "5m"), .help = "stale markers after TIME; 0: none"},

    {"spool", 0, GROUP_SPOOL, STRING(spool.dir), "DIR",
     .help = "queue in DIR; one background process sends them"},
    {"spool-max", 0, GROUP_SPOOL, SPACE(spool.bytes_max), "SIZE", .preset = "1G",
     LIMITS("4M", "1024G"), .help = "refuse transfers when SIZE is queued"},
    {"wait", 0, GROUP_SPOOL, FLAG(wait), .help = "wait until all is delivered, or exit 75"},
    {"drain", 0, GROUP_SPOOL, FLAG(drain), .help = "read no input; send what is queued, then exit"},
    {"follow", 0, GROUP_SPOOL, FLAG(follow), .help = "with --drain: keep sending until stopped"},
    {"spool-status", 0, GROUP_SPOOL, FLAG(spool_status),
     .help = "show what is queued and why; exit 75 if anything"},
    {"fsync", 0, GROUP_SPOOL, FLAG(spool.fsync), .help = "survive power cuts too (slower)"},

    {"summary", 0, GROUP_SUMMARY, FLAG(report.summary),
     .help = "print statistics of all transfers at the end"},
    {"summary-by", 0, GROUP_SUMMARY, STRING(report.summary_by), "KEY", .preset = "label",
     .help = "compare by this tag or key"},
    {"summary-export", 0, GROUP_SUMMARY, STRING(report.summary_export), "FILE",
     .help = "write the summary to FILE (-: stdout) as JSON"},
    {"report", 0, GROUP_SUMMARY, STRING(report.page), "FILE",
     .help = "draw the summary as an HTML page (-: stdout)"},
    {"summary-percentiles", 0, GROUP_SUMMARY, STRING(report.summary_percentiles), "N",
     .preset = PERCENTILES_USUAL, .help = "a list such as 50,99.9"},
    {"threshold", 0, GROUP_SUMMARY, LIST(report.thresholds), "EXPR",
     .help = "exit 99 unless EXPR holds; repeatable"},
    {"abort-on-fail", 0, GROUP_SUMMARY, FLAG(report.abort_on_fail),
     .help = "stop when a threshold cannot hold any more"},
    {"progress", 0, GROUP_SUMMARY, FLAG(report.progress),
     .help = "show progress in one line on the terminal"},

    {"verbose", 'v', GROUP_MESSAGES, FLAG(verbose),
     .help = "report each step, and the counts at the end"},
    {"quiet", 'q', GROUP_MESSAGES, FLAG(report.quiet),
     .help = "report only what was not delivered, at the end"},
    {"version", 'V', GROUP_MESSAGES, OPTION_VERSION,
     .help = "print the versions of program and libraries"},
    {"help", 'h', GROUP_MESSAGES, OPTION_HELP, 0, "[GROUP]",
     .help = "input, tags, output, delivery, spool, ... or all"},
};
_Static_assert(sizeof option_table / sizeof *option_table == OPTION_ROWS,
               "an option lacks its row, or OPTION_ROWS does not count it");

const struct option_group_row option_groups[OPTION_GROUPS] = {
    [GROUP_INPUT] = {"input", "Input", NULL},
    [GROUP_TAGS] = {"tags", "Tags, layout, fields", NULL},
    [GROUP_OUTPUT] = {"output", "Output", NULL},
    [GROUP_DELIVERY] = {"delivery", "Delivery", NULL},
    [GROUP_TOTALS] = {"totals", "Totals for Prometheus", NULL},
    [GROUP_SPOOL] = {"spool", "Spool", NULL},
    [GROUP_SUMMARY] = {"summary", "Summary, thresholds, progress",
                       "  EXPR is METRIC[{TAG=VALUE}]:AGGREGATE OPERATOR VALUE, such as\n"
                       "      time_total:p(95)<500ms         95 of 100 took less than 500 ms\n"
                       "      failed{label=login}:rate<1%    less than 1 of 100 logins failed\n"
                       "      cert_expiry:min>14d            no certificate ends within 14 days\n"
                       "  AGGREGATE: avg, min, max, med, p(N), count, rate\n"},
    [GROUP_MESSAGES] = {"messages", "Messages", NULL},
};

const char *option_help(const struct option_row *row, char *room)
{
    const char *const spool = row->preset_with_spool;
    if (!row->preset || !*row->preset)
        snprintf(room, OPTION_HELP_ROOM, "%s", row->help);
    else
        snprintf(room, OPTION_HELP_ROOM, "%s (default %s%s%s)", row->help, row->preset,
                 spool ? "; spool, totals " : "", spool ? spool : "");
    return room;
}
