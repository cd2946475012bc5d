/* Why: databases say in a header what the status does not. */
#include "net/answer.h"

#include <string.h>
#include <strings.h>

const char *http_answer_header(const struct http_answer *answer, const char *name, size_t *len)
{
    const size_t name_len = strlen(name);
    for (const char *line = answer->headers; *line;
         line += strcspn(line, "\n"), line += *line == '\n') {
        if (strncasecmp(line, name, name_len) != 0 || line[name_len] != ':')
            continue;
        line += name_len + 1;
        line += strspn(line, " \t");
        *len = strcspn(line, "\r\n");
        return line;
    }
    return NULL;
}
