/* Why: whether a report of a bug can be understood often depends on the versions of the
 * libraries. */
#include "run/version.h"

#include "input/parse.h"
#include "base/gzip.h"
#include "net/http.h"
#include "output/protobuf.h"

void version_print(FILE *to)
{
    struct error err;
    fprintf(to, "tsdb-exporter %s\n", TSDB_EXPORTER_VERSION);
    fprintf(to, "cJSON/%s\n", parser_library_version());
    fprintf(to, "protobuf-c/%s\n", protobuf_library_version(&err));
    fprintf(to, "zlib/%s\n", gzip_library_version(&err));
    fprintf(to, "%s\n", http_library_version(&err));
}
