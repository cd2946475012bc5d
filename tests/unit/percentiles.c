/* percentiles: lists as people write them, and what is none. */
#include "report/percentiles.h"

#include "tap.h"

static const struct {
    const char *list, *want; /* names and shares, or the error */
} cases[] = {
    {PERCENTILES_USUAL, "usual med 0.5 p90 0.9 p95 0.95 p99 0.99 "},
    {"50,90,99,99.9", "med 0.5 p90 0.9 p99 0.99 p99.9 0.999 "},
    {"99.9, 50 ,90", "' 50 ' is not a percentile from 0 to 100, such as 99.9"},
    {"99.9, 50", "med 0.5 p99.9 0.999 "},
    {"99,90,99.0,90", "p90 0.9 p99 0.99 "},
    {"0,100", "p0 0 p100 1 "},
    {"1,2,3,4,5,6,7,8,9,10", "p1 0.01 p2 0.02 p3 0.03 p4 0.04 p5 0.05 p6 0.06 p7 0.07 p8 0.08 "
                             "p9 0.09 p10 0.1 "},
    {"1,2,3,4,5,6,7,8,9,10,11", "more than 10 percentiles"},
    {"99.12345678901234", "p99.12345679 0.991235 "},
    {"", "'' is not a list of percentiles, such as 50,90,95,99"},
    {"50,,90", "'50,,90' is not a list of percentiles, such as 50,90,95,99"},
    {"50,", "'50,' is not a list of percentiles, such as 50,90,95,99"},
    {"p95", "'p95' is not a percentile from 0 to 100, such as 99.9"},
    {"95%", "'95%' is not a percentile from 0 to 100, such as 99.9"},
    {"-1", "'-1' is not a percentile from 0 to 100, such as 99.9"},
    {"101", "'101' is not a percentile from 0 to 100, such as 99.9"},
    {"nan", "'nan' is not a percentile from 0 to 100, such as 99.9"},
};

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct percentiles p;
        struct error err;
        char got[400], *at = got;
        if (percentiles_parse(&p, cases[i].list, &err) < 0) {
            IS_TEXT(err.text, cases[i].want, cases[i].list);
            continue;
        }
        at += sprintf(at, "%s", p.usual ? "usual " : "");
        for (size_t n = 0; n < p.count; n++)
            at += sprintf(at, "%s %.6g ", p.names[n], p.shares[n]);
        IS_TEXT(got, cases[i].want, cases[i].list);
    }
    return tap_done();
}
