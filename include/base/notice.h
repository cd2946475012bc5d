/* notice: messages to the user, on standard error. */
#ifndef TSDB_EXPORTER_BASE_NOTICE_H
#define TSDB_EXPORTER_BASE_NOTICE_H

#include <stdbool.h>

enum notice_level {
    NOTICE_RESULT, /* what was not delivered: always written */
    NOTICE_WARN,   /* not with --quiet */
    NOTICE_DETAIL  /* only with --verbose */
};

/* Messages up to `level` are written. */
struct notice {
    enum notice_level level;
    bool dated;  /* with the time (UTC) before each, for a log */
    bool *drawn; /* set while the terminal shows a line without a newline, which must be
                    cleared before another is written; NULL: there never is one */
};

/* Moves to the beginning of the terminal's line and empties it. */
#define NOTICE_CLEAR "\r\033[K"

/* Writes "tsdb-exporter: TEXT\n" at once, so that the lines of parallel processes do not
 * mix. Control characters in the text become blanks. */
void notice(const struct notice *to, enum notice_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
