/* dates: every spelling of a time that a recipe or a certificate writes, to the
 * nanosecond, and nothing that is no time. */
#include "base/dates.h"

#include "tap.h"

#include <stdlib.h>

#define BAD INT64_MIN

struct spelling {
    const char *text;
    int64_t want; /* BAD: refused */
};

/* GNU date: date -u -d '2026-11-23 20:49:34' +%s is 1795466974 */
static const struct spelling dates[] = {
    {"2026-11-23T20:49:34Z", INT64_C(1795466974000000000)},
    {"2026-11-23T20:49:34.123456789Z", INT64_C(1795466974123456789)},
    {"2026-11-23T20:49:34.748555Z", INT64_C(1795466974748555000)},
    {"2026-11-23T20:49:34,5Z", INT64_C(1795466974500000000)},
    {"2026-11-23t20:49:34z", INT64_C(1795466974000000000)},
    {"2026-11-23 20:49:34Z", INT64_C(1795466974000000000)},
    {"2026-11-23T21:49:34+01", INT64_C(1795466974000000000)},
    {"2026-11-23T21:49:34+01:00", INT64_C(1795466974000000000)},
    {"2026-11-23T21:49:34+0100", INT64_C(1795466974000000000)},
    {"2026-11-23T15:19:34-05:30", INT64_C(1795466974000000000)},
    {"2026-11-24T02:34:34.5+05:45", INT64_C(1795466974500000000)},
    {"1970-01-01T00:00:00Z", 0},
    {"1969-12-31T23:59:59.5Z", -500000000},
    {"2000-02-29T00:00:00Z", INT64_C(951782400000000000)},
    {"2024-02-29T12:00:00Z", INT64_C(1709208000000000000)},
    {"2100-03-01T00:00:00Z", INT64_C(4107542400000000000)},
    {"2016-12-31T23:59:60Z", INT64_C(1483228800000000000)},
    {"2262-04-11T23:47:16Z", INT64_C(9223372036000000000)},
    {"2262-04-12T00:00:00Z", BAD},
    {"9999-12-31T23:59:59Z", BAD},
    {"0000-01-01T00:00:00Z", BAD},
    {"2026-02-29T00:00:00Z", BAD},
    {"2100-02-29T00:00:00Z", BAD},
    {"2026-04-31T00:00:00Z", BAD},
    {"2026-13-01T00:00:00Z", BAD},
    {"2026-00-01T00:00:00Z", BAD},
    {"2026-01-00T00:00:00Z", BAD},
    {"2026-01-32T00:00:00Z", BAD},
    {"2026-01-01T24:00:00Z", BAD},
    {"2026-01-01T00:60:00Z", BAD},
    {"2026-01-01T00:00:61Z", BAD},
    {"2026-01-01T-1:00:00Z", BAD},
    {"2026-01-01T +1:00:00Z", BAD},
    {"2026- 1- 1T 0: 0: 0Z", BAD},
    {" 2026-01-01T00:00:00Z", BAD},
    {"2026-01-01T00:00:00Z ", BAD},
    {"2026-01-01T00:00:00ZZ", BAD},
    {"2026-01-01T00:00:00+25:00", BAD},
    {"2026-01-01T00:00:00+00:99", BAD},
    {"2026-01-01T00:00:00+-1:-1", BAD},
    {"2026-01-01T00:00:00+1", BAD},
    {"2026-01-01_00:00:00Z", BAD},
    {"2026-01-01T00:00Z", BAD},
    {"2026-01-01", BAD},
    {"2026-11-23 20:49:34", BAD},
    {"2026-11-23T20:49:34", BAD},
    {"2026-11-23T20:49:34.5", BAD},
    {"2026-11-23T20:49:34 CET", BAD},
    {"2026-11-23T20:49:34+", BAD},
    {"2026-11-23T20:49:34+24", BAD},
    {"1795466974", BAD},
    {"%time{%Y-%m-%dT%H:%M:%S.%fZ}", BAD},
    {"", BAD},
};

