/* tally: the last word about every transfer, and the exit code that goes with it. */
#include "model/tally.h"

#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

/* What a call says on standard error. */
static char said[8192];

static void report(enum notice_level limit, const struct input_tally *input,
                   const struct output_tally *outputs, size_t count)
{
    const struct notice to = {.level = limit};
    FILE *const file = tmpfile();
    const int kept = dup(STDERR_FILENO);
    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    tally_report(&to, NOTICE_WARN, input, outputs, count);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    rewind(file);
    said[fread(said, 1, sizeof said - 1, file)] = '\0';
    fclose(file);
}

static void reports(void)
{
    struct input_tally input = {.read = 10};
    struct output_tally out[2] = {{.name = "file a", .delivered = 10},
                                  {.name = "file b", .delivered = 4}};
    report(NOTICE_WARN, &input, out, 1);
    IS_TEXT(said, "tsdb-exporter: 10 read, 10 delivered\n", "all is well");
    tally_refuse(&input, "broken JSON");
    tally_refuse(&input, "no curl_version");
    tally_refuse(&input, "broken JSON");
    out[0].delivered = 3;
    out[0].merged = 5;
    out[0].partial = 1;
    out[0].refused = 2;
    out[0].lost = 1;
    strcpy(out[0].why, "HTTP 503");
    report(NOTICE_WARN, &input, out, 1);
    IS_TEXT(said,
            "tsdb-exporter: 10 read, 3 refused (2 broken JSON, 1 no curl_version), 3 delivered, 5 "
            "merged (one value is kept per series and millisecond; labels that tell them apart, or "
            "InfluxDB, keep all), 1 possibly "
            "incomplete, 2 refused by the database, 1 lost (file a: HTTP 503)\n",
            "everything that can happen");
    out[0].why_told = true;
    report(NOTICE_WARN, &input, out, 1);
    OK(strstr(said, "1 lost\n"), "a reason that was told is not told again");
    out[0].why_told = false;
    report(NOTICE_WARN, &input, out, 2);
    IS_TEXT(said,
            "tsdb-exporter: 10 read, 3 refused (2 broken JSON, 1 no curl_version)\n"
            "tsdb-exporter: file a: 3 delivered, 5 merged (one value is kept per series and "
            "millisecond; labels that tell them apart, or InfluxDB, keep all), 1 possibly "
            "incomplete, 2 refused by the database, 1 lost "
            "(file a: HTTP 503)\n"
            "tsdb-exporter: file b: 4 delivered\n",
            "two outputs, a line each");
    report(NOTICE_RESULT, &input, out, 2);
    IS_TEXT(said, "", "not at a level that is not said");
    strcpy(out[1].why, "an old failure");
    report(NOTICE_WARN, &input, &out[1], 1);
    OK(!strstr(said, "old"), "a failure that was made good is not told");
    memset(out[0].why, 'x', sizeof out[0].why - 1);
    out[0].why[10] = '\n';
    report(NOTICE_WARN, &input, out, 1);
    OK(strchr(said, '\n') == said + strlen(said) - 1,
       "a long reason with a newline is still one line");
}

static void counts_reasons(void)
{
    static char reasons[TALLY_REASONS_MAX + 5][12];
    struct input_tally input = {0};
    uint64_t sum = 0;
    for (size_t i = 0; i < TALLY_REASONS_MAX + 5; i++) {
        snprintf(reasons[i], sizeof reasons[i], "reason %zu", i);
        tally_refuse(&input, reasons[i]);
    }
    for (size_t i = 0; i < input.reason_count; i++)
        sum += input.reasons[i].count;
    OK(input.refused == sum && sum == TALLY_REASONS_MAX + 5,
       "more reasons than there is room for are all counted");
}

static void chooses_the_exit_code(void)
{
    static const struct {
        const char *name;
        int refused_input;
        struct output_tally outputs[2];
        enum exit_code want;
    } cases[] = {
        {"nothing at all", 0, {{0}}, EXIT_OK},
        {"all delivered", 0, {{.delivered = 5}, {.delivered = 5}}, EXIT_OK},
        {"merged", 0, {{.delivered = 5, .merged = 5}}, EXIT_REFUSED},
        {"bad input", 1, {{.delivered = 5}}, EXIT_REFUSED},
        {"a point refused", 0, {{.refused = 1}}, EXIT_REFUSED},
        {"perhaps in part", 0, {{.delivered = 1}, {.partial = 1}}, EXIT_REFUSED},
        {"lost", 0, {{.delivered = 1}, {.lost = 1}}, EXIT_LOST},
        {"lost before bad input", 1, {{.lost = 1, .refused = 1}}, EXIT_LOST},
        {"denied", 0, {{.denied = true, .lost = 1}}, EXIT_DENIED},
        {"denied before lost",
         1,
         {{.lost = 3}, {.denied = true, .lost = 1, .refused = 1}},
         EXIT_DENIED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct input_tally input = {.refused = (uint64_t)cases[i].refused_input};
        IS(tally_exit_code(&input, cases[i].outputs, 2), cases[i].want, cases[i].name);
    }
    const struct input_tally unread = {.read = 5, .unread = true};
    const struct output_tally out = {.name = "file a", .delivered = 4};
    IS(tally_exit_code(&unread, &out, 1), EXIT_LOST, "input that could not be read to its end");
    report(NOTICE_WARN, &unread, &out, 1);
    IS_TEXT(said,
            "tsdb-exporter: 5 read, the rest could not be read, 4 delivered\n",
            "and that is told");
}

int main(void)
{
    reports();
    counts_reasons();
    chooses_the_exit_code();
    return tap_done();
}
