/* notice: lines to the person at the terminal, on standard error. */
#ifndef TSDB_EXPORTER_NOTICE_H
#define TSDB_EXPORTER_NOTICE_H

#include <stdbool.h>

enum notice_level {
    NOTICE_RESULT, /* what was not delivered: always said */
    NOTICE_WARN,   /* not with --quiet */
    NOTICE_DETAIL  /* with --verbose */
};

/* Everything up to `level` is said. */
struct notice {
    enum notice_level level;
    bool dated; /* with the time (UTC) before it, for a log */
};

/* "tsdb-exporter: TEXT\n" in one write, so that lines of parallel processes do
 * not mix. */
void notice(const struct notice *to, enum notice_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
