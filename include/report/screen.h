/* screen: text for people, in the width, colours and letters that its destination has.
 *
 * Width: what the terminal says, else COLUMNS, else 80. Colours: only on a terminal, and
 * not with NO_COLOR (https://no-color.org) or TERM=dumb. Letters beyond ASCII: if LC_ALL,
 * LC_CTYPE or LANG, the first that is set, names UTF-8. */
#ifndef TSDB_EXPORTER_REPORT_SCREEN_H
#define TSDB_EXPORTER_REPORT_SCREEN_H

#include "base/buf.h"

#include <stdint.h>

struct screen {
    size_t width; /* columns, at least SCREEN_WIDTH_MIN */
    bool terminal, dumb, colour, utf8;
};

/* The narrowest tables need this. */
#define SCREEN_WIDTH_MIN 48
#define SCREEN_ROOM 32

enum screen_style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_GOOD, STYLE_BAD };

void screen_init(struct screen *screen, int fd);

/* These fill SCREEN_ROOM bytes and return them. */
const char *screen_count(char *out, uint64_t count);                              /* 10,000,000 */
const char *screen_seconds(const struct screen *screen, char *out, double value); /* 12.3 ms */
/* With so many digits, from 3 on. */
const char *screen_seconds_to(const struct screen *screen, char *out, double value, int digits);
const char *screen_bytes(char *out, double value);               /* 1.2 MiB */
const char *screen_rate(char *out, double per_second);           /* 81.2/s */
const char *screen_share(char *out, uint64_t part, uint64_t of); /* 1.2 % */

/* How many columns a clean UTF-8 text takes. */
size_t screen_columns(const char *text);

/* Appends `text`, cut or filled with spaces to `columns`; if that is negative, the text
 * stands at the right end. Letters that the screen does not have become '?'. */
void screen_cell(const struct screen *screen, struct buf *out, const char *text, int columns);
void screen_text(const struct screen *screen, struct buf *out, const char *text);
/* Appends text in a style. */
void screen_styled(const struct screen *screen, struct buf *out, enum screen_style style,
                   const char *text, int columns);
/* Appends a bar of `part` / `whole` * `columns`, which can be seen if part is not 0. */
void screen_bar(const struct screen *screen, struct buf *out, double part, double whole,
                size_t columns);
/* Appends a dim paragraph: `text`, whose letters the screen has, in lines that are broken
 * between words. */
void screen_wrapped(const struct screen *screen, struct buf *out, const char *text);

#endif
