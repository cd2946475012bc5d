/* text: whatever bytes come in, clean text goes out; a number that is written
 * reads back as itself. */
#include "base/text.h"

#include "tap.h"

#include <float.h>
#include <stdint.h>
#include <stdlib.h>

#define FFFD "\xEF\xBF\xBD"

static const struct {
    const char *name, *text, *want;
} cleaning[] = {
    {"plain text stays", "GET /x?y=1,2 \"z\"", "GET /x?y=1,2 \"z\""},
    {"nothing stays nothing", "", ""},
    {"control characters become spaces",
     "a\nb\rc\td\x01"
     "e\x1F"
     "f\x7F"
     "g",
     "a b c d e f g"},
    {"those of C1, too", "a\xC2\x80z\xC2\x9Fz\xC2\xA0", "a z z\xC2\xA0"},
    {"valid UTF-8 of 2, 3 and 4 bytes stays", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80",
     "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"},
    {"the first and last of each length stay",
     "\xC2\xA0\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF",
     "\xC2\xA0\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"},
    {"the neighbours of the surrogates stay", "\xED\x9F\xBF\xEE\x80\x80",
     "\xED\x9F\xBF\xEE\x80\x80"},
    {"a continuation byte alone is replaced", "a\x80z\xBF", "a" FFFD "z" FFFD},
    {"overlong forms are replaced", "\xC0\xAF|\xC1\xBF|\xE0\x9F\xBF|\xF0\x8F\xBF\xBF",
     FFFD FFFD "|" FFFD FFFD "|" FFFD FFFD FFFD "|" FFFD FFFD FFFD FFFD},
    {"surrogates are replaced", "\xED\xA0\x80", FFFD FFFD FFFD},
    {"past U+10FFFF is replaced", "\xF4\x90\x80\x80|\xF5\x80|\xFF|\xFE",
     FFFD FFFD FFFD FFFD "|" FFFD FFFD "|" FFFD "|" FFFD},
    {"a sequence cut by the end is replaced", "a\xE2\x82", "a" FFFD FFFD},
    {"a sequence cut by ASCII keeps the ASCII", "\xC3(\xE2\x82(\xF0\x9F\x98(",
     FFFD "(" FFFD FFFD "(" FFFD FFFD FFFD "("},
    {"a newline behind half a character is still none", "\xE2\n\xF0\x9F\n", FFFD " " FFFD FFFD " "},
};

static void cleans(void)
{
    char out[TEXT_ROOM];
    for (size_t i = 0; i < sizeof cleaning / sizeof *cleaning; i++) {
        const size_t length = text_clean(out, cleaning[i].text, false);
        IS_TEXT(out, cleaning[i].want, cleaning[i].name);
        if (length != strlen(out))
            OK(0, "the length is that of the text");
    }
    text_clean(out, "C:\\x\\", true);
    IS_TEXT(out, "C:/x/", "a backslash in a tag becomes a slash");
    text_clean(out, "C:\\x\\", false);
    IS_TEXT(out, "C:\\x\\", "a backslash in a text stays");
}

static void cuts(void)
{
    static char text[3 * TEXT_MAX];
    char out[TEXT_ROOM];
    memset(text, 'a', TEXT_MAX);
    IS(text_clean(out, text, true), TEXT_MAX, "a text of the longest length is whole");
    strcpy(text + TEXT_MAX, "b");
    IS(text_clean(out, text, true), TEXT_MAX, "a longer one is cut");
    strcpy(text + TEXT_MAX - 1, "\xE2\x82\xAC");
    IS(text_clean(out, text, true), TEXT_MAX - 1, "it is cut at a whole character");
    OK(strlen(out) == TEXT_MAX - 1, "and terminated");
    memset(text, 0xFF, TEXT_MAX);
    text[TEXT_MAX] = '\0';
    IS(text_clean(out, text, true), TEXT_MAX / 3 * 3, "replaced bytes count as they are written");
}

static double random_double(void)
{
    static uint64_t state = UINT64_C(0x9E3779B97F4A7C15);
    double value;
    do {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        memcpy(&value, &state, sizeof value);
    } while (!isfinite(value));
    return value;
}

