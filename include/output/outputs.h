/* outputs: the table of what can stand before the '=' in -o. A new kind of destination
 * is a row here and a file beside this one. */
#ifndef TSDB_EXPORTER_OUTPUT_OUTPUTS_H
#define TSDB_EXPORTER_OUTPUT_OUTPUTS_H

#include "output/output.h"

extern const struct output_type *const output_types[]; /* all of them; ends with NULL */

/* Opens "TYPE=TARGET". -1 and an error that says what to write instead. Close it
 * either way. Options and layout must outlive it. */
int output_open(struct output *output, const char *spec, const struct output_options *options,
                const struct layout *layout, struct error *err);
void output_close(struct output *output);

#endif
