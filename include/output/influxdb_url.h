/* influxdb_url: the URL that a person gives -> the one that is written to. */
#ifndef TSDB_EXPORTER_OUTPUT_INFLUXDB_URL_H
#define TSDB_EXPORTER_OUTPUT_INFLUXDB_URL_H

#include "base/url.h"
#include "output/output.h"

/* What stands at the end of the path says which API it is. Precision is always
 * given: InfluxDB 1 takes one it does not know as nanoseconds without a word. */
struct influxdb_endpoint {
    const char *path;
    const char *precision;
    const char *scheme;   /* of the Authorization header */
    const char *database; /* the parameter that names it */
    bool all_or_nothing;  /* a 400 without "partial write" says nothing of other points */
};

/* Appends what follows the host in the URL: http://host:8086/DB -> /write?db=DB..., and what
 * a whole endpoint lacks; to `path` without the query. NULL and an error if it cannot be
 * told where to write. Look at the buffers' failed. */
const struct influxdb_endpoint *influxdb_url_complete(struct buf *url, struct buf *path,
                                                      const struct url *parts,
                                                      const struct output_options *options,
                                                      struct error *err);

/* The value of the parameter `name` ("db") in the query, as it stands there. Its `at` is
 * NULL if there is none. */
struct url_part influxdb_url_value(struct url_part query, const char *name);

#endif
