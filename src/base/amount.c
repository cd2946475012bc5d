/* Why: people write 500ms and 1M; the same spelling must mean the same wherever
 * an amount is typed. */
#include "base/amount.h"

#include <stdlib.h>
#include <string.h>

struct unit {
    const char *name;
    double factor;
};

static const struct unit counts[] = {{"", 1}, {0}};
static const struct unit sizes[] = {
    {"", 1},        {"B", 1},         {"k", 1024},       {"K", 1024},         {"KiB", 1024},
    {"M", 1048576}, {"MiB", 1048576}, {"G", 1073741824}, {"GiB", 1073741824}, {0}};
static const struct unit durations[] = {{"", 1},   {"us", 1e-6}, {"ms", 1e-3}, {"s", 1},
                                        {"m", 60}, {"h", 3600},  {"d", 86400}, {0}};

static const struct unit *const units_of[] = {
    [AMOUNT_COUNT] = counts, [AMOUNT_SIZE] = sizes, [AMOUNT_DURATION] = durations};

int amount_parse(const char *text, enum amount_kind kind, double min, double max, double *amount)
{
    char *end;
    const size_t digits = strspn(text, "0123456789.");
    const double number = strtod(text, &end);
    if (digits == 0 || end != text + digits)
        return -1; /* strtod takes "inf", "-1", " 1", "1e3" and "0x10" as well */
    for (const struct unit *unit = units_of[kind]; unit->name; unit++) {
        if (strcmp(end, unit->name) != 0)
            continue;
        *amount = number * unit->factor;
        return *amount >= min && *amount <= max ? 0 : -1;
    }
    return -1;
}
