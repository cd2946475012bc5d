/* The same summary is read on a wide terminal, in a narrow pane, and in the mail of a cron
 * job. What each of them can show is found out here, so that nobody else has to ask. */
#include "report/screen.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_USUAL = 80, WIDTH_MAX = 1000 };

static const char *variable(const char *name)
{
    const char *const value = getenv(name);
    return value && *value ? value : NULL;
}

static size_t width_of(int fd)
{
    struct winsize size;
    if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    const char *const columns = variable("COLUMNS");
    const long number = columns ? strtol(columns, NULL, 10) : 0;
    return number > 0 && number <= WIDTH_MAX ? (size_t)number : WIDTH_USUAL;
}

static bool is_utf8(void)
{
    const char *locale = variable("LC_ALL");
    locale = locale ? locale : variable("LC_CTYPE");
    locale = locale ? locale : variable("LANG");
    const char *const charset = locale ? strchr(locale, '.') : NULL;
    return charset &&
           (strncasecmp(charset, ".UTF-8", 6) == 0 || strncasecmp(charset, ".UTF8", 5) == 0);
}

void screen_init(struct screen *screen, int fd)
{
    const char *const term = variable("TERM");
    const size_t width = width_of(fd);
    screen->width = width < SCREEN_WIDTH_MIN ? SCREEN_WIDTH_MIN : width;
    screen->terminal = isatty(fd);
    screen->dumb = term && strcmp(term, "dumb") == 0;
    screen->colour = screen->terminal && !screen->dumb && !variable("NO_COLOR");
    screen->utf8 = is_utf8();
}

const char *screen_count(char *out, uint64_t count)
{
    char digits[SCREEN_ROOM];
    const int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
    size_t used = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
    return out;
}

/* So many digits, at least 3, or more if there are more in front of the point. */
static void some_digits(char *out, double value, const char *unit, int digits)
{
    char number[SCREEN_ROOM];
    const double size = fabs(value);
    if (digits == 3 && size >= 999.5 && size < 1e15) {
        screen_count(number, (uint64_t)(size + 0.5));
        snprintf(out, SCREEN_ROOM, "%s%.26s%s", value < 0 ? "-" : "", number, unit);
        return;
    }
    const int decimals = digits - (size < 9.995 ? 1 : size < 99.95 ? 2 : size < 999.5 ? 3 : 4);
    if (size < 1e15)
        snprintf(out, SCREEN_ROOM, "%.*f%s", decimals, value, unit);
    else
        snprintf(out, SCREEN_ROOM, "%.2e%s", value, unit);
}

const char *screen_seconds_to(const struct screen *screen, char *out, double value, int digits)
{
    /* from which size on, as it is shown */
    static const struct {
        double from, factor;
        const char *unit;
    } units[] = {
        {172800, 1 / 86400.0, " d"}, {7200, 1 / 3600.0, " h"}, {600, 1 / 60.0, " m"},
        {0.9995, 1, " s"},           {0.0009995, 1e3, " ms"},
    };
    const double size = fabs(value);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (size >= units[i].from) {
            some_digits(out, value * units[i].factor, units[i].unit, digits);
            return out;
        }
    const double us = value * 1e6; /* whole for curl's own times, but not for averages */
    const char *const unit = screen->utf8 ? " µs" : " us";
    if (fabs(us - round(us)) < 1e-6)
        snprintf(out, SCREEN_ROOM, "%.0f%s", us, unit);
    else
        some_digits(out, us, unit, digits);
    return out;
}

const char *screen_seconds(const struct screen *screen, char *out, double value)
{
    return screen_seconds_to(screen, out, value, 3);
}

const char *screen_bytes(char *out, double value)
{
    static const char *const units[] = {" B", " KiB", " MiB", " GiB", " TiB", " PiB"};
    size_t unit = 0;
    for (; fabs(value) >= 1023.5 && unit < 5; unit++)
        value /= 1024;
    if (unit == 0)
        snprintf(out, SCREEN_ROOM, "%.0f B", value);
    else
        some_digits(out, value, units[unit], 3);
    return out;
}

const char *screen_rate(char *out, double per_second)
{
    some_digits(out, per_second, "/s", 3);
    return out;
}

const char *screen_share(char *out, uint64_t part, uint64_t of)
{
    const double percent = of ? 100 * (double)part / (double)of : 0;
    if (part == 0 || part == of)
        snprintf(out, SCREEN_ROOM, "%.0f %%", percent);
    else if (percent < 0.01)
        snprintf(out, SCREEN_ROOM, "<0.01 %%");
    else if (percent > 99.99)
        snprintf(out, SCREEN_ROOM, ">99.99 %%");
    else
        snprintf(out, SCREEN_ROOM, percent < 9.995 || percent > 99 ? "%.2f %%" : "%.1f %%",
                 percent);
    return out;
}

