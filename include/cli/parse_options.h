/* parse_options: the command line and the environment -> struct options. The command
 * line wins over the environment, and that over the defaults. */
#ifndef TSDB_EXPORTER_CLI_PARSE_OPTIONS_H
#define TSDB_EXPORTER_CLI_PARSE_OPTIONS_H

#include "cli/options.h"

/* 0, or -1 and an error for exit code 64. The strings of both must outlive the options.
 * In argv, what may be secret (userinfo and query of an output's URL, values of headers)
 * is overwritten, since every user of the machine can read it. Release the options
 * either way. */
int options_parse(struct options *options, int argc, char **argv, char **environment,
                  struct error *err);
void options_release(struct options *options);

#endif
