/* amount: what people type, and nothing that only looks like it. */
#include "base/amount.h"

#include "tap.h"

#define BAD (-1.0)

static const struct {
    const char *text;
    enum amount_kind kind;
    double want; /* BAD: refused */
} cases[] = {
    {"0", AMOUNT_COUNT, 0},          {"5000", AMOUNT_COUNT, 5000},
    {"1.5", AMOUNT_COUNT, 1.5},      {"1k", AMOUNT_COUNT, BAD},
    {"64K", AMOUNT_SIZE, 65536},     {"64k", AMOUNT_SIZE, 65536},
    {"1M", AMOUNT_SIZE, 1048576},    {"1MiB", AMOUNT_SIZE, 1048576},
    {"1G", AMOUNT_SIZE, 1073741824}, {"10B", AMOUNT_SIZE, 10},
    {".5K", AMOUNT_SIZE, 512},       {"1m", AMOUNT_SIZE, BAD},
    {"1T", AMOUNT_SIZE, BAD},        {"1 M", AMOUNT_SIZE, BAD},
    {"500ms", AMOUNT_DURATION, 0.5}, {"250us", AMOUNT_DURATION, 0.00025},
    {"2", AMOUNT_DURATION, 2},       {"2s", AMOUNT_DURATION, 2},
    {"1.5m", AMOUNT_DURATION, 90},   {"1h", AMOUNT_DURATION, 3600},
    {"1d", AMOUNT_DURATION, 86400},  {"1w", AMOUNT_DURATION, BAD},
    {"1M", AMOUNT_DURATION, BAD},    {"", AMOUNT_DURATION, BAD},
    {".", AMOUNT_DURATION, BAD},     {"s", AMOUNT_DURATION, BAD},
    {"-1s", AMOUNT_DURATION, BAD},   {"+1s", AMOUNT_DURATION, BAD},
    {" 1s", AMOUNT_DURATION, BAD},   {"1s ", AMOUNT_DURATION, BAD},
    {"1s1s", AMOUNT_DURATION, BAD},  {"1,5s", AMOUNT_DURATION, BAD},
    {"nan", AMOUNT_DURATION, BAD},   {"inf", AMOUNT_DURATION, BAD},
    {"0x10", AMOUNT_COUNT, BAD},     {"1e999", AMOUNT_COUNT, BAD},
};

int main(void)
{
    char name[100];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double amount = 0;
        const int result = amount_parse(cases[i].text, cases[i].kind, 0, 2e9, &amount);
        snprintf(name, sizeof name, "'%s' is %s", cases[i].text,
                 cases[i].want < 0 ? "refused" : "read");
        IS(result < 0 ? BAD : amount, cases[i].want, name);
    }
    double amount;
    OK(amount_parse("10", AMOUNT_COUNT, 10, 20, &amount) == 0 &&
           amount_parse("20", AMOUNT_COUNT, 10, 20, &amount) == 0,
       "the bounds are good");
    OK(amount_parse("9.99", AMOUNT_COUNT, 10, 20, &amount) < 0 &&
           amount_parse("20.01", AMOUNT_COUNT, 10, 20, &amount) < 0,
       "what is past the bounds is refused");
    return tap_done();
}
