/* Why: a time that is wrong is worse than none. What cannot be a time of this
 * transfer is refused with the reason, and what can be is kept to the last digit. */
#include "input/parse_time.h"

#include "base/dates.h"
#include "model/transfer.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

const char parse_time_wrong_type[] = "a time that is neither seconds nor ISO 8601";
static const char implausible[] = "a time before 2000 or more than 10 minutes ahead";

/* Finds the number of "ts": that was read as `seconds`, in nanoseconds. 0 or -1. */
static int find_digits(double seconds, const char *object, size_t len, int64_t *ns)
{
    static const char key[] = "\"ts\"";
    const char *const end = object + len;
    for (const char *p = object; (size_t)(end - p) > sizeof key; p++) {
        p = memchr(p, '"', (size_t)(end - p) - sizeof key);
        if (!p)
            return -1;
        if (memcmp(p, key, sizeof key - 1) != 0)
            continue;
        const char *at = p + sizeof key - 1;
        while (at < end && (isspace((unsigned char)*at) || *at == ':'))
            at++;
        const char *behind;
        if (dates_parse_seconds(at, &behind, ns) == 0 && *behind != 'e' && *behind != 'E' &&
            fabs((double)*ns / 1e9 - seconds) < 1e-6)
            return 0;
    }
    return -1;
}

static const char *judge(int64_t time_ns, int64_t now_ns)
{
    return transfer_time_is_plausible(time_ns, now_ns) ? NULL : implausible;
}

const char *parse_time_of_number(double seconds, const char *object, size_t len, int64_t now_ns,
                                 int64_t *time_ns)
{
    if (!(seconds >= 0 && seconds < 9e9)) /* more does not fit into nanoseconds */
        return implausible;
    if (find_digits(seconds, object, len, time_ns) < 0)
        *time_ns = (int64_t)(seconds * 1e6) * 1000;
    return judge(*time_ns, now_ns);
}

const char *parse_time_of_text(const char *text, int64_t now_ns, int64_t *time_ns)
{
    if (dates_parse_iso8601(text, time_ns) < 0)
        return parse_time_wrong_type;
    return judge(*time_ns, now_ns);
}
