/* output: the kinds of destination.
 *
 * A kind is a row in output_types and one file. It turns points into a batch's
 * data, a range of the batch into the bytes of a request, and an answer into a
 * verdict; encode and judge are pure functions. What is sent when, and again,
 * is lane's business. */
#ifndef TSDB_EXPORTER_OUTPUT_OUTPUT_H
#define TSDB_EXPORTER_OUTPUT_OUTPUT_H

#include "base/list.h"
#include "base/url.h"
#include "layout/layout.h"
#include "net/http.h"
#include "output/batch.h"
#include "output/sample_times.h"

struct output_options {
    struct string_list headers; /* "Name: value" */
    int remote_write;           /* version of the protocol, 1 or 2 */
    bool gzip, insecure, netrc;
    const char *cacert, *cert, *key; /* files, or NULL */
    /* of the environment; NULL if not set */
    const char *influx_token, *influx_org, *influx_bucket;
    const char *influx_username, *influx_password;
};

enum verdict {
    VERDICT_STORED,
    VERDICT_TRY_AGAIN,   /* the same bytes, later */
    VERDICT_TRY_SMALLER, /* nothing is stored: halve until the cause stands alone */
    VERDICT_PARTIAL,     /* the good points are stored, which ones is not said */
    VERDICT_REFUSED,     /* nothing is stored and nothing ever will be */
    VERDICT_ENCODE_ANEW, /* nothing is stored; adapt() and send it in the other form */
    VERDICT_DENIED,      /* 401, 403: stop sending */
    VERDICT_MISDIRECTED  /* 404 and the like: stop sending */
};

struct bytes {
    const char *at;
    size_t len;
};

/* What an answer answers. */
struct attempt {
    size_t points;
    bool unsure; /* the same bytes were sent before, and nobody knows what became of them */
};

struct output;

struct output_type {
    const char *name;
    const char *form; /* of the target, for messages */
    /* Fills output from the target; -1 and an error for a wrong one. */
    int (*open)(struct output *output, const char *target, const struct output_options *options,
                struct error *err);
    /* Appends a transfer's points to the batch; returns how many there are now.
     * *folded: one of them took the place of an older one. Look at the buffers'
     * failed. */
    size_t (*add)(struct output *output, struct batch *batch, const struct transfer *transfer,
                  const struct point *points, size_t count, bool *folded);
    /* The bytes of the points first <= i < end; in the batch, or in `room`. */
    int (*encode)(const struct output *output, const struct batch *batch, size_t first, size_t end,
                  struct buf *room, struct bytes *bytes, struct error *err);
    enum verdict (*judge)(const struct output *output, const struct http_answer *answer,
                          const struct attempt *attempt);
    /* After VERDICT_ENCODE_ANEW: takes the other form, for good. May be NULL. */
    void (*adapt)(struct output *output);
    /* Appends one point as a person would write it. */
    void (*describe)(const struct batch *batch, size_t point, struct buf *text);
    void (*close)(struct output *output); /* NULL if there is nothing to do */
    bool takes_gzip;
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
    int fd;                     /* of file=, else -1 */
    int remote_write;           /* version, 1 or 2; 0 for others */
    struct sample_times series; /* of remote write */
};

/* Opens "TYPE=TARGET". -1 and an error that says what to write instead. Close it
 * either way. Options and layout must outlive it. */
int output_open(struct output *output, const char *spec, const struct output_options *options,
                const struct layout *layout, struct error *err);
void output_close(struct output *output);

/* For the types: what nearly every HTTP server means by a status. */
enum verdict output_judge_status(int status);

/* For the types: checks and splits an http:// or https:// URL; `form` is what to
 * write instead. */
int output_split_url(const char *target, const char *form, struct url *parts, struct error *err);

/* For the types: lines of line protocol. */
size_t output_add_lines(struct output *output, struct batch *batch, const struct transfer *transfer,
                        const struct point *points, size_t count, bool *folded);
int output_encode_lines(const struct output *output, const struct batch *batch, size_t first,
                        size_t end, struct buf *room, struct bytes *bytes, struct error *err);
void output_describe_line(const struct batch *batch, size_t point, struct buf *text);

extern const struct output_type output_influxdb, output_prometheus, output_file;
extern const struct output_type *const output_types[]; /* all of them; ends with NULL */

#endif
