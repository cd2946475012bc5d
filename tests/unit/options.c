/* options: the command line and the environment, and what is wrong with them. */
#include "cli/option_table.h"
#include "cli/parse_options.h"

#include "tap.h"

static struct options options;
static struct error err;

/* Splits "--label x" at spaces; "~" stands for an empty word. */
static int split(char *text, char **words, int count, int max)
{
    for (char *word = strtok(text, " "); word && count < max; word = strtok(NULL, " "))
        words[count++] = strcmp(word, "~") == 0 ? strchr(word, '\0') : word;
    words[count] = NULL;
    return count;
}

static char texts[2][1000];

/* Parses; the text of the error, or NULL. */
static const char *parse(const char *arguments, const char *environment)
{
    static char program[] = "tsdb-exporter";
    char *argv[100] = {program}, *env[100];
    options_release(&options);
    strcpy(texts[0], arguments);
    strcpy(texts[1], environment);
    const int argc = split(texts[0], argv, 1, 99);
    split(texts[1], env, 0, 99);
    return options_parse(&options, argc, argv, env, &err) < 0 ? err.text : NULL;
}

static void defaults(void)
{
    IS_TEXT(parse("", "PATH=/bin INFLUXDB=x"), NULL, "nothing is needed");
    OK(options.input.object_max == 1048576 && options.send.batch_max == 5000 &&
           options.send.interval_ms == 1000 && options.send.timeout_ms == 10000 &&
           options.send.retry_max_ms == 30000 && options.output.remote_write == 1,
       "the defaults that the help tells");
    OK(!options.input.tee && !options.output.gzip && !options.output.insecure &&
           !options.output.netrc && !options.verbose && !options.report.quiet &&
           !options.layout.text && !options.output.cacert && !options.output.cert &&
           !options.output.key && !options.report.summary && !options.report.progress &&
           !options.report.summary_export && !options.report.thresholds.count,
       "all else is off");
    IS_TEXT(options.report.summary_by, "label", "a summary compares labels");
    IS_TEXT(options.layout.type->name, "metric", "the layout is exporter.py's");
    OK(options.outputs.count == 1, "there is one output");
    IS_TEXT(options.outputs.items[0], "influxdb=http://localhost:8086/metrics", "exporter.py's");
}

static void reads_each_option(void)
{
    IS_TEXT(parse("--max-object 64K --tee --label a --label b=c --tag-field method,scheme --layout "
                  "wide --fields time_* "
                  "--prefix x_ --text --output file=a -o file=b --header A:b -H C;d --insecure "
                  "--cacert ca --cert ce "
                  "--key ke --netrc --batch 7 --interval 250ms --timeout 2 --retry-max-time 1m "
                  "--remote-write 2 --gzip --verbose --quiet --summary --summary-by host "
                  "--summary-export e --threshold a --threshold b --progress",
                  ""),
            NULL, "every long option");
    OK(options.input.object_max == 65536 && options.input.tee && options.layout.text &&
           options.output.insecure && options.output.netrc && options.send.batch_max == 7 &&
           options.send.interval_ms == 250 && options.send.timeout_ms == 2000 &&
           options.send.retry_max_ms == 60000 && options.output.gzip &&
           options.output.remote_write == 2 && options.verbose && options.report.quiet,
       "goes where it belongs");
    IS_TEXT(options.layout.type->name, "wide", "--layout");
    IS_TEXT(options.layout.prefix, "x_", "--prefix");
    IS_TEXT(options.output.cacert, "ca", "--cacert");
    IS_TEXT(options.output.cert, "ce", "--cert");
    IS_TEXT(options.output.key, "ke", "--key");
    OK(options.outputs.count == 2 && strcmp(options.outputs.items[1], "file=b") == 0,
       "outputs add up");
    OK(options.output.headers.count == 2 && strcmp(options.output.headers.items[1], "C;d") == 0,
       "headers add up");
    OK(options.report.summary && options.report.progress && options.report.thresholds.count == 2 &&
           strcmp(options.report.thresholds.items[1], "b") == 0,
       "--summary, --progress, and thresholds add up");
    IS_TEXT(options.report.summary_by, "host", "--summary-by");
    IS_TEXT(options.report.summary_export, "e", "--summary-export");
    OK(options.input.tags.count == 7, "labels, fields and the layout's own tags add up");
    OK(options.layouts[0].selected[F_TIME_TOTAL] && !options.layouts[0].selected[F_HTTP_CODE],
       "--fields");
    IS_TEXT(parse("-la -lb=c -tmethod -ofile=x -HA:b -k -b9 -i2s -vq", ""), NULL,
            "short options, also joined");
    OK(options.input.tags.count == 3 && options.output.insecure && options.send.batch_max == 9 &&
           options.send.interval_ms == 2000 && options.verbose && options.report.quiet,
       "go where they belong");
    IS_TEXT(parse("--label=a=b --batch=3", ""), NULL, "with an equals sign");
    OK(options.send.batch_max == 3 && strcmp(options.input.tags.rules[0].value, "b") == 0, "too");
    OK(!parse("--version", "") && options.action == ACTION_VERSION, "--version");
    OK(!parse("-h", "") && options.action == ACTION_HELP && !options.help_group, "-h");
    OK(!parse("--help tags", "") && strcmp(options.help_group, "tags") == 0, "--help GROUP");
    OK(!parse("--help", "TSDB_EXPORTER_NOPE=1") && options.action == ACTION_HELP,
       "help helps in a bad environment");
}

