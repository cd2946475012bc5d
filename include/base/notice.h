/* notice: lines to the person at the terminal, on standard error. */
#ifndef TSDB_EXPORTER_BASE_NOTICE_H
#define TSDB_EXPORTER_BASE_NOTICE_H

#include <stdbool.h>

enum notice_level {
    NOTICE_RESULT, /* what was not delivered: always said */
    NOTICE_WARN,   /* not with --quiet */
    NOTICE_DETAIL  /* with --verbose */
};

/* Everything up to `level` is said. */
struct notice {
    enum notice_level level;
    bool dated;  /* with the time (UTC) before it, for a log */
    bool *drawn; /* a line without end stands on the terminal, and goes before another
                    is written; NULL: there never is one */
};

/* Goes to the beginning of the line and empties it. */
#define NOTICE_CLEAR "\r\033[K"

/* "tsdb-exporter: TEXT\n" in one write, so that lines of parallel processes do
 * not mix. */
void notice(const struct notice *to, enum notice_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