/* A decimal number as line protocol and JSON take it. */
static int is_decimal(const char *p)
{
    const size_t sign = *p == '-';
    const size_t whole = strspn(p + sign, "0123456789");
    p += sign + whole;
    if (*p == '.')
        p += 1 + strspn(p + 1, "0123456789");
    if (*p == 'e')
        p += strcspn(p, "0123456789") + strspn(p + strcspn(p, "0123456789"), "0123456789");
    return whole > 0 && *p == '\0';
}

static int survives(double value)
{
    char out[NUMBER_ROOM];
    const size_t length = text_number(out, value);
    const double back = strtod(out, NULL);
    if (length == strlen(out) && is_decimal(out) && !(back < value) && !(back > value))
        return 1;
    printf("# %a became %s\n", value, out);
    return 0;
}

static void numbers_come_back(void)
{
    static const double edges[] = {0,
                                   -0.0,
                                   1,
                                   -1,
                                   0.1,
                                   1e9 - 1e-6,
                                   1e9,
                                   1e15,
                                   1e15 - 1,
                                   1e15 + 2,
                                   1e-6,
                                   1e-7,
                                   0.0639,
                                   5e-324,
                                   DBL_MIN,
                                   DBL_MAX,
                                   -DBL_MAX,
                                   9007199254740993.0,
                                   1e22,
                                   123456789012345.5,
                                   999999999.9999995,
                                   0.30000000000000004,
                                   1.0 / 3,
                                   -2.5e-300};
    size_t good = 0, count = sizeof edges / sizeof *edges;
    for (size_t i = 0; i < count; i++)
        good += (size_t)survives(edges[i]);
    IS(good, count, "edge cases read back as they were");
    good = 0;
    for (int i = 0; i < 200000; i++)
        good += (size_t)survives(random_double());
    IS(good, 200000, "random bit patterns read back as they were");
    good = 0;
    for (int i = 0; i < 200000; i++)
        good += (size_t)survives(ldexp(random_double() > 0 ? 1 + i : -1 - i, i % 120 - 70));
    IS(good, 200000, "numbers of all sizes read back as they were");
}

static void numbers_are_short(void)
{
    static const struct {
        double value;
        const char *want;
    } cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {200, "200"},
        {-1, "-1"},
        {0.063902, "0.063902"},
        {0.0639, "0.0639"},
        {1.1, "1.1"},
        {-0.5, "-0.5"},
        {1e-6, "0.000001"},
        {123456.789, "123456.789"},
        {1795466974, "1795466974"},
        {1e14, "100000000000000"},
        {9007199254740992.0, "9007199254740992"},
        {0.30000000000000004, "0.30000000000000004"},
    };
    char out[NUMBER_ROOM];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text_number(out, cases[i].value);
        IS_TEXT(out, cases[i].want, cases[i].want);
    }
    /* everything that curl's "%d.%06d" can say in a day */
    size_t good = 0, count = 0;
    char want[NUMBER_ROOM];
    for (long long micro = 0; micro < INT64_C(86400000000); micro += 86399) {
        snprintf(want, sizeof want, "%lld.%06lld", micro / 1000000, micro % 1000000);
        text_number(out, strtod(want, NULL));
        for (size_t end = strlen(want); strchr("0", want[end - 1]) || want[end - 1] == '.';) {
            const char last = want[--end];
            want[end] = '\0';
            if (last == '.')
                break;
        }
        good += strcmp(out, want) == 0;
        count++;
    }
    IS(good, count, "six digits come out as curl wrote them, without trailing zeros");
}

static void integers(void)
{
    char out[NUMBER_ROOM];
    text_integer(out, INT64_MIN);
    IS_TEXT(out, "-9223372036854775808", "the smallest integer");
    text_integer(out, INT64_MAX);
    IS_TEXT(out, "9223372036854775807", "the largest integer");
    IS(text_integer(out, 0), 1, "zero is one digit");
}

int main(void)
{
    cleans();
    cuts();
    numbers_come_back();
    numbers_are_short();
    integers();
    return tap_done();
}