/* Each output has a layout of its own, and sees no tag that only another's layout has. */
static void has_layouts(void)
{
    struct transfer transfer = {.tag_count = 3}, room;
    transfer.tags[0] = (struct tag){"http_code", "200"};
    transfer.tags[1] = (struct tag){"label", "a"};
    transfer.tags[2] = (struct tag){"method", "GET"};
    IS_TEXT(parse("-o file/wide=x -o prometheus/totals=http://h -o file=y --layout k6 -l a "
                  "--fields time_*",
                  ""),
            NULL, "TYPE/LAYOUT");
    IS_TEXT(options.layouts[0].type->name, "wide", "the first output's layout");
    IS_TEXT(options.layouts[1].type->name, "totals", "the second's");
    IS_TEXT(options.layouts[2].type->name, "k6", "--layout is for the one that names none");
    OK(options.layouts[0].selected[F_TIME_TOTAL] && !options.layouts[0].selected[F_HTTP_CODE] &&
           !options.layouts[1].fields,
       "--fields is for those that can choose");
    OK(layout_view(&options.layouts[0], &transfer, &room)->tag_count == 3, "wide sees its tags");
    const struct transfer *const totals = layout_view(&options.layouts[1], &transfer, &room);
    OK(totals->tag_count == 2 && strcmp(totals->tags[0].key, "label") == 0 &&
           strcmp(totals->tags[1].key, "method") == 0,
       "totals does not see wide's http_code, but the label");
    IS(options.output.totals.interval_ms, 5000, "the interval of totals");
    IS(options.send.interval_ms, 1000, "is not that of the others");
    parse("-o file/wide=x -o prometheus/totals=http://h -t http_code -i 2s", "");
    OK(layout_view(&options.layouts[1], &transfer, &room) == &transfer,
       "a tag that was asked for is for all");
    IS(options.output.totals.interval_ms, 2000, "--interval is for all");
}

/* What stands in the table is itself good; its defaults are, or nothing would parse. */
static void has_a_good_table(void)
{
    char argument[100];
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        const struct option_row *const row = &option_table[i];
        const char *const limits[] = {row->min, row->max};
        for (size_t j = 0; j < 2 && row->min; j++) {
            snprintf(argument, sizeof argument, "%s--%s %s",
                     row->group == GROUP_TOTALS ? "-o prometheus/totals=http://h " : "", row->name,
                     limits[j]);
            IS_TEXT(parse(argument, ""), NULL, argument);
        }
    }
    parse("--spool d", "");
    IS(options.send.interval_ms, 5000, "with a spool the interval is another");
    parse("--spool d -i 1s", "");
    IS(options.send.interval_ms, 1000, "unless it is given");
    parse("--spool d", "TSDB_EXPORTER_INTERVAL=2s");
    IS(options.send.interval_ms, 2000, "also in the environment");
    parse("", "TSDB_EXPORTER_SPOOL=d");
    IS(options.send.interval_ms, 5000, "wherever the spool is named");
}

