/* record: what is written reads back as the same transfer, and nothing else reads. */
#include "spool/record.h"

#include "tap.h"

#include <float.h>
#include <stdlib.h>

static struct buf written;
static char copy[65536];

static const char *line_of(const struct transfer *t, bool text)
{
    buf_clear(&written);
    record_write(&written, t, text);
    return buf_text(&written);
}

/* Writes, reads and writes again. */
static bool survives(const struct transfer *t, struct transfer *back)
{
    snprintf(copy, sizeof copy, "%s", line_of(t, true));
    if (record_read(copy, strlen(copy) - 1, back) < 0)
        return false;
    char first[sizeof copy];
    snprintf(first, sizeof first, "%s", line_of(t, true));
    return strcmp(first, line_of(back, true)) == 0;
}

static void round_trips(void)
{
    static struct transfer t, back;
    t = (struct transfer){.time_ns = INT64_C(1795423774748555000)};
    transfer_set(&t, F_TIME_TOTAL, 0.063902);
    transfer_set(&t, F_HTTP_CODE, 200);
    transfer_set(&t, F_FAILED, 0);
    transfer_set(&t, F_CONN_ID, -1);
    IS_TEXT(line_of(&t, true),
            "curl conn_id=-1,failed=0,http_code=200,time_total=0.063902 1795423774748555000\n",
            "without tags");
    OK(survives(&t, &back), "and back");
    OK(back.timed, "its time stands");
    IS(back.time_ns, t.time_ns, "to the nanosecond");
    OK(!back.present[F_TIME_CONNECT], "what was absent is absent");
    t.tags[t.tag_count++] = (struct tag){"a,b", "c=d, e"};
    t.tags[t.tag_count++] = (struct tag){"label", "100 %"};
    t.text[F_METHOD] = "a \"b\" \\ c, d=e";
    t.extras[t.extra_count++] = (struct extra_number){"new_key", 12.5};
    t.own_texts[t.own_text_count++] = (struct own_text){"step", "log \"in\", 2=x"};
    t.own_texts[t.own_text_count++] = (struct own_text){"empty", ""};
    OK(survives(&t, &back), "tags, a text and keys that are not known");
    IS(back.tag_count, 2, "both tags");
    IS_TEXT(back.tags[0].key, "a,b", "a key with a comma");
    IS_TEXT(back.tags[0].value, "c=d, e", "a value with all that is special");
    IS_TEXT(back.text[F_METHOD], "a \"b\" \\ c, d=e", "a text with quotes");
    IS_TEXT(back.extras[0].name, "new_key", "the key");
    IS(back.own_text_count, 1, "and a text under a name that is not known");
    IS_TEXT(back.own_texts[0].name, "step", "its name");
    IS_TEXT(back.own_texts[0].text, "log \"in\", 2=x", "the text");
    OK(!strstr(line_of(&t, false), "method") && !strstr(line_of(&t, false), "step"),
       "texts only when asked for");
    struct buf many;
    buf_init(&many, 65536);
    for (int i = 0; i <= TRANSFER_EXTRAS_MAX; i++)
        buf_printf(&many, "%sx%d=\"y\"", i ? "," : "curl ", i);
    buf_append_text(&many, " 1");
    OK(record_read((char *)(uintptr_t)buf_text(&many), many.len, &back) < 0,
       "more texts than a transfer holds are refused");
    buf_release(&many);
}

static void numbers(void)
{
    static const double values[] = {0.1,
                                    1e-6,
                                    123456789.123456,
                                    1e15,
                                    1e300,
                                    -2.5,
                                    5e-324,
                                    DBL_MAX,
                                    1.0 / 3,
                                    9007199254740993.0,
                                    0.000000001,
                                    1e22,
                                    123456789012345.0,
                                    0.30000000000000004};
    static struct transfer t, back;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        t = (struct transfer){.time_ns = 1};
        transfer_set(&t, F_TIME_TOTAL, values[i]);
        OK(survives(&t, &back), "a number survives");
        IS(back.number[F_TIME_TOTAL], values[i], "to the last bit");
    }
    srand(1);
    bool all = true;
    for (int i = 0; i < 20000; i++) {
        const double value = (double)rand() / (rand() % 1000000 + 1);
        t = (struct transfer){.time_ns = 1};
        transfer_set(&t, F_TIME_TOTAL, i % 2 ? value : (double)(int64_t)(value * 1e6) / 1e6);
        all &= survives(&t, &back) && !(back.number[F_TIME_TOTAL] < t.number[F_TIME_TOTAL]) &&
               !(back.number[F_TIME_TOTAL] > t.number[F_TIME_TOTAL]);
    }
    OK(all, "so do 20,000 others");
}

static void refuses(void)
{
    static const char *const lines[] = {"",
                                        "curl",
                                        "curl ",
                                        "curl,",
                                        "curl,a=b",
                                        "curl a=1",
                                        "curl a=1 ",
                                        "curl a=1 x",
                                        "curl a=1 1x",
                                        "curl a= 1",
                                        "curl =1 1",
                                        "curl a=x 1",
                                        "curl a=\"b 1",
                                        "curl method=\"b\"1 1",
                                        "curl a=1,  1",
                                        "curl,a= b=1 1",
                                        "curl,=a b=1 1",
                                        "wget a=1 1",
                                        "curlx a=1 1",
                                        "curl a=1 1 1",
                                        "\ncurl a=1 1"};
    static struct transfer t;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        snprintf(copy, sizeof copy, "%s", lines[i]);
        OK(record_read(copy, strlen(copy), &t) < 0, lines[i]);
    }
    char nul[] = "curl a=1\0 b=2 1";
    OK(record_read(nul, sizeof nul - 1, &t) < 0, "a NUL inside");
    /* every beginning of a line, as a torn write leaves it */
    const char whole[] = "curl,label=x\\ y,z=1 http_code=200,method=\"G\\\"T\",time_total=0.5 17";
    for (size_t len = 0; len < sizeof whole - 3; len++) {
        memcpy(copy, whole, len);
        if (record_read(copy, len, &t) == 0) {
            OK(0, "a torn line reads");
            break;
        }
    }
    memcpy(copy, whole, sizeof whole);
    OK(record_read(copy, sizeof whole - 1, &t) == 0, "the whole line reads");
}

static void times(void)
{
    static const struct {
        const char *line;
        size_t begin;
        int64_t time_ns;
    } rows[] = {{"curl a=1 1795423774748555000", 9, INT64_C(1795423774748555000)},
                {"curl,label=x\\ y a=1 17", 20, 17},
                {"curl a=1 -5", 9, -5},
                {"curl a=1 ", 9, 0},
                {"curl a=1 x", 9, 0},
                {"17", 0, 0},
                {"", 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const size_t len = strlen(rows[i].line);
        snprintf(copy, sizeof copy, "%s\n1 9", rows[i].line); /* as in a segment */
        IS(record_time_begin(copy, len), rows[i].begin, "where the time begins");
        IS(record_time(copy, len), rows[i].time_ns, "the time");
    }
}

int main(void)
{
    buf_init(&written, sizeof copy);
    round_trips();
    numbers();
    refuses();
    times();
    buf_release(&written);
    return tap_done();
}
