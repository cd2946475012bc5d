/* Why: which of the runs the options ask for is decided once, here. */
#include "run/run.h"

#include "drain/status.h"
#include "run/direct.h"
#include "run/drained.h"
#include "run/session.h"
#include "run/spooled.h"

#include <stdio.h>

static enum exit_code run_session(const struct session *session)
{
    const struct options *const options = session->options;
    if (options->action == ACTION_DRAIN)
        return drained_run(session);
    return options->spool.dir ? spooled_run(session) : direct_run(session);
}

enum exit_code run(const struct options *options, const struct notice *to)
{
    struct session session;
    struct error err;
    enum exit_code code = EXIT_WRONG_USAGE;
    if (options->action == ACTION_SPOOL_STATUS)
        return status_print(options->spool.dir, stdout, to);
    if (options->changed_label[0])
        notice(to, NOTICE_WARN, "label '%s' holds bytes that databases do not take; replaced",
               options->changed_label);
    if (session_open(&session, options, to, &err) < 0)
        notice(to, NOTICE_RESULT, "%s", err.text);
    else
        code = run_session(&session);
    session_close(&session);
    return code;
}
