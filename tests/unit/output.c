/* output: what stands before the '=', what answers mean, and the bytes of a range. */
#include "output/output.h"

#include "layout/layouts.h"
#include "output/outputs.h"

#include "tap.h"

#define FORMS                                                                                      \
    "influxdb=http://localhost:8086/DATABASE, "                                                    \
    "prometheus=http://localhost:9090/api/v1/write, file=PATH"

static struct output_options options;
static struct layout layout = {.type = &layout_table[0], .prefix = ""};

static void opens(void)
{
    static const struct {
        const char *spec, *why;
    } cases[] = {
        {"http://h/db", "an output is TYPE=TARGET, such as influxdb=URL"},
        {"influx=http://h/db", "there is no output 'influx'; did you mean influxdb=?"},
        {"infuxdb=http://h/db", "there is no output 'infuxdb'; did you mean influxdb=?"},
        {"Influxdb=http://h/db", "there is no output 'Influxdb'; did you mean influxdb=?"},
        {"prometeus=http://h", "there is no output 'prometeus'; did you mean prometheus=?"},
        {"kafka=h", "there is no output 'kafka'; use " FORMS},
        {"file", "there is no output 'file'; did you mean file=?"},
        {"-", "there is no output '-'; use " FORMS},
        {"", "there is no output ''; use " FORMS},
        {"=x", "there is no output ''; use " FORMS},
        {"file=", "-o file= names no file; use file=PATH or file=-"},
        {"file=/no/such/dir/x", "cannot open '/no/such/dir/x': No such file or directory"},
        {"file=/", "cannot open '/': Is a directory"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct output output;
        struct error err = {""};
        char name[100];
        snprintf(name, sizeof name, "-o '%s' is refused", cases[i].spec);
        IS_TEXT(output_open(&output, cases[i].spec, &options, &layout, &err) < 0 ? err.text
                                                                                 : "opened",
                cases[i].why, name);
        output_close(&output);
    }
}

static void judges(void)
{
    static const struct {
        int status;
        enum verdict want;
    } cases[] = {
        {0, VERDICT_TRY_AGAIN},     {200, VERDICT_STORED},      {204, VERDICT_STORED},
        {301, VERDICT_MISDIRECTED}, {307, VERDICT_MISDIRECTED}, {400, VERDICT_REFUSED},
        {401, VERDICT_DENIED},      {403, VERDICT_DENIED},      {404, VERDICT_MISDIRECTED},
        {405, VERDICT_MISDIRECTED}, {408, VERDICT_TRY_AGAIN},   {413, VERDICT_TOO_LARGE},
        {425, VERDICT_TRY_AGAIN},   {429, VERDICT_TRY_AGAIN},   {500, VERDICT_TRY_AGAIN},
        {502, VERDICT_TRY_AGAIN},   {503, VERDICT_TRY_AGAIN},   {504, VERDICT_TRY_AGAIN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[40];
        snprintf(name, sizeof name, "HTTP %d", cases[i].status);
        IS(output_judge_status(cases[i].status), cases[i].want, name);
    }
}

static void finds_lines_again(void)
{
    static const struct point points[] = {{.series = "a", .field = "value", .number = 1},
                                          {.series = "b", .field = "value", .number = 2},
                                          {.series = "c", .field = "value", .number = 3},
                                          {.series = "d", .field = "value", .number = 4}};
    static const struct {
        size_t first, end;
        const char *want;
    } cases[] = {
        {0, 4, "a value=1 1\nb value=2 1\nc value=3 1\nd value=4 1\n"},
        {0, 1, "a value=1 1\n"},
        {1, 3, "b value=2 1\nc value=3 1\n"},
        {3, 4, "d value=4 1\n"},
    };
    struct transfer t = {.time_ns = 1};
    struct output output = {.layout = &layout};
    struct batch *const batch = batch_new(1);
    for (size_t at = 0; at < 4; at += 2)
        OK(output_add_lines(&output, batch, &t, points + at, 2) == 0, "two lines");
    OK(batch->outcomes[0] == OUTCOME_OPEN && batch->outcomes[1] == OUTCOME_OPEN,
       "lines are never merged");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[100], name[60];
        struct bytes bytes;
        output_encode_lines(&output, batch, cases[i].first, cases[i].end, NULL, &bytes, NULL);
        snprintf(got, sizeof got, "%.*s", (int)bytes.len, bytes.at);
        snprintf(name, sizeof name, "points %zu to %zu", cases[i].first, cases[i].end);
        IS_TEXT(got, cases[i].want, name);
    }
    struct buf text;
    buf_init(&text, 100);
    output_describe_line(batch, 2, &text);
    IS_TEXT(buf_text(&text), "c value=3 1", "one point, as a person would write it");
    buf_release(&text);
    batch_free(batch);
}

int main(void)
{
    opens();
    judges();
    finds_lines_again();
    return tap_done();
}
