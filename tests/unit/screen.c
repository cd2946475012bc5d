/* screen: what numbers look like, and how wide texts are. */
#include "report/screen.h"

#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static struct screen wide = {.width = 80, .utf8 = true}, plain = {.width = 80};
static char out[SCREEN_ROOM];
static struct buf buf;

static void seconds(void)
{
    static const struct {
        double value;
        const char *want;
    } cases[] = {
        {0, "0 µs"},
        {1e-6, "1 µs"},
        {0.000999, "999 µs"},
        {4.23e-05, "42.3 µs"},
        {0.0009996, "1.00 ms"},
        {0.001, "1.00 ms"},
        {0.0123456, "12.3 ms"},
        {0.9994, "999 ms"},
        {0.9996, "1.00 s"},
        {9.994, "9.99 s"},
        {9.996, "10.0 s"},
        {59, "59.0 s"},
        {599, "599 s"},
        {600, "10.0 m"},
        {7199, "120 m"},
        {7200, "2.00 h"},
        {172800, "2.00 d"},
        {86400 * 1234.0, "1,234 d"},
        {-0.5, "-500 ms"},
        {-86400 * 14.0, "-14.0 d"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        IS_TEXT(screen_seconds(&wide, out, cases[i].value), cases[i].want, cases[i].want);
    OK(strlen(screen_seconds(&wide, out, 1e300)) < SCREEN_ROOM, "an absurd number fits");
    IS_TEXT(screen_seconds(&plain, out, 5e-6), "5 us", "without UTF-8");
}

static void counts(void)
{
    IS_TEXT(screen_count(out, 0), "0", "none");
    IS_TEXT(screen_count(out, 999), "999", "three digits");
    IS_TEXT(screen_count(out, 1000), "1,000", "four");
    IS_TEXT(screen_count(out, 10000000), "10,000,000", "ten million");
    IS_TEXT(screen_count(out, UINT64_MAX), "18,446,744,073,709,551,615", "the most");
    IS_TEXT(screen_bytes(out, 0), "0 B", "no bytes");
    IS_TEXT(screen_bytes(out, 1023), "1023 B", "bytes");
    IS_TEXT(screen_bytes(out, 1024), "1.00 KiB", "a KiB");
    IS_TEXT(screen_bytes(out, 1048575), "1.00 MiB", "nearly a MiB");
    IS_TEXT(screen_bytes(out, 5.5e12), "5.00 TiB", "TiB");
    IS_TEXT(screen_rate(out, 81.23), "81.2/s", "a rate");
    IS_TEXT(screen_rate(out, 123456.7), "123,457/s", "a fast one");
    IS_TEXT(screen_share(out, 0, 0), "0 %", "nothing of nothing");
    IS_TEXT(screen_share(out, 1, 3), "33.3 %", "a third");
    IS_TEXT(screen_share(out, 3, 3), "100 %", "all");
    IS_TEXT(screen_share(out, 1, 1000), "0.10 %", "one of a thousand");
    IS_TEXT(screen_share(out, 1, 10000000), "<0.01 %", "one of ten million is not none");
    IS_TEXT(screen_share(out, 9999999, 10000000), ">99.99 %", "nor is all but one all");
}

static const char *cell(const struct screen *screen, const char *text, int columns)
{
    buf_clear(&buf);
    screen_cell(screen, &buf, text, columns);
    return buf_text(&buf);
}

static void cells(void)
{
    IS_TEXT(cell(&wide, "ab", 4), "ab  ", "to the left");
    IS_TEXT(cell(&wide, "ab", -4), "  ab", "to the right");
    IS_TEXT(cell(&wide, "abcdef", 4), "abc…", "cut");
    IS_TEXT(cell(&plain, "abcdef", 4), "abc~", "cut, without UTF-8");
    IS_TEXT(cell(&wide, "äöüß", 4), "äöüß", "letters of two bytes");
    IS_TEXT(cell(&plain, "aö", 4), "a?  ", "are not shown without UTF-8");
    IS_TEXT(cell(&wide, "日本語", 4), "日… ", "letters of two columns");
    IS(screen_columns("日本"), 4, "two columns each");
    IS(screen_columns("e\xCC\x81"), 1, "an accent of its own takes none");
}

static const char *bar(const struct screen *screen, double part, double whole, size_t columns)
{
    buf_clear(&buf);
    screen_bar(screen, &buf, part, whole, columns);
    return buf_text(&buf);
}

static void bars(void)
{
    IS_TEXT(bar(&wide, 0, 10, 4), "", "nothing");
    IS_TEXT(bar(&wide, 1, 1e9, 4), "▏", "next to nothing is something");
    IS_TEXT(bar(&wide, 5, 8, 2), "█▎", "eighths");
    IS_TEXT(bar(&wide, 10, 10, 4), "████", "all");
    IS_TEXT(bar(&plain, 1, 1e9, 4), "#", "without UTF-8");
    IS_TEXT(bar(&plain, 10, 10, 4), "####", "all, without UTF-8");
}

static struct screen screen_with(const char *all, const char *ctype, const char *lang,
                                 const char *columns)
{
    struct screen screen;
    setenv("LC_ALL", all, 1);
    setenv("LC_CTYPE", ctype, 1);
    setenv("LANG", lang, 1);
    setenv("COLUMNS", columns, 1);
    screen_init(&screen, -1);
    return screen;
}

static void environment(void)
{
    OK(screen_with("", "", "en_US.UTF-8", "").utf8, "LANG");
    OK(screen_with("", "C.utf8", "C", "").utf8, "LC_CTYPE stands above LANG");
    OK(!screen_with("C", "C.utf8", "C.UTF-8", "").utf8, "and LC_ALL above both");
    OK(!screen_with("", "", "", "").utf8, "none");
    OK(!screen_with("", "", "de_DE.ISO-8859-1", "").utf8, "another");
    IS(screen_with("", "", "", "").width, 80, "80 columns if nobody knows");
    IS(screen_with("", "", "", "132").width, 132, "COLUMNS");
    IS(screen_with("", "", "", "many").width, 80, "what is no number is none");
    IS(screen_with("", "", "", "7").width, SCREEN_WIDTH_MIN, "there is a least width");
    OK(!screen_with("", "", "", "").colour, "no colour without a terminal");
}

int main(void)
{
    buf_init(&buf, 1000);
    seconds();
    counts();
    cells();
    bars();
    environment();
    buf_release(&buf);
    return tap_done();
}
