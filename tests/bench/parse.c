/* Why: the least that any program must do with these bytes is to parse them.
 * This one does nothing else, so it is the measure for a stream: cJSON with
 * malloc, an object a line, read in the same pieces as tsdb-exporter reads. */
#include <cjson/cJSON.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { READ_SIZE = 65536, LINE_MAX_SIZE = 1 << 20 };

static char buffer[LINE_MAX_SIZE + READ_SIZE];

/* Parses the whole lines; returns how many bytes they were. */
static size_t parse_lines(const char *bytes, size_t len, unsigned long *objects)
{
    size_t done = 0;
    for (const char *end; (end = memchr(bytes + done, '\n', len - done));) {
        const size_t line = (size_t)(end - bytes) - done;
        cJSON *const object = cJSON_ParseWithLength(bytes + done, line);
        *objects += object != NULL;
        cJSON_Delete(object);
        done += line + 1;
    }
    return done;
}

int main(void)
{
    unsigned long objects = 0;
    size_t len = 0;
    for (ssize_t got; (got = read(STDIN_FILENO, buffer + len, READ_SIZE)) > 0;) {
        len += (size_t)got;
        const size_t done = parse_lines(buffer, len, &objects);
        memmove(buffer, buffer + done, len - done);
        len -= done;
        if (len > LINE_MAX_SIZE)
            return 1;
    }
    printf("%lu\n", objects);
    return 0;
}
