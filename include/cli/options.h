/* options: what the user asked for. The options of each wing are declared there;
 * this struct is made of them, and of what only cli/, run/ and main obey. It does not
 * change any more once it has been parsed (parse_options). */
#ifndef TSDB_EXPORTER_CLI_OPTIONS_H
#define TSDB_EXPORTER_CLI_OPTIONS_H

#include "input/input.h"
#include "layout/layout.h"
#include "output/output.h"
#include "report/report.h"
#include "send/sender.h"
#include "spool/directory.h"

enum options_action { ACTION_RUN, ACTION_DRAIN, ACTION_SPOOL_STATUS, ACTION_HELP, ACTION_VERSION };

struct options {
    enum options_action action;
    const char *help_group; /* NULL for the short help */

    struct input_options input;
    struct layout layout;       /* of the outputs that name none */
    struct string_list outputs; /* "TYPE[/LAYOUT]=TARGET"; never empty after parsing */
    struct layout *layouts;     /* one an output; owned */
    struct output_options output;
    struct send_options send;
    struct spool_options spool;
    struct report_options report;

    bool wait, drain, follow, spool_status;
    bool verbose;

    char changed_label[64]; /* key of a label whose value had to be cleaned, or "" */
};

#endif
