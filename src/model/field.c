/* The table itself stands in the header, because its rows also make the identifiers
 * F_... of enum field_id. Here it is searched. */
#include "model/field.h"

#include "base/spelling.h"
#include "model/key_rules.h"

#include <string.h>

#define FIELD_ROW(identifier, name, kind, unit, help)                                              \
    {name, sizeof name - 1, FIELD_##kind, unit, help},
const struct field field_table[FIELD_COUNT] = {FIELD_TABLE(FIELD_ROW)};

/* How many rows behind the hint are tried before the binary search: as many as the
 * longest run of neighbouring keys that some version of curl does not write. */
enum { LOOK_AHEAD = 4 };

enum field_id field_find(const char *name, int hint)
{
    for (int i = hint; i < FIELD_COUNT && i < hint + LOOK_AHEAD; i++)
        if (field_table[i].name[0] == name[0] && strcmp(field_table[i].name, name) == 0)
            return (enum field_id)i;
    int low = 0, high = FIELD_COUNT;
    while (low < high) {
        const int middle = (low + high) / 2;
        const int order = strcmp(name, field_table[middle].name);
        if (order == 0)
            return (enum field_id)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return FIELD_NONE;
}

enum field_id field_named(const char *name, struct error *err)
{
    const enum field_id field = field_find(name, 0);
    if (field != FIELD_NONE)
        return field;
    const char *names[FIELD_COUNT + 1] = {0};
    for (size_t i = 0; i < FIELD_COUNT; i++)
        names[i] = field_table[i].name;
    char room[SPELLING_ROOM];
    error_set(err, "curl has no key '%.100s'%s", name, spelling_hint(room, name, names, "'", "'"));
    return FIELD_NONE;
}

int field_or_own_named(const char *name, enum field_id *field, struct error *err)
{
    *field = field_find(name, 0);
    for (int i = 0; *field == FIELD_NONE && i < FIELD_COUNT; i++)
        if (spelling_is_slip(name, field_table[i].name)) {
            (void)field_named(name, err);
            return -1;
        }
    if (*field != FIELD_NONE || key_rules_is_name(name))
        return 0;
    return error_set(err, "no database can store a key '%.100s'", name);
}
