/* Why: a power cut between two system calls, or a disk that is full for a moment, cannot
 * be had on demand, and an error path that no test reaches cannot be trusted. None of
 * this is in the program that is installed. */
#include "base/fault.h"

#ifdef FAULTS
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PLACES_MAX = 16 };

static void log_hit(const char *place)
{
    const char *const path = getenv("FAULT_LOG");
    const int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    char line[128] = "";
    strncat(line, place, sizeof line - 2);
    strcat(line, "\n");
    if (fd < 0 || write(fd, line, strlen(line)) < 0)
        abort(); /* the test could not know that the fault happened */
    close(fd);
}

/* The action that shall happen at `place` now, or NULL. */
static const char *action_at(const char *place)
{
    static unsigned counts[PLACES_MAX];
    const size_t len = strlen(place);
    const char *entry = getenv("FAULT");
    for (size_t i = 0; entry && *entry && i < PLACES_MAX; i++) {
        const size_t entry_len = strcspn(entry, ",");
        if (strncmp(entry, place, len) == 0 && strchr("=@", entry[len])) {
            char *at = (char *)(uintptr_t)(entry + len);
            const unsigned long from = *at == '@' ? strtoul(at + 1, &at, 10) : 1;
            if (++counts[i] >= from) {
                log_hit(place);
                return at + 1;
            }
        }
        entry += entry_len + (entry[entry_len] == ',');
    }
    return NULL;
}

static int is(const char *action, const char *name)
{
    const size_t len = strlen(name);
    return strncmp(action, name, len) == 0 && (action[len] == ',' || !action[len]);
}

int fault(const char *place)
{
    static const struct {
        const char *name;
        int number;
    } errors[] = {{"EACCES", EACCES}, {"EIO", EIO}, {"ENOMEM", ENOMEM}, {"ENOSPC", ENOSPC}};
    const char *const action = action_at(place);
    if (!action)
        return 0;
    if (is(action, "kill"))
        raise(SIGKILL);
    if (is(action, "stop"))
        raise(SIGSTOP);
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (is(action, errors[i].name)) {
            errno = errors[i].number;
            return -1;
        }
    if (!is(action, "stop"))
        abort(); /* there is no such action */
    return 0;
}

size_t fault_length(const char *place, size_t len)
{
    return action_at(place) ? (len + 1) / 2 : len;
}
#endif
