/* tap: the Test Anything Protocol for unit tests, in as much as they need.
 * A failing check says where, and with what values; the program goes on. */
#ifndef TSDB_EXPORTER_TAP_H
#define TSDB_EXPORTER_TAP_H

#include <math.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

static inline void tap_check(int good, const char *what, const char *file, int line)
{
    printf("%sok %d - %s\n", good ? "" : "not ", ++tap_count, what);
    if (!good) {
        tap_failed++;
        printf("# at %s:%d\n", file, line);
    }
}

static inline void tap_check_text(const char *got, const char *want, const char *what,
                                  const char *file, int line)
{
    const char *const g = got ? got : "NULL", *const w = want ? want : "NULL";
    const int good = !got == !want && strcmp(g, w) == 0;
    tap_check(good, what, file, line);
    if (!good)
        printf("#  got: %s\n# want: %s\n", g, w);
}

static inline void tap_check_number(double got, double want, const char *what, const char *file,
                                    int line)
{
    const int good = !(got < want) && !(got > want) && isnan(got) == isnan(want);
    tap_check(good, what, file, line);
    if (!good)
        printf("#  got: %.17g\n# want: %.17g\n", got, want);
}

/* The last thing main does: return tap_done(). */
static inline int tap_done(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed != 0;
}

#define OK(good, what) tap_check((good) ? 1 : 0, what, __FILE__, __LINE__)
#define IS_TEXT(got, want, what) tap_check_text(got, want, what, __FILE__, __LINE__)
#define IS(got, want, what)                                                                        \
    tap_check_number((double)(got), (double)(want), what, __FILE__, __LINE__)

#endif
