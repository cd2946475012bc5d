/* Why: the shells must offer what the program takes, no less and no more. This
 * prints the completion for one of them: the file completion/SHELL, with the
 * program's own tables in the place of its lines "@options@" and "@values@".
 *
 *     completions SHELL <completion/SHELL
 *
 * What an option's value can be follows from what the help calls it (FILE, LIST,
 * 1|2, ...): sources[]. */
#include "cli/option_table.h"
#include "layout/layouts.h"
#include "model/field.h"
#include "output/outputs.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* How a value is completed; each shell has its own way for each shape. */
enum shape {
    SHAPE_NONE,
    SHAPE_FREE, /* by nothing */
    SHAPE_FILE,
    SHAPE_DIRECTORY,
    SHAPE_WORD,     /* from here on there are words */
    SHAPE_OPTIONAL, /* a word, in an argument of its own, or nothing */
    SHAPE_LIST,     /* words with commas between */
    SHAPE_TARGET,   /* a word that ends in '='; "file=" and a file */
    SHAPES
};
static const char *const shape_names[SHAPES] = {"",     "free",     "file", "directory",
                                                "word", "optional", "list", "target"};

/* Prints one word of a value. */
typedef void emit_word(const char *word, const char *help);

static void each_layout(emit_word *emit)
{
    for (const struct layout_type *layout = layout_table; layout->name; layout++)
        emit(layout->name, "");
}

static void each_form(emit_word *emit)
{
    emit("native", "what Prometheus must be told to take");
    emit("classic", "buckets, which every receiver takes");
}

static void each_group(emit_word *emit)
{
    for (size_t i = 0; i < OPTION_GROUPS; i++)
        emit(option_groups[i].name, option_groups[i].title);
    emit("all", "All options");
}

static void each_output(emit_word *emit)
{
    char word[64];
    for (const struct output_type *const *type = output_types; *type; type++) {
        snprintf(word, sizeof word, "%s=", (*type)->name);
        emit(word, (*type)->form);
    }
}

static void each_tag_field(emit_word *emit)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (field_table[i].kind != FIELD_SECRET)
            emit(field_table[i].name, field_table[i].help);
}

static void each_number(emit_word *emit)
{
    for (enum field_id i = 0; i < FIELD_COUNT; i++)
        if (field_is_number(i))
            emit(field_table[i].name, field_table[i].help);
}

/* Of a threshold. */
static void each_metric(emit_word *emit)
{
    emit("transfers", "how many there are");
    each_number(emit);
}

/* What the help calls a value -> how it is completed. A name that is not here is
 * free, or, with '|' in it, the words to choose from. */
static const struct source {
    const char *argument;
    enum shape shape;
    void (*words)(emit_word *emit);
} sources[] = {
    {"FILE", SHAPE_FILE, NULL},
    {"DIR", SHAPE_DIRECTORY, NULL},
    {"NAME", SHAPE_WORD, each_layout},
    {"FORM", SHAPE_WORD, each_form},
    {"[GROUP]", SHAPE_OPTIONAL, each_group},
    {"LIST", SHAPE_LIST, each_number},
    {"[TAG=]KEY", SHAPE_LIST, each_tag_field},
    {"KEY", SHAPE_WORD, each_tag_field},
    {"EXPR", SHAPE_WORD, each_metric},
    {"TYPE=TARGET", SHAPE_TARGET, each_output},
};
enum { SOURCES = sizeof sources / sizeof *sources };

static struct source source_of(const struct option_row *row)
{
    for (size_t i = 0; row->argument && i < SOURCES; i++)
        if (strcmp(sources[i].argument, row->argument) == 0)
            return sources[i];
    enum shape shape = SHAPE_NONE;
    if (row->argument)
        shape = strchr(row->argument, '|') ? SHAPE_WORD : SHAPE_FREE;
    return (struct source){row->argument, shape, NULL};
}

static void each_word(const struct source *source, emit_word *emit)
{
    char word[64];
    if (source->words) {
        source->words(emit);
    } else if (source->shape == SHAPE_WORD) {
        for (const char *at = source->argument; *at; at += *at == '|') {
            const size_t len = strcspn(at, "|");
            snprintf(word, sizeof word, "%.*s", (int)len, at);
            emit(word, "");
            at += len;
        }
    }
}

/* Inside single quotes: a ' is written as `quote`, and a backslash goes before
 * each of `special`. */
static void print_quoted(const char *text, const char *quote, const char *special)
{
    for (; *text; text++) {
        if (*text == '\'') {
            fputs(quote, stdout);
            continue;
        }
        if (strchr(special, *text))
            putchar('\\');
        putchar(*text);
    }
}

static void bash_option(const struct option_row *row)
{
    char help[OPTION_HELP_ROOM];
    printf("        $'--%s\\t", row->name);
    print_quoted(option_help(row, help), "\\'", "\\");
    puts("'");
}

static void bash_word(const char *word, const char *help)
{
    (void)help;
    printf("%s ", word);
}

static void bash_value(const struct option_row *row)
{
    const struct source source = source_of(row);
    const char letter[] = {'-', row->letter, '\0'};
    printf("    %s%s--%s) shape=%s words='", row->letter ? letter : "", row->letter ? " | " : "",
           row->name, shape_names[source.shape]);
    each_word(&source, bash_word);
    puts("' ;;");
}

