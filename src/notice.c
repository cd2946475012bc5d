/* Why: twenty exporters may share one terminal or log file; a line must arrive
 * whole, and in one form. */
#include "tsdb_exporter/notice.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void notice(const struct notice *to, enum notice_level level, const char *format, ...)
{
    char line[2048] = "tsdb-exporter: ";
    if (level > to->level)
        return;
    const size_t begin = strlen(line);
    va_list ap;
    va_start(ap, format);
    vsnprintf(line + begin, sizeof line - begin - 1, format, ap);
    va_end(ap);
    /* a server's or a path's control characters are not for the terminal */
    for (char *p = line; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            *p = ' ';
    strcat(line, "\n");
    fwrite(line, 1, strlen(line), stderr);
}
