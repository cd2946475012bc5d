/* line: one point is one line, with as many parts as it was given, always. */
#include "layout/line.h"

#include "base/text.h"

#include "tap.h"

#include <stdlib.h>

static struct transfer transfer;

static void tag(const char *key, const char *value)
{
    transfer.tags[transfer.tag_count++] = (struct tag){key, value};
}

static const char *lines_of(const char *prefix, const struct point *points, size_t count)
{
    static struct buf out;
    buf_release(&out);
    buf_init(&out, 16 * 1024 * 1024);
    const size_t lines = line_append(&out, prefix, &transfer, points, count);
    size_t newlines = 0;
    for (size_t i = 0; i < out.len; i++)
        newlines += out.data[i] == '\n';
    OK(!out.failed && newlines == lines, "as many lines as it says");
    return buf_text(&out);
}

static void golden(void)
{
    transfer = (struct transfer){.time_ns = INT64_C(1795423774748555000)};
    struct point p[] = {
        {.series = "time_total", .field = "value", .number = 0.063902},
        {.series = "http_code", .field = "value", .number = 200},
        {.series = "method", .field = "value_text", .text = "GET"},
    };
    IS_TEXT(lines_of("", p, 3),
            "time_total value=0.063902 1795423774748555000\n"
            "http_code value=200 1795423774748555000\n"
            "method value_text=\"GET\" 1795423774748555000\n",
            "a line a series, without tags");
    tag("label", "curl-http");
    tag("x", "1");
    IS_TEXT(lines_of("p_", p, 1),
            "p_time_total,label=curl-http,x=1 value=0.063902 1795423774748555000\n",
            "with tags and a prefix");
    static const char series[] = "curl";
    for (int i = 0; i < 3; i++)
        p[i].series = series;
    p[0].field = "time_total";
    p[1].field = "http_code";
    p[2].field = "method";
    IS_TEXT(lines_of("", p, 3),
            "curl,label=curl-http,x=1 time_total=0.063902,http_code=200,method=\"GET\" "
            "1795423774748555000\n",
            "one line for one series");
    IS_TEXT(lines_of("", p, 0), "", "nothing for nothing");
}

static void escapes(void)
{
    static const struct {
        const char *name, *value, *tag, *string;
    } cases[] = {
        {"a comma", "a,b", "a\\,b", "a,b"},
        {"a space", "a b", "a\\ b", "a b"},
        {"an =", "a=b", "a\\=b", "a=b"},
        {"a quote", "a\"b", "a\"b", "a\\\"b"},
        {"UTF-8", "\xC3\xA4", "\xC3\xA4", "\xC3\xA4"},
        {"a # at the beginning", "#a", "#a", "#a"},
    };
    char want[200];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct point p = {.series = "m", .field = "f", .text = cases[i].value};
        transfer = (struct transfer){.time_ns = 1};
        tag("k", cases[i].value);
        snprintf(want, sizeof want, "m,k=%s f=\"%s\" 1\n", cases[i].tag, cases[i].string);
        IS_TEXT(lines_of("", &p, 1), want, cases[i].name);
    }
    const struct point string = {.series = "m", .field = "f", .text = "a\\\n\r\tb\xFF\\"};
    transfer = (struct transfer){.time_ns = 1};
    IS_TEXT(lines_of("", &string, 1), "m f=\"a\\\\   b\xEF\xBF\xBD\\\\\" 1\n",
            "texts are cleaned, backslashes doubled");
}

/* Reads one line by the rules of the protocol and counts its tags and fields;
 * -1 if it is none. Returns where the next one begins. */
static const char *read_line(const char *p, int *tags, int *fields)
{
    const char *const begin = p;
    *tags = *fields = 0;
    for (; *p && *p != ' '; p++) {
        if (*p == '\n')
            *fields = -1;
        if (*p == ',')
            ++*tags;
        if (*p == '\\' && strchr(",= ", p[1]))
            p++;
    }
    if (p == begin || *begin == '#' || *begin == ',')
        *fields = -1;
    if (*p == ' ' && *fields >= 0) {
        do {
            p++;
            for (; *p && *p != '='; p++)
                if (*p == '\\')
                    p++;
            ++*fields;
            if (p[1] == '"') {
                for (p += 2; *p && *p != '"'; p++)
                    if (*p == '\\')
                        p++;
                p++;
            } else {
                p += 1 + strspn(p + 1, "0123456789.e+-");
            }
        } while (*p == ',');
    }
    if (*p != ' ')
        *fields = -1;
    const size_t digits = strspn(p + 1, "0123456789");
    if (digits == 0 || p[1 + digits] != '\n')
        *fields = -1;
    const char *const newline = strchr(p, '\n');
    return newline ? newline + 1 : p + strlen(p);
}

