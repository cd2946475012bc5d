/* Why: somebody wants what waits to be gone, or a service to see to it. */
#include "run/drained.h"

#include "base/signals.h"
#include "drain/status.h"
#include "run/session_queue.h"

#include <inttypes.h>

/* Writers and --drain that differ in -o or the layout use different queues, which
 * must not go unnoticed. */
static void hint_elsewhere(int dir, const char *queue, const struct notice *to)
{
    struct error err;
    uint64_t elsewhere = 0;
    if (status_elsewhere(dir, queue, &elsewhere, &err) == 0 && elsewhere)
        notice(to, NOTICE_WARN,
               "%" PRIu64 " transfers wait in this spool for other outputs or layouts; "
               "--spool-status names them, --drain with the same -o and --layout sends them",
               elsewhere);
}

enum exit_code drained_run(const struct session *session)
{
    struct session_queue queue;
    struct error err;
    enum exit_code code = EXIT_NOT_SPOOLED;
    const struct options *const options = session->options;
    const int stop_fd = signals_catch();
    if (session_queue_open(&queue, session, &err) < 0) {
        notice(session->notice, NOTICE_RESULT, "--spool %s: %s", options->spool.dir, err.text);
    } else {
        code = drainer_drain(&queue.drainer, options->follow ? DRAIN_FOLLOW : DRAIN_ALL, stop_fd);
        hint_elsewhere(queue.dir, queue.identity.name, session->notice);
    }
    session_queue_close(&queue);
    return code;
}
