/* Why: a person who mistypes a name knows the right one at sight; a list of all names
 * would hide it. */
#include "base/spelling.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static size_t smallest(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Damerau-Levenshtein distance (optimal string alignment), in three rows. */
enum { WORD_MAX = 40 };
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][WORD_MAX + 1];
    const size_t a_len = strlen(a), b_len = strlen(b);
    if (a_len > WORD_MAX || b_len > WORD_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *const row = rows[i % 3], *const above = rows[(i - 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            row[j] = smallest(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                const size_t swapped = rows[(i - 2) % 3][j - 2] + 1;
                row[j] = swapped < row[j] ? swapped : row[j];
            }
        }
    }
    return rows[a_len % 3][b_len];
}

static const char *nearest(const char *word, const char *const *names)
{
    const char *found = NULL;
    size_t best = strlen(word) / 3 + 1;
    for (; *names; names++) {
        const size_t far = distance(word, *names);
        const bool begins = strlen(word) >= 3 && strncmp(*names, word, strlen(word)) == 0;
        if (far <= best || (begins && !found)) {
            found = *names;
            best = far <= best ? far : best;
        }
    }
    return found;
}

bool spelling_is_slip(const char *word, const char *name)
{
    const size_t len = strlen(word), slips = len < 8 ? 1 : 2;
    return len >= 3 && distance(word, name) <= slips;
}

const char *spelling_hint(char *room, const char *word, const char *const *names,
                          const char *before, const char *after)
{
    const char *const name = nearest(word, names);
    if (!name)
        return "";
    snprintf(room, SPELLING_ROOM, "; did you mean %s%.60s%s?", before, name, after);
    return room;
}
