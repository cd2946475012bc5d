/* option_table: every option, in one table.
 *
 * A row is all that is known about an option. The command line, the environment, the
 * defaults, the limits, --help and the shells' completions all come from it. A new
 * option is a member of a wing's options, a row, and one more in OPTION_ROWS. */
#ifndef TSDB_EXPORTER_CLI_OPTION_TABLE_H
#define TSDB_EXPORTER_CLI_OPTION_TABLE_H

#include <stddef.h>

/* How a value is read, and the type of the member that it goes to. */
enum option_kind {
    OPTION_FLAG,     /* bool */
    OPTION_SIZE,     /* size_t, bytes */
    OPTION_SPACE,    /* uint64_t, bytes on a disk */
    OPTION_COUNT,    /* size_t */
    OPTION_CHOICE,   /* int, one of two versions */
    OPTION_DURATION, /* int64_t, milliseconds */
    OPTION_STRING,   /* const char * */
    OPTION_PREFIX,   /* const char *, checked */
    OPTION_LIST,     /* struct string_list; each use adds an item */
    OPTION_LABEL,
    OPTION_TAG_FIELD,
    OPTION_LAYOUT,
    OPTION_HELP,
    OPTION_VERSION
};

/* In the order of --help all. */
enum option_group {
    GROUP_INPUT,
    GROUP_TAGS,
    GROUP_OUTPUT,
    GROUP_DELIVERY,
    GROUP_TOTALS,
    GROUP_SPOOL,
    GROUP_SUMMARY,
    GROUP_MESSAGES,
    OPTION_GROUPS
};

struct option_row {
    const char *name;
    char letter; /* 0 for none */
    enum option_group group;
    enum option_kind kind;
    size_t offset;        /* of the member of struct options, where it has one */
    const char *argument; /* what it takes, or NULL */
    /* The default and the limits are written as a user would type them. */
    const char *preset;            /* NULL: off, none */
    const char *preset_with_spool; /* NULL: the same */
    const char *min, *max;
    const char *help; /* with the default it fits beside the name on 80 columns */
};

enum { OPTION_ROWS = 46 };

extern const struct option_row option_table[]; /* OPTION_ROWS of them */

struct option_group_row {
    const char *name; /* for --help */
    const char *title;
    const char *more; /* lines of help below the options, or NULL */
};

extern const struct option_group_row option_groups[OPTION_GROUPS];

/* The database of those who name none; see environment.c. */
#define DEFAULT_INFLUX_HOST "http://localhost:8086"
#define DEFAULT_INFLUX_PATH "/metrics"

enum { OPTION_HELP_ROOM = 128 };
/* Writes the help of an option with its default, "... (default 1M)", to `room`
 * (OPTION_HELP_ROOM bytes) and returns it. */
const char *option_help(const struct option_row *row, char *room);

#endif