static const struct spelling certificates[] = {
    {"Nov 23 20:49:34 2026 GMT", 1795466974},
    {"Dec  3 09:04:16 2026 GMT\nCert:", 1796288656},
    {"2026-11-23 20:49:34 GMT", 1795466974},
    {"Jan  1 00:00:00 2050 GMT", INT64_C(2524608000)},
    {"Feb 29 00:00:00 2028 GMT", 1835395200},
    {"Dec 31 23:59:59 9999 GMT", INT64_C(253402300799)},
    /* OpenSSL's ASN1_TIME_print: GMT is missing where the certificate had a zone, which it
     * has taken into account */
    {"Nov 23 20:49:34 2026", 1795466974},
    {"Nov 23 20:49:34 2026\\nCert:", 1795466974},
    {"Nov 23 20:49:34.25 2026 GMT", 1795466974},
    {"Nov 23 20:49:34.0123456789012345678901234567890 2026 GMT", 1795466974},
    /* curl's lib/vtls/x509asn1.c: GnuTLS, Schannel, mbedTLS, rustls, Secure Transport, NSS */
    {"2026-11-23 20:49:34 GMT\nSignature Algorithm:", 1795466974},
    {"2026-11-23 20:49:34", 1795466974},
    {"2026-11-23 20:49:34.5 GMT", 1795466974},
    {"2026-11-23 20:49:34.090", 1795466974},
    {"2026-11-23 23:19:34 UTC+02:30", 1795466974},
    {"2026-11-23 17:49:34.01 UTC-3", 1795466974},
    {"2026-11-23 16:49:34 UTC-04", 1795466974},
    {"2026-11-23 21:49:34 UTC+0100", 1795466974},
    {"2026-11-23 21:49:34 +0100", 1795466974}, /* UTCTime */
    {"2026-11-23 18:39:34 -0210\\nSignature", 1795466974},
    {"2026-11-23 20:49:34 CET", BAD},
    {"2026-11-23 20:49:34 0100", BAD}, /* curl before 8.8 loses the sign */
    {"2026-11-23 20:49:34 UTC+25:00", BAD},
    {"2026-11-23 20:49:34 UTC+01:60", BAD},
    {"2026-11-23 20:49:34 UTC", BAD},
    {"2026-11-23 20:49:34 GMTX", BAD},
    {"2026-21-13 20:49:34 GMT", BAD},
    {"2026-11-23 20:49 GMT", BAD},
    {"Bad time value", BAD},
    {"Nov 23 20:49:34 2026 CET", BAD},
    {"Nov 23 20:49:34. GMT", BAD},
    {"anF 23 20:49:34 2026 GMT", BAD},
    {"No 23 20:49:34 2026 GMT", BAD},
    {"Nov 32 20:49:34 2026 GMT", BAD},
    {"20:49:34", BAD},
    {"", BAD},
};

static void check(const struct spelling *spelling, size_t count,
                  int (*parse)(const char *text, int64_t *time), const char *what)
{
    char name[160];
    for (; count--; spelling++) {
        int64_t time = 0;
        if (parse(spelling->text, &time) < 0)
            time = BAD;
        snprintf(name, sizeof name, "%s '%.*s' is %s", what, (int)strcspn(spelling->text, "\n"),
                 spelling->text, spelling->want == BAD ? "refused" : "read to the last digit");
        OK(time == spelling->want, name);
        if (time != spelling->want)
            printf("#  got: %lld\n# want: %lld\n", (long long)time, (long long)spelling->want);
    }
}

#define CHECK(table, parse, what) check(table, sizeof table / sizeof *table, parse, what)

static void zones(void)
{
    static const struct {
        const char *tz;
        int64_t at;
        int east;
    } cases[] = {{"UTC0", 0, 0},
                 {"XXX-5:30", 1795628531, 19800},
                 {"XXX9:30", 1795628531, -34200},
                 {"CET-1CEST,M3.5.0,M10.5.0/3", 1795628531, 3600},
                 {"CET-1CEST,M3.5.0,M10.5.0/3", 1783000000, 7200},
                 {"XXX-14", 1798718399, 50400}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        setenv("TZ", cases[i].tz, 1);
        IS(dates_zone(cases[i].at), cases[i].east, "seconds by which local time is ahead");
    }
}

int main(void)
{
    CHECK(dates, dates_parse_iso8601, "date");
    CHECK(certificates, dates_parse_certificate, "certificate date");
    zones();
    return tap_done();
}
