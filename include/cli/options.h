/* options: the command line and the environment -> one const struct.
 *
 * Every option that takes part in a run can also stand in the environment, as
 * TSDB_EXPORTER_ and its long name in capitals (TSDB_EXPORTER_OUTPUT); the
 * command line wins. INFLUX_* variables are those of InfluxDB's own tools. */
#ifndef TSDB_EXPORTER_CLI_OPTIONS_H
#define TSDB_EXPORTER_CLI_OPTIONS_H

#include "input/input.h"
#include "layout/layout.h"
#include "output/output.h"
#include "report/report.h"
#include "send/sender.h"
#include "spool/directory.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum options_action { ACTION_RUN, ACTION_DRAIN, ACTION_SPOOL_STATUS, ACTION_HELP, ACTION_VERSION };

struct options {
    enum options_action action;
    const char *help_group; /* NULL for the short help */

    struct input_options input;
    struct layout layout;
    struct string_list outputs; /* "TYPE=TARGET"; never empty after parsing */
    struct output_options output;
    struct send_options send;
    struct spool_options spool;
    struct report_options report;

    bool wait, drain, follow, spool_status;
    bool verbose;

    char changed_label[64]; /* key of a label whose value had to be cleaned, or "" */
};

/* Reads argv and the environment. 0, or -1 and an error for exit code 64. The
 * strings of both must outlive the options. In argv, what may be secret (userinfo
 * and query of an output's URL, values of headers) is overwritten, since every
 * user of the machine can read it. Release the options either way. */
int options_parse(struct options *options, int argc, char **argv, char **environment,
                  struct error *err);
void options_release(struct options *options);

#endif