static void reads_the_environment(void)
{
    IS_TEXT(
        parse("",
              "TSDB_EXPORTER_BATCH=7 TSDB_EXPORTER_GZIP=1 TSDB_EXPORTER_VERBOSE=0 "
              "TSDB_EXPORTER_QUIET= "
              "TSDB_EXPORTER_OUTPUT=file=x TSDB_EXPORTER_LABEL=a=b TSDB_EXPORTER_TAG_FIELD=method "
              "TSDB_EXPORTER_RETRY_MAX_TIME=0 TSDB_EXPORTER_LAYOUT=wide "
              "TSDB_EXPORTER_REMOTE_WRITE=2"),
        NULL, "every option has a variable");
    OK(options.send.batch_max == 7 && options.output.gzip && !options.verbose &&
           !options.report.quiet && options.send.retry_max_ms == 0 &&
           options.output.remote_write == 2 && options.outputs.count == 1 &&
           strcmp(options.outputs.items[0], "file=x") == 0 && options.input.tags.count == 6,
       "with the same meaning");
    IS_TEXT(parse("-b 3 -o file=y --layout metric",
                  "TSDB_EXPORTER_BATCH=7 TSDB_EXPORTER_OUTPUT=file=x "
                  "TSDB_EXPORTER_LAYOUT=wide"),
            NULL, "the command line");
    OK(options.send.batch_max == 3 && options.outputs.count == 1 &&
           strcmp(options.outputs.items[0], "file=y") == 0 &&
           strcmp(options.layout.type->name, "metric") == 0,
       "wins");
    IS_TEXT(parse("-l b=cli", "TSDB_EXPORTER_LABEL=a=env"), NULL, "labels of both");
    OK(options.input.tags.count == 2, "come together");
    IS_TEXT(parse("-l a=cli", "TSDB_EXPORTER_LABEL=a=env"), NULL, "the same label in both");
    OK(options.input.tags.count == 1 && strcmp(options.input.tags.rules[0].value, "cli") == 0,
       "is the command line's");
}

