/* output: the kinds of destination.
 *
 * A kind is a row in output_types and one file. It turns points into a batch's
 * data, a range of the batch into the bytes of a request, and an answer into a
 * verdict; encode and judge are pure functions. What is sent when, and again,
 * is lane's business. */
#ifndef TSDB_EXPORTER_OUTPUT_H
#define TSDB_EXPORTER_OUTPUT_H

#include "tsdb_exporter/batch.h"
#include "tsdb_exporter/http.h"
#include "tsdb_exporter/options.h"

enum verdict {
    VERDICT_STORED,
    VERDICT_TRY_AGAIN,   /* the same bytes, later */
    VERDICT_TRY_SMALLER, /* nothing is stored: halve until the cause stands alone */
    VERDICT_PARTIAL,     /* the good points are stored, which ones is not said */
    VERDICT_REFUSED,     /* nothing is stored and nothing ever will be */
    VERDICT_DENIED,      /* 401, 403: stop sending */
    VERDICT_MISDIRECTED  /* 404 and the like: stop sending */
};

struct bytes {
    const char *at;
    size_t len;
};

struct output;

struct output_type {
    const char *name;
    const char *form; /* of the target, for messages */
    /* Fills output from the target; -1 and an error for a wrong one. */
    int (*open)(struct output *output, const char *target, const struct options *options,
                struct error *err);
    /* Appends a transfer's points to the batch's data; returns how many there
     * are. Look at batch->data.failed. */
    size_t (*add)(struct output *output, struct batch *batch, const struct transfer *transfer,
                  const struct point *points, size_t count);
    /* The bytes of the points first <= i < end; in the batch, or in `room`. */
    struct bytes (*encode)(const struct output *output, const struct batch *batch, size_t first,
                           size_t end, struct buf *room);
    enum verdict (*judge)(const struct output *output, const struct http_answer *answer);
    /* For destinations without HTTP: writes the bytes. NULL for the others. */
    int (*write)(struct output *output, struct bytes bytes, struct error *err);
};

#define OUTPUT_HEADERS_MAX 64

struct output {
    const struct output_type *type;
    char *name; /* "influxdb http://localhost:8086/write", without secrets; owned */
    const struct layout *layout;
    bool gzip;
    bool all_or_nothing; /* a 400 without "partial write" says nothing of other points */
    bool unique_columns; /* a tag and a field cannot have one name */
    char *url;           /* owned */
    char *authorization; /* a header, or NULL; owned */
    const char *headers[OUTPUT_HEADERS_MAX]; /* ends in NULL */
    struct http_target target;
    int fd; /* of file=, else -1 */
};

/* Opens "TYPE=TARGET". -1 and an error that says what to write instead. Close it
 * either way. `options` must outlive it. */
int output_open(struct output *output, const char *spec, const struct options *options,
                struct error *err);
void output_close(struct output *output);

/* For the types: what nearly every HTTP server means by a status. */
enum verdict output_judge_status(int status);

/* For the types: appends lines of line protocol, and finds them again. */
size_t output_add_lines(struct output *output, struct batch *batch, const struct transfer *transfer,
                        const struct point *points, size_t count);
struct bytes output_encode_lines(const struct output *output, const struct batch *batch,
                                 size_t first, size_t end, struct buf *room);

extern const struct output_type output_influxdb, output_file;

#endif
