/* Why: twenty processes may share one terminal or log file, so each line is written
 * whole, and all lines have one form. */
#include "base/notice.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void notice(const struct notice *to, enum notice_level level, const char *format, ...)
{
    enum { LINE = 2048 };
    char line[LINE], out[sizeof NOTICE_CLEAR + TEXT_ROOM];
    size_t begin = 0;
    if (level > to->level)
        return;
    const time_t now = time(NULL);
    struct tm utc;
    if (to->dated && gmtime_r(&now, &utc))
        begin = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%SZ ", &utc);
    begin += (size_t)snprintf(line + begin, sizeof line - begin, "tsdb-exporter: ");
    va_list ap;
    va_start(ap, format);
    vsnprintf(line + begin, sizeof line - begin, format, ap);
    va_end(ap);
    /* a text from a server or the input may hold anything, and a terminal would obey */
    const bool drawn = to->drawn && *to->drawn;
    const size_t clear = drawn ? strlen(NOTICE_CLEAR) : 0;
    memcpy(out, NOTICE_CLEAR, clear);
    const size_t len = clear + text_clean(out + clear, line, false);
    out[len] = '\n';
    if (drawn)
        *to->drawn = false;
    fwrite(out, 1, len + 1, stderr);
}
