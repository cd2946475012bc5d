/* outputs: the table of what can stand before the '=' in -o. A new kind of destination
 * is a row here and a file beside this one. */
#ifndef TSDB_EXPORTER_OUTPUT_OUTPUTS_H
#define TSDB_EXPORTER_OUTPUT_OUTPUTS_H

#include "output/output.h"

extern const struct output_type *const output_types[]; /* all of them; ends with NULL */

/* "TYPE[/LAYOUT]=TARGET" in its parts. */
struct output_spec {
    const struct output_type *type;
    const struct layout_type *layout; /* NULL: it names none */
    const char *target;
};

/* -1 and an error that says what to write instead. */
int output_spec_read(struct output_spec *spec, const char *text, struct error *err);
/* True if that output is told totals with this layout, not each transfer. */
bool output_is_totals(const struct output_spec *spec, const struct layout_type *layout);
/* True for "file=-". */
bool output_spec_is_stdout(const char *text);

/* Opens "TYPE[/LAYOUT]=TARGET"; the layout is `layout`, whatever the text names. -1 and an
 * error that says what to write instead. Close it either way. Options and layout must
 * outlive it. */
int output_open(struct output *output, const char *text, const struct output_options *options,
                const struct layout *layout, struct error *err);
void output_close(struct output *output);

/* Appends what an output's state (output_save), of whatever type, tells a person. */
void output_tell_state(const char *text, struct buf *out);

#endif