static void reads_influx_variables(void)
{
    static const struct {
        const char *environment, *output;
    } cases[] = {
        {"INFLUX_HOST=http://h:8086", "influxdb=http://h:8086/metrics"},
        {"INFLUX_HOST=http://h:8086/", "influxdb=http://h:8086/metrics"},
        {"INFLUX_HOST=h:8086", "influxdb=http://h:8086/metrics"},
        {"INFLUX_HOST=https://h INFLUX_BUCKET_NAME=b", "influxdb=https://h"},
        {"INFLUX_BUCKET=b", "influxdb=http://localhost:8086"},
        {"INFLUX_HOST=", "influxdb=http://localhost:8086/metrics"},
        {"INFLUX_HOST=http://h TSDB_EXPORTER_OUTPUT=file=x", "file=x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const failure = parse("", cases[i].environment);
        IS_TEXT(failure ? failure : options.outputs.items[0], cases[i].output,
                cases[i].environment);
    }
    parse("",
          "INFLUX_TOKEN=t INFLUX_ORG=o INFLUX_USERNAME=u INFLUX_PASSWORD=p INFLUX_BUCKET_NAME=name "
          "INFLUX_BUCKET=old INFLUX_OTHER=x");
    IS_TEXT(options.output.influx_token, "t", "INFLUX_TOKEN");
    IS_TEXT(options.output.influx_org, "o", "INFLUX_ORG");
    IS_TEXT(options.output.influx_username, "u", "INFLUX_USERNAME");
    IS_TEXT(options.output.influx_password, "p", "INFLUX_PASSWORD");
    IS_TEXT(options.output.influx_bucket, "name",
            "INFLUX_BUCKET_NAME wins over INFLUX_BUCKET behind it");
    parse("", "INFLUX_BUCKET=old INFLUX_BUCKET_NAME=name");
    IS_TEXT(options.output.influx_bucket, "name", "and before it");
    parse("", "INFLUX_BUCKET=old");
    IS_TEXT(options.output.influx_bucket, "old", "INFLUX_BUCKET alone");
}

static const struct {
    const char *arguments, *environment, *why;
} wrong[] = {
    {"--lable x", "", "there is no option --lable; did you mean --label?"},
    {"--retrymaxtime=1", "", "there is no option --retrymaxtime; did you mean --retry-max-time?"},
    {"--frobnicate", "", "there is no option --frobnicate; try --help"},
    {"-x", "", "there is no option -x; try --help"},
    {"-vx", "", "there is no option -x; try --help"},
    {"--label", "", "--label needs a value; try --help"},
    {"-l", "", "-l needs a value; try --help"},
    {"--tee=1", "", "--tee takes no value"},
    {"x.json", "", "unexpected argument 1: transfers are read from standard input"},
    {"-", "", "unexpected argument 1: transfers are read from standard input"},
    {"-- -v", "", "unexpected argument 2: transfers are read from standard input"},
    {"--max-object 1", "", "--max-object: '1' is not a size from 1K to 1G, such as 1M"},
    {"--max-object 2G", "", "--max-object: '2G' is not a size from 1K to 1G, such as 1M"},
    {"--max-object x", "", "--max-object: 'x' is not a size from 1K to 1G, such as 1M"},
    {"--batch 0", "", "--batch: '0' is not a whole number from 1 to 1000000, such as 5000"},
    {"--batch 1.5", "", "--batch: '1.5' is not a whole number from 1 to 1000000, such as 5000"},
    {"--batch 1k", "", "--batch: '1k' is not a whole number from 1 to 1000000, such as 5000"},
    {"--batch -1", "", "--batch: '-1' is not a whole number from 1 to 1000000, such as 5000"},
    {"--remote-write 3", "", "--remote-write: '3' is neither 1 nor 2"},
    {"--remote-write 0", "", "--remote-write: '0' is neither 1 nor 2"},
    {"--remote-write 1.5", "", "--remote-write: '1.5' is neither 1 nor 2"},
    {"--remote-write 2.0.0", "", "--remote-write: '2.0.0' is neither 1 nor 2"},
    {"--timeout 0", "", "--timeout: '0' is not a time from 1ms to 30d, such as 10s"},
    {"--interval 1w", "", "--interval: '1w' is not a time from 0 to 30d, such as 1s"},
    {"--interval 31d", "", "--interval: '31d' is not a time from 0 to 30d, such as 1s"},
    {"--interval -1s", "", "--interval: '-1s' is not a time from 0 to 30d, such as 1s"},
    {"--interval ~", "", "--interval: '' is not a time from 0 to 30d, such as 1s"},
    {"--prefix 1x", "",
     "--prefix: '1x' is not a letter or '_' and then up to 63 letters, digits, '_', '.', ':' or "
     "'-'"},
    {"--prefix a,b", "",
     "--prefix: 'a,b' is not a letter or '_' and then up to 63 letters, digits, '_', '.', ':' or "
     "'-'"},
    {"-o file/wied=x", "", "--output: there is no layout 'wied'; did you mean 'wide'?"},
    {"-o influxdb/wide", "", "--output: an output is TYPE=TARGET, such as influxdb=URL"},
    {"--buckets 1,2 -o prometheus=http://h", "",
     "--buckets is for totals; write -o prometheus/totals=URL"},
    {"", "TSDB_EXPORTER_SERIES_MAX=9",
     "--series-max is for totals; write -o prometheus/totals=URL"},
    {"--histograms native -o influxdb/k6=http://h", "",
     "--histograms is for totals; write -o prometheus/totals=URL"},
    {"--stale-after 2h -o prometheus/totals=http://h", "",
     "--stale-after: '2h' is not a time from 0 to 5m, such as 0"},
    {"--trend-stats max -o prometheus/totals=http://h", "",
     "--trend-stats is for k6's totals; write -o prometheus/k6=URL"},
    {"--histograms both -o prometheus/totals=http://h", "",
     "--histograms: 'both' is neither native nor classic"},
    {"--fields time_total -o prometheus/totals=http://h", "",
     "--fields: the layout totals always sends all that it has"},
    {"--layout wied", "", "--layout: there is no layout 'wied'; did you mean 'wide'?"},
    {"--fields time_totl", "", "--fields: curl has no key 'time_totl'; did you mean 'time_total'?"},
    {"--tag-field metod", "", "--tag-field: curl has no key 'metod'; did you mean 'method'?"},
    {"--tag-field method,", "", "--tag-field: a key in the list is empty or too long"},
    {"--tag-field certs", "", "--tag-field: 'certs' can hold secrets and is never sent"},
    {"--label ~", "", "--label: label 'label' is empty; databases take no empty label"},
    {"--label time_total=x", "",
     "a label cannot be called 'time_total': that is a number of curl's; rename it"},
    {"--label x", "TSDB_EXPORTER_LABEL=phase_dns=x",
     "a label cannot be called 'phase_dns': that is a number of curl's; rename it"},
    {"--tag-field time_total=host", "",
     "a tag cannot be called 'time_total': that is a number of curl's; rename it"},
    {"--label value=x", "", "a label cannot be called 'value': fields are called that; rename it"},
    {"--tag-field value_text=host", "",
     "a tag cannot be called 'value_text': fields are called that; rename it"},
    {"--label a=1 --label a=2", "", "--label: label 'a' is given twice"},
    {"--header x", "", "--header takes one line 'Name: value'"},
    {"--header A:b\nC:d", "", "--header takes one line 'Name: value'"},
    {"--tee -o file=-", "", "--tee and -o file=- both write to standard output; use one"},
    {"", "TSDB_EXPORTER_LABLE=x",
     "there is no variable TSDB_EXPORTER_LABLE; did you mean TSDB_EXPORTER_LABEL?"},
    {"", "TSDB_EXPORTER_HELP=1", "there is no variable TSDB_EXPORTER_HELP"},
    {"", "TSDB_EXPORTER_TEE=yes", "TSDB_EXPORTER_TEE: 'yes' is neither 1 nor 0"},
    {"", "TSDB_EXPORTER_BATCH=x",
     "TSDB_EXPORTER_BATCH: 'x' is not a whole number from 1 to 1000000, such as 5000"},
    {"", "TSDB_EXPORTER_LAYOUT=metrics",
     "TSDB_EXPORTER_LAYOUT: there is no layout 'metrics'; did you mean "
     "'metric'?"},
};

static void refuses(void)
{
    char name[200];
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(name, sizeof name, "'%s%s' is refused", wrong[i].arguments, wrong[i].environment);
        for (char *p = name; *p; p++)
            *p = *p == '\n' ? '?' : *p;
        IS_TEXT(parse(wrong[i].arguments, wrong[i].environment), wrong[i].why, name);
    }
    const char *const why = parse("", "TSDB_EXPORTER_XYZZYXYZZY=s3cret");
    OK(why && strstr(why, "XYZZYXYZZY") && !strstr(why, "s3cret"),
       "a variable's value is not shown");
    IS_TEXT(parse("--tag-field exitcode,code=http_code --label method=x --layout wide", ""), NULL,
            "a number as a tag, and a label in the place of a text");
    OK(!parse("-o file=x", "") && !options.changed_label[0], "a clean label is no news");
    OK(!parse("-l k=a\\b", "") && strcmp(options.changed_label, "k") == 0,
       "one that had to be cleaned is");
}

