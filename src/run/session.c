/* Why: what is wrong with an output or a report must be told before the first transfer is
 * read, since a transfer that was read cannot be given back. */
#include "run/session.h"

#include "output/identity.h"
#include "output/outputs.h"

#include <stdlib.h>
#include <string.h>

/* True when transfers are written to standard output. A report must not go there then. */
static bool uses_stdout(const struct options *options)
{
    for (size_t i = 0; i < options->outputs.count; i++)
        if (output_spec_is_stdout(options->outputs.items[i]))
            return true;
    return options->input.tee;
}

/* Says which URL the one on the command line has been completed to. */
static void tell_destination(const struct session *session, const struct output *output)
{
    struct buf text;
    buf_init(&text, IDENTITY_BYTES_MAX);
    identity_append_destination(&text, output);
    notice(session->notice, NOTICE_DETAIL, "points go to %.1000s", buf_text(&text));
    buf_release(&text);
}

static int open_outputs(struct session *session, struct error *err)
{
    const struct options *const options = session->options;
    session->outputs = calloc(options->outputs.count, sizeof *session->outputs);
    if (!session->outputs)
        return error_set(err, "out of memory");
    while (session->output_count < options->outputs.count) {
        const size_t i = session->output_count++; /* counted even if it cannot be opened */
        struct error cause;
        if (output_open(&session->outputs[i], options->outputs.items[i], &options->output,
                        &options->layouts[i], &cause) < 0)
            return error_set(err, "--output: %s", cause.text);
        if (session->outputs[i].url)
            tell_destination(session, &session->outputs[i]);
    }
    return 0;
}

int session_open(struct session *session, const struct options *options,
                 const struct notice *notice, struct error *err)
{
    *session = (struct session){.options = options, .notice = notice};
    if (report_new(&session->report, &options->report, &options->input.tags, uses_stdout(options),
                   notice, err) < 0)
        return -1;
    return open_outputs(session, err);
}

void session_close(struct session *session)
{
    for (size_t i = 0; i < session->output_count; i++)
        output_close(&session->outputs[i]);
    free(session->outputs);
    report_free(session->report);
}
