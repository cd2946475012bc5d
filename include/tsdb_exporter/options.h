/* options: the command line and the environment -> one const struct.
 *
 * Every option that takes part in a run can also stand in the environment, as
 * TSDB_EXPORTER_ and its long name in capitals (TSDB_EXPORTER_OUTPUT); the
 * command line wins. INFLUX_* variables are those of InfluxDB's own tools. */
#ifndef TSDB_EXPORTER_OPTIONS_H
#define TSDB_EXPORTER_OPTIONS_H

#include "tsdb_exporter/layout.h"
#include "tsdb_exporter/tags.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct string_list {
    char **items; /* owned */
    size_t count;
};

enum options_action { ACTION_RUN, ACTION_DRAIN, ACTION_SPOOL_STATUS, ACTION_HELP, ACTION_VERSION };

struct options {
    enum options_action action;
    const char *help_group; /* NULL for the short help */

    size_t object_max; /* bytes */
    bool tee;

    struct tag_plan tags; /* labels, --tag-field and the layout's own */
    struct layout layout;

    struct string_list outputs; /* "TYPE=TARGET"; never empty after parsing */
    struct string_list headers; /* "Name: value" */

    size_t batch_max; /* transfers */
    int64_t interval_ms;
    int64_t timeout_ms;
    int64_t retry_max_ms;
    int remote_write; /* version of the protocol, 1 or 2 */
    bool gzip, insecure, netrc;
    const char *cacert, *cert, *key; /* files, or NULL */

    const char *influx_token, *influx_org, *influx_bucket; /* NULL if not set */
    const char *influx_username, *influx_password;

    const char *spool;  /* directory, or NULL */
    uint64_t spool_max; /* bytes */
    bool wait, drain, follow, spool_status, fsync;
    bool summary, progress;
    const char *summary_by;        /* a tag or field */
    const char *summary_export;    /* file, or NULL */
    struct string_list thresholds; /* expressions */

    bool verbose, quiet;

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