/* Everybody can read a process's argv. */
static void hides_secrets(void)
{
    static const char *const lines[] = {
        "-o influxdb=http://u:s3cret@h/db",
        "--output=influxdb=http://h/db?p=s3cret",
        "-oinfluxdb=http://s3cret@h/db",
        "-o influxdb=http://u:p/s3cret@h/db",
        "-o http://u:s3cret@h/db",
        "-H X-Key:s3cret",
        "--header=X-Key:s3cret",
        "-HX-Key:s3cret",
    };
    char name[100];
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        parse(lines[i], "");
        int seen = 0;
        for (size_t at = 0; at + 6 < sizeof texts[0]; at++)
            seen |= memcmp(texts[0] + at, "s3cret", 6) == 0;
        snprintf(name, sizeof name, "the secret in '%s' is not left in argv", lines[i]);
        OK(!seen, name);
    }
    parse("-o influxdb=http://u:s3cret@h/db?x=1 -H A:s3cret", "");
    IS_TEXT(options.outputs.items[0], "influxdb=http://u:s3cret@h/db?x=1",
            "the output has it still");
    IS_TEXT(options.output.headers.items[0], "A:s3cret", "and the header");
    parse("-o file=a?b://c", "");
    IS_TEXT(options.outputs.items[0], "file=a?b://c", "a file's name is what it was");
}

int main(void)
{
    defaults();
    reads_each_option();
    has_layouts();
    has_a_good_table();
    reads_the_environment();
    reads_influx_variables();
    refuses();
    hides_secrets();
    options_release(&options);
    return tap_done();
}
