/* option_table: every option, in one table.
 *
 * A new option is a row here, and a member of struct options or a case in
 * options.c's set(). */
#ifndef TSDB_EXPORTER_CLI_OPTION_TABLE_H
#define TSDB_EXPORTER_CLI_OPTION_TABLE_H

#include <stddef.h>

enum option_kind {
    OPTION_FLAG,     /* bool */
    OPTION_SIZE,     /* size_t, bytes */
    OPTION_SPACE,    /* uint64_t, bytes on a disk */
    OPTION_COUNT,    /* size_t */
    OPTION_CHOICE,   /* int, 1 or 2 */
    OPTION_DURATION, /* int64_t, milliseconds */
    OPTION_STRING,   /* const char * */
    OPTION_LIST,     /* struct string_list */
    OPTION_PREFIX,   /* const char *, checked */
    OPTION_LABEL,
    OPTION_TAG_FIELD,
    OPTION_LAYOUT,
    OPTION_HELP,
    OPTION_VERSION
};

struct option_row {
    const char *name;
    char letter; /* 0 for none */
    enum option_kind kind;
    size_t offset;        /* of the member of struct options, where it has one */
    const char *argument; /* what it takes, or NULL */
    const char *group;    /* of option_groups */
    const char *help;     /* fits beside it on a line of 80 columns */
};

enum { OPTION_ROWS = 37, OPTION_GROUPS = 7 };

extern const struct option_row option_table[OPTION_ROWS];
/* Name on the command line of --help, and title. */
extern const char *const option_groups[OPTION_GROUPS][2];

#endif
