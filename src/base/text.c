/* Why: labels come from shells and texts from servers. Whatever bytes they hold, a
 * database must read them as one value. And a number must come out as it went in,
 * on any machine, which printf does only with 17 digits that nobody can read. */
#include "base/text.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* RFC 3629, section 4. Stops at the '\0' that ends the string, since that continues no
 * sequence. */
size_t text_character(const char *text)
{
    const unsigned char *const p = (const unsigned char *)text;
    size_t length;
    unsigned char low = 0x80, high = 0xBF;
    if (p[0] < 0x80)
        return 1;
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        length = 2;
    } else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        length = 3;
        low = p[0] == 0xE0 ? 0xA0 : low;
        high = p[0] == 0xED ? 0x9F : high;
    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        length = 4;
        low = p[0] == 0xF0 ? 0x90 : low;
        high = p[0] == 0xF4 ? 0x8F : high;
    } else {
        return 0;
    }
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

/* Those of C0, DEL and C1, which a terminal obeys; Unicode's Bidi_Control, which change the
 * order in which a line is read; and its two separators, which begin a line. */
bool text_is_control(const char *text, size_t length)
{
    const unsigned char *const p = (const unsigned char *)text;
    if (length == 1)
        return *p < 0x20 || *p == 0x7F;
    if (length == 2)
        return (*p == 0xC2 && p[1] < 0xA0) || (*p == 0xD8 && p[1] == 0x9C); /* U+061C */
    if (length != 3 || *p != 0xE2)
        return false;
    return (p[1] == 0x80 && (p[2] == 0x8E || p[2] == 0x8F)) || /* U+200E, U+200F */
           (p[1] == 0x80 && p[2] >= 0xA8 && p[2] <= 0xAE) ||   /* U+2028 to U+202E */
           (p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9);     /* U+2066 to U+2069 */
}

size_t text_clean(char *out, const char *text, bool tag)
{
    const char *p = text;
    size_t used = 0;
    while (*p) {
        const size_t length = text_character(p);
        const char *piece = p;
        size_t count = length;
        if (length == 0) {
            piece = "\xEF\xBF\xBD";
            count = 3;
        } else if (text_is_control(p, length)) {
            piece = " ";
            count = 1;
        } else if (*p == '\\' && tag) {
            piece = "/";
        }
        if (used + count > TEXT_MAX)
            break;
        memcpy(out + used, piece, count);
        used += count;
        p += length ? length : 1;
    }
    out[used] = '\0';
    return used;
}

size_t text_integer(char *out, long long value)
{
    char digits[NUMBER_ROOM];
    size_t at = sizeof digits;
    unsigned long long rest = value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value;
    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        digits[--at] = '-';
    const size_t length = sizeof digits - at;
    memcpy(out, digits + at, length);
    out[length] = '\0';
    return length;
}

/* Whether the decimal in `text`, which is `millionths` / 1e6, reads back as `value`.
 * Both numbers are exact, so where double arithmetic is done in doubles their
 * quotient is what strtod makes of the text (W. D. Clinger, "How to Read Floating
 * Point Numbers Accurately"). Where it is done in more bits, as on i386, the
 * quotient would be rounded twice, and the C library does the work. */
static bool reads_back(const char *text, long long millionths, double value)
{
    if (FLT_EVAL_METHOD != 0)
        return strtod(text, NULL) == value;
    return (double)millionths / 1e6 == fabs(value);
}

/* Writes a number with at most six decimals, as curl writes its own. 0 when it has
 * more. */
static size_t write_millionths(char *out, double value)
{
    const double magnitude = fabs(value);
    if (magnitude >= 1e9)
        return 0;
    const long long millionths = (long long)(magnitude * 1e6 + 0.5);
    size_t used = 0;
    if (value < 0)
        out[used++] = '-';
    used += text_integer(out + used, millionths / 1000000);
    long long fraction = millionths % 1000000;
    if (fraction) {
        out[used] = '.';
        for (size_t i = 6; i > 0; i--, fraction /= 10)
            out[used + i] = (char)('0' + fraction % 10);
        for (used += 7; out[used - 1] == '0';)
            used--;
    }
    out[used] = '\0';
    return reads_back(out, millionths, value) ? used : 0;
}

size_t text_number(char *out, double value)
{
    if (value == 0)
        value = 0; /* "-0" is a way to write it that not every database takes */
    if (fabs(value) < 1e15 && value == (double)(long long)value)
        return text_integer(out, (long long)value);
    const size_t used = write_millionths(out, value); /* ten times faster than printf */
    if (used)
        return used;
    for (int digits = 15;; digits++) {
        const int length = snprintf(out, NUMBER_ROOM, "%.*g", digits, value);
        if (digits == 17 || strtod(out, NULL) == value)
            return (size_t)length;
    }
}
