/* Why: when no process adds transfers any more, somebody else must send what waits: a
 * person, cron, or a service with --follow. */
#include "run/drained.h"

#include "base/signals.h"
#include "drain/status.h"
#include "run/session_queue.h"

#include <inttypes.h>

/* Tells when transfers wait in other queues of the spool. A --drain whose -o or --layout
 * differs from the writers' drains another queue than theirs, and would end with 0 while
 * their transfers wait. */
static void hint_elsewhere(int spool_dir, const char *queue_name, const struct notice *to)
{
    struct error err;
    uint64_t elsewhere = 0;
    (void)status_elsewhere(spool_dir, queue_name, &elsewhere, &err); /* of those it can read */
    if (elsewhere)
        notice(to, NOTICE_WARN,
               "%" PRIu64 " transfer%s in this spool for other outputs, layouts or "
               "users; --spool-status names them, --drain as their writers were called sends them",
               elsewhere, elsewhere == 1 ? " waits" : "s wait");
}

enum exit_code drained_run(const struct session *session)
{
    const struct options *const options = session->options;
    struct session_queue queue;
    struct error err;
    enum exit_code code = EXIT_NOT_SPOOLED;
    int stop_fd = session_queue_open(&queue, session, &err);
    if (stop_fd == 0)
        stop_fd = signals_catch(&err);
    if (stop_fd < 0) {
        notice(session->notice, NOTICE_RESULT, "--spool %s: %s", options->spool.dir, err.text);
    } else {
        code = process_drain(&queue.job, options->follow ? DRAIN_FOLLOW : DRAIN_ALL, stop_fd);
        hint_elsewhere(queue.spool_dir, queue.identity.name, session->notice);
    }
    session_queue_close(&queue);
    return code;
}
