/* Why: the inputs that fuzzing found are tests like any other, and must run where
 * there is no libFuzzer. This main gives each of them to a fuzz target once.
 *
 *     replay_NAME [FILE | DIRECTORY]...     without: CORPUS, set when compiling
 *
 * It prints TAP. An input that breaks a promise aborts the program after its
 * name has been printed. */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#ifndef CORPUS
#define CORPUS "."
#endif

static int count;
static int failures;

static void result(bool passed, const char *path, const char *why)
{
    failures += !passed;
    printf("%sok %d - %s%s%s\n", passed ? "" : "not ", ++count, path, *why ? ": " : "", why);
    fflush(stdout);
}

/* The bytes stand in a block of exactly their size, so that a sanitizer sees a
 * read behind them. */
static void replay_file(const char *path, size_t size)
{
    FILE *const file = fopen(path, "rb");
    uint8_t *const bytes = malloc(size ? size : 1);
    if (!file || !bytes || fread(bytes, 1, size, file) != size) {
        result(false, path, strerror(errno));
    } else {
        printf("# %s\n", path); /* if it aborts, this is the last line */
        fflush(stdout);
        LLVMFuzzerTestOneInput(bytes, size);
        result(true, path, "");
    }
    free(bytes);
    if (file)
        fclose(file);
}

static void replay(const char *path)
{
    struct stat info;
    struct dirent **entries;
    if (stat(path, &info) < 0) {
        result(false, path, strerror(errno));
        return;
    }
    if (!S_ISDIR(info.st_mode)) {
        replay_file(path, (size_t)info.st_size);
        return;
    }
    const int found = scandir(path, &entries, NULL, alphasort);
    if (found < 0)
        result(false, path, strerror(errno));
    for (int i = 0; i < found; i++) {
        char inner[4096];
        const int length = snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && length > 0 && (size_t)length < sizeof inner)
            replay(inner);
        free(entries[i]);
    }
    if (found >= 0)
        free(entries);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    if (argc < 2)
        replay(CORPUS);
    if (!count)
        result(false, argc < 2 ? CORPUS : argv[1], "no inputs");
    printf("1..%d\n", count);
    return failures != 0;
}
