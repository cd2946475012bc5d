/* Why: the promise is that no transfer is lost without a word. This is the word,
 * and the exit code that goes with it, made from the counts alone. */
#include "model/tally.h"

#include "base/buf.h"

#include <inttypes.h>
#include <string.h>

enum { LINE_MAX_BYTES = 2048 };

static void append_input(struct buf *out, const struct input_tally *input)
{
    if (input->unread)
        buf_append_text(out, ", the rest could not be read");
    if (!input->refused)
        return;
    buf_printf(out, ", %" PRIu64 " refused (", input->refused);
    for (size_t i = 0; i < input->reason_count; i++)
        buf_printf(out, "%s%" PRIu64 " %s", i ? ", " : "", input->reasons[i].count,
                   input->reasons[i].text);
    buf_append_text(out, ")");
}

static void append_output(struct buf *out, const struct output_tally *output)
{
    if (output->spooled || output->no_spool)
        buf_printf(out, "%" PRIu64 " in the spool", output->spooled);
    else
        buf_printf(out, "%" PRIu64 " delivered", output->delivered);
    if (output->waiting)
        buf_printf(out, ", %" PRIu64 " not delivered yet", output->waiting);
    if (output->pooled)
        buf_printf(out,
                   ", %" PRIu64 " of them under \"other\" labels (there are more sets of labels "
                   "than --series-max)",
                   output->pooled);
    if (output->merged)
        buf_printf(out,
                   ", %" PRIu64 " merged (one value is kept per series and millisecond; "
                   "labels that tell them apart, or InfluxDB, keep all)",
                   output->merged);
    if (output->partial)
        buf_printf(out, ", %" PRIu64 " possibly incomplete", output->partial);
    if (output->refused)
        buf_printf(out, ", %" PRIu64 " refused by the database", output->refused);
    if (output->lost)
        buf_printf(out, ", %" PRIu64 " lost", output->lost);
    if (output->why[0] && !output->why_told &&
        (output->partial || output->refused || output->lost || output->waiting))
        buf_printf(out, " (%s: %s)", output->name, output->why);
}

void tally_refuse(struct input_tally *tally, const char *reason)
{
    tally->refused++;
    size_t i = 0;
    while (i < tally->reason_count && strcmp(tally->reasons[i].text, reason) != 0)
        i++;
    if (i == TALLY_REASONS_MAX)
        i--;
    else if (i == tally->reason_count)
        tally->reasons[tally->reason_count++].text = reason;
    tally->reasons[i].count++;
}

void tally_report(const struct notice *to, enum notice_level level, const struct input_tally *input,
                  const struct output_tally *outputs, size_t count)
{
    struct buf line;
    buf_init(&line, LINE_MAX_BYTES);
    if (input) {
        buf_printf(&line, "%" PRIu64 " read", input->read);
        append_input(&line, input);
    }
    for (size_t i = 0; i < count; i++) {
        if (input && count == 1) {
            buf_append_text(&line, ", ");
        } else {
            if (line.len)
                notice(to, level, "%s", buf_text(&line));
            buf_clear(&line);
            buf_printf(&line, "%s: ", outputs[i].name);
        }
        append_output(&line, &outputs[i]);
    }
    notice(to, level, "%s", buf_text(&line));
    buf_release(&line);
}

enum exit_code tally_first(enum exit_code a, enum exit_code b)
{
    static const enum exit_code order[] = {EXIT_WRONG_USAGE, EXIT_NOT_SPOOLED, EXIT_DENIED,
                                           EXIT_LOST,        EXIT_WAITING,     EXIT_REFUSED,
                                           EXIT_CROSSED};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (a == order[i] || b == order[i])
            return order[i];
    return a ? a : b;
}

enum exit_code tally_exit_code(const struct input_tally *input, const struct output_tally *outputs,
                               size_t count)
{
    enum exit_code code = EXIT_OK;
    if (input && (input->refused || input->empty))
        code = tally_first(code, EXIT_REFUSED);
    if (input && (input->unread || input->copy_failed))
        code = tally_first(code, EXIT_LOST);
    for (size_t i = 0; i < count; i++) {
        const struct output_tally *const out = &outputs[i];
        if (out->denied && (out->lost || out->waiting))
            code = tally_first(code, EXIT_DENIED);
        if (out->lost)
            code = tally_first(code, out->no_spool ? EXIT_NOT_SPOOLED : EXIT_LOST);
        if (out->waiting)
            code = tally_first(code, EXIT_WAITING);
        if (out->refused || out->partial || out->merged)
            code = tally_first(code, EXIT_REFUSED);
    }
    return code;
}
