/* Why: the command line, the environment and the help must know the same options.
 * They all read this table. */
#include "tsdb_exporter/option_table.h"

#include "tsdb_exporter/options.h"

#include <stddef.h>

#define AT(member) offsetof(struct options, member)
const struct option_row option_table[OPTION_ROWS] = {
    {"max-object", 0, OPTION_SIZE, AT(object_max), "SIZE", "input",
     "refuse longer JSON objects (default 1M)"},
    {"tee", 0, OPTION_FLAG, AT(tee), NULL, "input", "copy the input to standard output"},
    {"label", 'l', OPTION_LABEL, 0, "[KEY=]VALUE", "tags",
     "tag every transfer; many times (KEY: label)"},
    {"tag-field", 't', OPTION_TAG_FIELD, 0, "[TAG=]KEY", "tags",
     "make fields tags, e.g. http_version,name=host"},
    {"layout", 0, OPTION_LAYOUT, 0, "NAME", "tags",
     "metric (default): a series a number; wide; k6"},
    {"fields", 0, OPTION_STRING, AT(layout.fields), "LIST", "tags",
     "send only these, e.g. 'time_*,http_code'"},
    {"prefix", 0, OPTION_PREFIX, AT(layout.prefix), "TEXT", "tags",
     "put TEXT before every series' name"},
    {"text", 0, OPTION_FLAG, AT(layout.text), NULL, "tags", "send texts too (never secrets)"},
    {"output", 'o', OPTION_LIST, AT(outputs), "TYPE=TARGET", "output",
     "where to send; many times (see --help)"},
    {"header", 'H', OPTION_LIST, AT(headers), "LINE", "output",
     "add an HTTP header to every request"},
    {"insecure", 'k', OPTION_FLAG, AT(insecure), NULL, "output",
     "do not verify the server's certificate"},
    {"cacert", 0, OPTION_STRING, AT(cacert), "FILE", "output",
     "verify the server with these CAs (PEM)"},
    {"cert", 0, OPTION_STRING, AT(cert), "FILE", "output", "client certificate (PEM)"},
    {"key", 0, OPTION_STRING, AT(key), "FILE", "output", "private key of --cert (PEM)"},
    {"netrc", 0, OPTION_FLAG, AT(netrc), NULL, "output", "take user and password from ~/.netrc"},
    {"batch", 'b', OPTION_COUNT, AT(batch_max), "N", "delivery",
     "send at N transfers (default 5000)"},
    {"interval", 'i', OPTION_DURATION, AT(interval_ms), "TIME", "delivery",
     "... or TIME after the first (default 1s)"},
    {"timeout", 0, OPTION_DURATION, AT(timeout_ms), "TIME", "delivery",
     "longest wait for one answer (default 10s)"},
    {"retry-max-time", 0, OPTION_DURATION, AT(retry_max_ms), "TIME", "delivery",
     "try again for so long (default 30s; 0: never)"},
    {"remote-write", 0, OPTION_CHOICE, AT(remote_write), "1|2", "delivery",
     "version of Prometheus's protocol (default 1)"},
    {"gzip", 0, OPTION_FLAG, AT(gzip), NULL, "delivery", "compress what is sent"},
    {"verbose", 'v', OPTION_FLAG, AT(verbose), NULL, "messages",
     "say what is done, and the counts at the end"},
    {"quiet", 'q', OPTION_FLAG, AT(quiet), NULL, "messages",
     "say only what was not delivered, at the end"},
    {"version", 'V', OPTION_VERSION, 0, NULL, "messages",
     "versions of this program and its libraries"},
    {"help", 'h', OPTION_HELP, 0, "[GROUP]", "messages",
     "input, tags, output, delivery, messages or all"},
};
const char *const option_groups[OPTION_GROUPS][2] = {
    {"input", "Input"},       {"tags", "Tags, layout, fields"}, {"output", "Output"},
    {"delivery", "Delivery"}, {"messages", "Messages"},
};