/* Reads one character of clean UTF-8; returns its bytes. */
static size_t decode(const char *text, uint32_t *character)
{
    const unsigned char *const p = (const unsigned char *)text;
    const size_t length = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    *character = length == 1 ? p[0] : p[0] & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++)
        *character = *character << 6 | (p[i] & 0x3F);
    return length;
}

/* After Unicode's EastAsianWidth, for the letters that labels are made of. */
static size_t width_of_character(uint32_t c)
{
    static const struct {
        uint32_t first, last;
        size_t width;
    } ranges[] = {
        {0x0300, 0x036F, 0}, {0x1100, 0x115F, 2}, {0x200B, 0x200F, 0},   {0x2E80, 0xA4CF, 2},
        {0xAC00, 0xD7A3, 2}, {0xF900, 0xFAFF, 2}, {0xFE00, 0xFE0F, 0},   {0xFE30, 0xFE6F, 2},
        {0xFF00, 0xFF60, 2}, {0xFFE0, 0xFFE6, 2}, {0x1F300, 0x1FAFF, 2}, {0x20000, 0x3FFFD, 2},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && c >= ranges[i].first; i++)
        if (c <= ranges[i].last)
            return ranges[i].width;
    return 1;
}

size_t screen_columns(const char *text)
{
    size_t columns = 0;
    for (uint32_t c; *text; columns += width_of_character(c))
        text += decode(text, &c);
    return columns;
}

static void append_character(const struct screen *screen, struct buf *out, const char *at,
                             size_t length)
{
    if (length == 1 || screen->utf8)
        buf_append(out, at, length);
    else
        buf_append_text(out, "?");
}

static void append_spaces(struct buf *out, size_t count)
{
    buf_printf(out, "%*s", (int)count, "");
}

void screen_text(const struct screen *screen, struct buf *out, const char *text)
{
    uint32_t c;
    for (size_t length; *text; text += length) {
        length = decode(text, &c);
        append_character(screen, out, text, length);
    }
}

void screen_cell(const struct screen *screen, struct buf *out, const char *text, int columns)
{
    const size_t room = (size_t)abs(columns);
    const size_t wanted = screen_columns(text);
    if (wanted <= room) {
        append_spaces(out, columns < 0 ? room - wanted : 0);
        screen_text(screen, out, text);
        append_spaces(out, columns < 0 ? 0 : room - wanted);
        return;
    }
    const char *const mark = screen->utf8 ? "…" : "~";
    size_t used = 0;
    for (uint32_t c; *text;) {
        const size_t length = decode(text, &c);
        if (used + width_of_character(c) + 1 > room)
            break;
        used += width_of_character(c);
        append_character(screen, out, text, length);
        text += length;
    }
    buf_append_text(out, mark);
    append_spaces(out, room - used - 1);
}

void screen_styled(const struct screen *screen, struct buf *out, enum screen_style style,
                   const char *text, int columns)
{
    static const char *const codes[] = {
        [STYLE_BOLD] = "\033[1m",
        [STYLE_DIM] = "\033[2m",
        [STYLE_GOOD] = "\033[32m",
        [STYLE_BAD] = "\033[31m",
    };
    const bool coloured = screen->colour && style != STYLE_PLAIN && *text;
    const size_t wanted = screen_columns(text), room = (size_t)abs(columns);
    const size_t spaces = columns && wanted < room ? room - wanted : 0;
    append_spaces(out, columns < 0 ? spaces : 0);
    if (coloured)
        buf_append_text(out, codes[style]);
    if (columns && wanted > room)
        screen_cell(screen, out, text, columns);
    else
        screen_text(screen, out, text);
    if (coloured)
        buf_append_text(out, "\033[0m");
    append_spaces(out, columns > 0 ? spaces : 0); /* uncoloured, so that a line's end can be cut */
}

void screen_bar(const struct screen *screen, struct buf *out, double part, double whole,
                size_t columns)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const double length = whole > 0 ? part / whole * (double)columns : 0;
    if (part <= 0)
        return;
    if (!screen->utf8) {
        for (size_t i = 0; i == 0 || i < (size_t)(length + 0.5); i++)
            buf_append_text(out, "#");
        return;
    }
    size_t eighth = (size_t)(length * 8 + 0.5);
    eighth = eighth ? eighth : 1;
    for (; eighth >= 8; eighth -= 8)
        buf_append_text(out, "█");
    buf_append_text(out, eighths[eighth]);
}

void screen_wrapped(const struct screen *screen, struct buf *out, const char *text)
{
    char word[TEXT_ROOM];
    size_t used = 0;
    if (screen->colour)
        buf_append_text(out, "\033[2m");
    while (*text) {
        const size_t length = strcspn(text, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, text);
        const size_t columns = screen_columns(word);
        if (used && used + 1 + columns > screen->width) {
            buf_append_text(out, "\n");
            used = 0;
        } else if (used) {
            buf_append_text(out, " ");
            used++;
        }
        buf_append_text(out, word);
        used += columns;
        text += length + (text[length] == ' ');
    }
    buf_append_text(out, screen->colour ? "\033[0m\n" : "\n");
}