/* Whatever is in tags and texts: two lines, with 2 tags each, one with
 * 2 fields and one with 1. */
static int is_intact(const char *value)
{
    static char clean[TEXT_ROOM];
    static const char series[] = "curl";
    const struct point p[] = {
        {.series = series, .field = "n", .number = 1},
        {.series = series, .field = "f", .text = value},
        {.series = "m", .field = "value", .number = 2},
    };
    struct buf out;
    int tags[2], fields[2];
    text_clean(clean, value, true);
    transfer = (struct transfer){.time_ns = 1};
    tag("k", *clean ? clean : "x");
    tag("l", "v");
    buf_init(&out, 16 * 1024 * 1024);
    const size_t lines = line_append(&out, "p", &transfer, p, 3);
    const char *rest = read_line(buf_text(&out), &tags[0], &fields[0]);
    rest = read_line(rest, &tags[1], &fields[1]);
    const int good =
        lines == 2 && !*rest && tags[0] == 2 && tags[1] == 2 && fields[0] == 2 && fields[1] == 1;
    if (!good)
        printf("# %s", buf_text(&out));
    buf_release(&out);
    return good;
}

static void stays_one_point(void)
{
    static const char *const hostile[] = {
        "a\nhacked,label=x value=1 1",
        "a\r\nb",
        "a b=1,c=2 3\n",
        "a\",b=\"c",
        "\\",
        "\\\\",
        "a\\\"",
        "a\\,b\\",
        "=",
        ",",
        " ",
        "\"",
        "#",
        "# x",
        "a\xE2\n",
        "a\xF0\x9F\n",
        "\xFF\xFE",
        "\x01\x7F",
        "a=b,c d\\ e\\",
    };
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        char name[100];
        snprintf(name, sizeof name, "hostile value %zu stays where it is", i);
        OK(is_intact(hostile[i]), name);
    }
    static const char alphabet[] = "\\\\\\,= \"\n\r#\t\xE2\x82\xFF"
                                   "a1i";
    char value[40];
    int good = 0;
    srand(3);
    for (int round = 0; round < 20000; round++) {
        const size_t len = 1 + (size_t)rand() % (sizeof value - 1);
        for (size_t i = 0; i < len; i++)
            value[i] = alphabet[(size_t)rand() % (sizeof alphabet - 1)];
        value[len < sizeof value ? len : sizeof value - 1] = '\0';
        good += is_intact(value);
    }
    IS(good, 20000, "20,000 random hostile values stay where they are");
    enum { HUGE_LENGTH = 10 * 1024 * 1024 };
    char *const huge = malloc(HUGE_LENGTH + 1);
    memset(huge, ' ', HUGE_LENGTH);
    huge[HUGE_LENGTH] = '\0';
    OK(is_intact(huge), "so do 10 MB");
    free(huge);
}

static void fails_whole(void)
{
    struct buf out;
    const struct point p = {.series = "time_total", .field = "value", .number = 1};
    transfer = (struct transfer){.time_ns = 1};
    buf_init(&out, 10);
    line_append(&out, "", &transfer, &p, 1);
    OK(out.failed, "no room is told");
    buf_release(&out);
    static char value[TEXT_ROOM];
    memset(value, ' ', TEXT_MAX);
    buf_init(&out, 16 * 1024 * 1024);
    for (int i = 0; i < TRANSFER_TAGS_MAX; i++)
        tag("k", value);
    line_append(&out, "", &transfer, &p, 1);
    OK(!out.failed, "there is room for as many tags as there can be, all escaped");
    buf_release(&out);
}

int main(void)
{
    golden();
    escapes();
    stays_one_point();
    fails_whole();
    return tap_done();
}