static const char zsh_quote[] = "'\\''";

static bool is_repeatable(enum option_kind kind)
{
    return kind == OPTION_LIST || kind == OPTION_LABEL || kind == OPTION_TAG_FIELD;
}

/* A specification of _arguments: '(-b --batch)'{-b+,--batch=}'[help]:N: ' */
static void zsh_option(const struct option_row *row)
{
    char help[OPTION_HELP_ROOM];
    const enum shape shape = source_of(row).shape;
    const bool takes = shape != SHAPE_NONE && shape != SHAPE_OPTIONAL;
    fputs("        ", stdout);
    if (is_repeatable(row->kind))
        fputs("'*'", stdout);
    else if (row->letter)
        printf("'(-%c --%s)'", row->letter, row->name);
    if (row->letter)
        printf("{-%c%s,--%s%s}", row->letter, takes ? "+" : "", row->name, takes ? "=" : "");
    else
        printf("--%s%s", row->name, takes ? "=" : "");
    fputs("'[", stdout);
    print_quoted(option_help(row, help), zsh_quote, "\\[]");
    putchar(']');
    if (shape != SHAPE_NONE) {
        fputs(shape == SHAPE_OPTIONAL ? "::" : ":", stdout);
        print_quoted(row->argument, zsh_quote, "\\:");
        printf(shape == SHAPE_FREE ? ": " : ":->%s", row->name);
    }
    puts("' \\");
}

static void zsh_word(const char *word, const char *help)
{
    putchar('\'');
    print_quoted(word, zsh_quote, "\\:");
    if (*help)
        putchar(':');
    print_quoted(help, zsh_quote, "");
    fputs("' ", stdout);
}

static void zsh_value(const struct option_row *row)
{
    const struct source source = source_of(row);
    if (source.shape == SHAPE_FREE)
        return;
    printf("    (%s) shape=%s words_of_value=(", row->name, shape_names[source.shape]);
    each_word(&source, zsh_word);
    puts(") ;;");
}

static void fish_option(const struct option_row *row)
{
    static const char *const actions[SHAPES] = {
        [SHAPE_FREE] = " -x",
        [SHAPE_FILE] = " -r -F",
        [SHAPE_DIRECTORY] = " -x -a '(__fish_complete_directories)'",
        [SHAPE_WORD] = " -x -a '(__tsdb_exporter_word ",
        [SHAPE_LIST] = " -x -a '(__tsdb_exporter_list ",
        [SHAPE_TARGET] = " -x -a '(__tsdb_exporter_target ",
    };
    char help[OPTION_HELP_ROOM];
    const enum shape shape = source_of(row).shape;
    const char *const action = actions[shape];
    fputs("complete -c tsdb-exporter", stdout);
    if (row->letter)
        printf(" -s %c", row->letter);
    printf(" -l %s%s", row->name, action ? action : "");
    if (action && action[strlen(action) - 1] == ' ')
        printf("%s)'", row->name);
    fputs(" -d '", stdout);
    print_quoted(option_help(row, help), "\\'", "\\");
    puts("'");
    if (shape == SHAPE_OPTIONAL)
        printf("complete -c tsdb-exporter -n '__fish_seen_argument -s %c -l %s' "
               "-a '(__tsdb_exporter_word %s)'\n",
               row->letter, row->name, row->name);
}

static void fish_word(const char *word, const char *help)
{
    printf("            printf '%%s\\t%%s\\n' '%s' '", word);
    print_quoted(help, "\\'", "\\");
    puts("'");
}

static void fish_value(const struct option_row *row)
{
    const struct source source = source_of(row);
    if (source.shape < SHAPE_WORD)
        return;
    printf("        case %s\n", row->name);
    each_word(&source, fish_word);
}

static const struct shell {
    const char *name;
    void (*option)(const struct option_row *row);
    void (*value)(const struct option_row *row);
} shells[] = {
    {"bash", bash_option, bash_value},
    {"zsh", zsh_option, zsh_value},
    {"fish", fish_option, fish_value},
};
enum { SHELLS = sizeof shells / sizeof *shells };

/* The template on standard input, filled in. */
static void fill_in(const struct shell *shell)
{
    char line[512];
    while (fgets(line, sizeof line, stdin)) {
        const bool options = strcmp(line, "@options@\n") == 0;
        const bool values = strcmp(line, "@values@\n") == 0;
        if (!options && !values)
            fputs(line, stdout);
        for (size_t i = 0; options && i < OPTION_ROWS; i++)
            shell->option(&option_table[i]);
        for (size_t i = 0; values && i < OPTION_ROWS; i++)
            if (option_table[i].argument)
                shell->value(&option_table[i]);
    }
}

int main(int argc, char **argv)
{
    for (size_t i = 0; i < SHELLS; i++)
        if (argc == 2 && strcmp(argv[1], shells[i].name) == 0) {
            fill_in(&shells[i]);
            return ferror(stdin) || fflush(stdout) != 0;
        }
    fputs("usage: completions bash|zsh|fish <TEMPLATE\n", stderr);
    return 64;
}
