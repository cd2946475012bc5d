/* Why: what waits on a disk must be readable by people, by a later version and by a
 * database, hence line protocol. layout/line writes it; only the spool must read it
 * back, and only what record_write has written. */
#include "spool/record.h"

#include "layout/line.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char series[] = "curl";

void record_write(struct buf *out, const struct transfer *transfer, bool text)
{
    struct point points[LAYOUT_POINTS_MAX];
    size_t n = 0;
    for (int f = 0; f < FIELD_COUNT; f++) {
        const char *const name = field_table[f].name;
        if (transfer->present[f])
            points[n++] = (struct point){series, name, transfer->number[f], NULL};
        else if (text && transfer->text[f])
            points[n++] = (struct point){series, name, 0, transfer->text[f]};
    }
    for (size_t i = 0; i < transfer->extra_count; i++)
        points[n++] =
            (struct point){series, transfer->extras[i].name, transfer->extras[i].value, NULL};
    for (size_t i = 0; text && i < transfer->own_text_count; i++)
        if (*transfer->own_texts[i].text)
            points[n++] =
                (struct point){series, transfer->own_texts[i].name, 0, transfer->own_texts[i].text};
    line_append(out, "", transfer, points, n);
}

/* Ends the word at `at`, in place, before the first character of `stops` that has no
 * backslash before it, and removes the backslashes before characters of `special`.
 * Returns the character that ended the word, '\0' at the end of the line; `*next` is
 * behind it. */
static char end_word(char *at, const char *stops, const char *special, char **next)
{
    char *to = at;
    while (*at && !strchr(stops, *at)) {
        if (*at == '\\' && at[1] && strchr(special, at[1]))
            at++;
        *to++ = *at++;
    }
    const char stop = *at;
    *next = at + (stop != '\0');
    *to = '\0';
    return stop;
}

/* Reads a number. Up to 15 digits with a decimal point, as text_number writes nearly all
 * numbers, are read here: the digits and the power of ten are both exact as doubles, so
 * one division gives the nearest double (W. D. Clinger, "How to Read Floating Point
 * Numbers Accurately"). strtod reads all other numbers, and all numbers on machines that
 * do not compute doubles as doubles. */
static double read_number(const char *at, char **end)
{
    static const double powers[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    enum { EXACT_DIGITS = 15 };
    const char *const begin = at;
    const int negative = *at == '-';
    long long digits = 0;
    int count = 0, decimals = 0;
    for (at += negative; *at >= '0' && *at <= '9'; at++, count++)
        digits = count < EXACT_DIGITS ? digits * 10 + (*at - '0') : digits;
    if (count && *at == '.')
        for (at++; *at >= '0' && *at <= '9'; at++, count++, decimals++)
            digits = count < EXACT_DIGITS ? digits * 10 + (*at - '0') : digits;
    if (FLT_EVAL_METHOD != 0 || count == 0 || count > EXACT_DIGITS || *at == 'e' || *at == '.')
        return strtod(begin, end);
    *end = (char *)(uintptr_t)at;
    const double value = (double)digits / powers[decimals];
    return negative ? -value : value;
}

static int read_tags(char **at, struct transfer *t)
{
    char stop = ',';
    while (stop == ',') {
        if (t->tag_count == TRANSFER_TAGS_MAX)
            return -1;
        struct tag *const tag = &t->tags[t->tag_count++];
        tag->key = *at;
        if (end_word(*at, "=, ", ",= ", at) != '=')
            return -1;
        tag->value = *at;
        stop = end_word(*at, ", ", ",= ", at);
        if (!*tag->key || !*tag->value)
            return -1;
    }
    return stop == ' ' ? 0 : -1;
}

static int add_text(struct transfer *t, enum field_id field, const char *name, char **at)
{
    if (field != FIELD_NONE)
        t->text[field] = *at + 1;
    else if (t->own_text_count == TRANSFER_EXTRAS_MAX || (*at)[1] == '"')
        return -1; /* an own text that is empty is never written */
    else
        t->own_texts[t->own_text_count++] = (struct own_text){name, *at + 1};
    return end_word(*at + 1, "\"", "\"\\", at) == '"' ? 0 : -1;
}

static int add_number(struct transfer *t, enum field_id field, const char *name, char **at)
{
    char *end;
    const double value = read_number(*at, &end);
    if (end == *at || !isfinite(value))
        return -1;
    *at = end;
    if (field != FIELD_NONE) {
        transfer_set(t, field, value);
        return 0;
    }
    if (t->extra_count == TRANSFER_EXTRAS_MAX)
        return -1;
    t->extras[t->extra_count++] = (struct extra_number){name, value};
    return 0;
}

static int read_fields(char **at, struct transfer *t)
{
    int hint = 0;
    for (;;) {
        const char *const name = *at;
        if (end_word(*at, "=, ", "", at) != '=' || !*name)
            return -1;
        const enum field_id field = field_find(name, hint);
        hint = field == FIELD_NONE ? hint : (int)field + 1;
        if ((**at == '"' ? add_text(t, field, name, at) : add_number(t, field, name, at)) < 0)
            return -1;
        const char stop = *(*at)++;
        if (stop != ',')
            return stop == ' ' ? 0 : -1;
    }
}

int record_read(char *line, size_t len, struct transfer *t)
{
    const size_t name = sizeof series - 1;
    char *at = line + name + 1;
    t->tag_count = t->extra_count = t->own_text_count = 0;
    memset(t->present, 0, sizeof t->present);
    memset(t->text, 0, sizeof t->text);
    line[len] = '\0';
    if (len <= name || memchr(line, '\0', len) || memcmp(line, series, name) != 0 ||
        (line[name] != ',' && line[name] != ' '))
        return -1;
    if (line[name] == ',' && read_tags(&at, t) < 0)
        return -1;
    if (read_fields(&at, t) < 0)
        return -1;
    char *end;
    t->time_ns = strtoll(at, &end, 10);
    t->timed = true;
    return end > at && end == line + len ? 0 : -1;
}

size_t record_time_begin(const char *line, size_t len)
{
    while (len > 0 && line[len - 1] != ' ')
        len--;
    return len;
}

int64_t record_time(const char *line, size_t len)
{
    const size_t begin = record_time_begin(line, len);
    return begin > 0 && begin < len ? strtoll(line + begin, NULL, 10) : 0;
}
