/* option_value: the text of an option's value -> its member of struct options. */
#ifndef TSDB_EXPORTER_CLI_OPTION_VALUE_H
#define TSDB_EXPORTER_CLI_OPTION_VALUE_H

#include "cli/option_table.h"
#include "cli/options.h"

/* Reads `value` as the row says; it must outlive the options. With `yields` a label whose
 * key is there already is left out, else that is an error. -1 and an error, which does
 * not name the option. */
int option_value_set(struct options *options, const struct option_row *row, const char *value,
                     bool yields, struct error *err);

#endif
