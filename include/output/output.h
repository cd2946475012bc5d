/* output: what all kinds of destination have in common.
 *
 * A kind is a struct output_type in a file of its own and a row in outputs.c. It turns
 * points into a batch's data, a range of the batch into the bytes of a request, and an
 * answer into a verdict. What is sent when, and again, is send/'s business; what a
 * database's words and headers mean is known to its type alone. */
#ifndef TSDB_EXPORTER_OUTPUT_OUTPUT_H
#define TSDB_EXPORTER_OUTPUT_OUTPUT_H

#include "base/list.h"
#include "base/url.h"
#include "layout/layout.h"
#include "net/http.h"
#include "output/batch.h"

#define OUTPUT_TOTALS_INTERVAL_MS 5000 /* that of those who name none */

/* What outputs obey that are told totals. */
struct output_totals_options {
    const char *histograms;            /* "native" or "classic"; NULL: as the layout wants it */
    const char *buckets, *trend_stats; /* lists, or NULL */
    size_t series_max;                 /* sets of labels; the rest goes together */
    int64_t interval_ms;               /* of the transfers' times, between two samples */
    int64_t stale_after_ms;            /* stale markers so long behind the last sample; 0: none */
};

struct output_options {
    struct string_list headers; /* "Name: value" */
    int remote_write;           /* version of the protocol, 1 or 2 */
    bool gzip, insecure, netrc;
    const char *cacert, *cert, *key; /* files, or NULL */
    struct output_totals_options totals;
    /* of the environment; NULL if not set */
    const char *influx_token, *influx_org, *influx_bucket;
    const char *influx_username, *influx_password;
};

enum verdict {
    VERDICT_STORED,
    VERDICT_TRY_AGAIN,   /* the same bytes, later */
    VERDICT_TOO_LARGE,   /* nothing is stored: halve until it fits */
    VERDICT_TRY_SMALLER, /* nothing is stored, because of some point: halve to find it */
    VERDICT_PARTIAL,     /* the good points are stored, which ones is not said */
    VERDICT_REFUSED,     /* nothing is stored, and no part of it would be */
    VERDICT_ENCODE_ANEW, /* nothing is stored; adapt() and send it in the other form */
    VERDICT_DENIED,      /* 401, 403: stop sending */
    VERDICT_MISDIRECTED  /* 404 and the like: stop sending */
};

struct bytes {
    const char *at;
    size_t len;
};

/* What an answer answers: a request with these points of the batch. */
struct attempt {
    const struct batch *batch;
    size_t first, points;
    bool in_doubt; /* the same bytes were sent before, see batch.h */
};

struct output;

/* Functions may be NULL where that is said. */
struct output_type {
    const char *name;
    const char *form; /* of the target, for messages */
    bool takes_gzip;
    /* The type for layouts that observe (layout.h); NULL: it takes the points of each. */
    const struct output_type *totals;

    /* Fills output from the target. 0, or -1 and an error for a wrong one; close() it
     * either way. */
    int (*open)(struct output *output, const char *target, const struct output_options *options,
                struct error *err);
    /* Releases output->state. */
    void (*close)(struct output *output);

    /* Adds a transfer with its points to the batch. 0, or -1: no memory. The batch is
     * then as it was; what the output remembers may not be, so close the batch. */
    int (*add)(struct output *output, struct batch *batch, const struct transfer *transfer,
               const struct point *points, size_t count);
    /* For outputs that are told totals; the others have none of the following four.
     *
     * Their batch is filled with transfers, which add counts in (batch_count), and gets its
     * points when it is closed. The points belong to all of its transfers together: they are
     * settled as a whole (batch.h: together).
     *
     * True when the batch that is being filled must be closed before this transfer. */
    bool (*is_due)(const struct output *output, const struct transfer *transfer);
    /* The batch is closed: appends its points. 0, or -1: no memory. */
    int (*finish)(struct output *output, struct batch *batch);
    /* The same for a last batch, without transfers, behind all others. */
    int (*end)(struct output *output, struct batch *batch);
    /* Where a request must end that begins at the point `first` and is to reach `end`. */
    size_t (*request_end)(const struct batch *batch, size_t first, size_t end);

    /* The bytes of the points first <= i < end. They are in the batch or in `room`, and
     * valid until one of them changes. 0 or -1. */
    int (*encode)(const struct output *output, const struct batch *batch, size_t first, size_t end,
                  struct buf *room, struct bytes *bytes, struct error *err);
    /* Appends one point as a person would write it. */
    void (*describe)(const struct batch *batch, size_t point, struct buf *text);

    /* For destinations without HTTP: writes the bytes. NULL for the others, which have
     * the following ones. 0 or -1. */
    int (*write)(struct output *output, struct bytes bytes, struct error *err);
    enum verdict (*judge)(const struct output *output, const struct http_answer *answer,
                          const struct attempt *attempt);
    /* What stands in answers that refuse points, and in no others; ends in NULL. Other
     * refusals may be about the URL (send/halving.h, rule 5). */
    const char *const *point_words;
    /* Of an answer that does not say "stored": appends to `why`, in which the server's
     * own words stand, what else it tells; returns what a person could do about it, or
     * NULL. May be NULL. */
    const char *(*explain)(const struct output *output, const struct http_answer *answer,
                           const struct attempt *attempt, struct buf *why);
    /* After VERDICT_ENCODE_ANEW: takes the other form, for good. Returns what the user
     * should know of that, or NULL. May be NULL. */
    const char *(*adapt)(struct output *output, const struct http_answer *answer);

    /* Appends what the output remembers, as it was when the first `transfers` of `batch`,
     * the newest, had been added. 0, or -1: no memory. NULL: it remembers nothing. */
    int (*save)(const struct output *output, const struct batch *batch, size_t transfers,
                struct buf *text);
    /* Remembers just what such a text tells, as far as it is whole. 0; 1: it was not, and err
     * says what that leads to; -1: no memory. */
    int (*restore)(struct output *output, const char *text, struct error *err);
    /* Appends what such a text tells a person, on one line, or nothing. May be NULL. */
    void (*tell_state)(const char *text, struct buf *out);
};

#define OUTPUT_HEADERS_MAX 64

struct output {
    const struct output_type *type;
    void *state; /* the type's own */
    char *name;  /* "influxdb http://localhost:8086/write", without secrets; owned */
    const struct layout *layout;
    int64_t interval_ms; /* a batch goes so long after its first transfer; below 0: any */
    bool gzip;
    char *url;                               /* owned; NULL without HTTP */
    char *authorization;                     /* a header, or NULL; owned */
    const char *headers[OUTPUT_HEADERS_MAX]; /* ends in NULL */
    struct http_target target;
};

/* The type's save and restore, for every type. */
int output_save(const struct output *output, const struct batch *batch, size_t transfers,
                struct buf *text);
int output_restore(struct output *output, const char *text, struct error *err);

/* --- for the types --- */

/* What nearly every HTTP server means by a status. */
enum verdict output_judge_status(int status);

/* True when one of the words, of which NULL is the last, is in the answer. */
bool output_answer_has(const struct http_answer *answer, const char *const *words);
/* True for a page of a proxy or a login, which a 200 does not make a database. */
bool output_is_page(const struct http_answer *answer);

/* Checks and splits an http:// or https:// URL; `form` is what to write instead. The path
 * is given without slashes at its end. */
int output_split_url(const char *target, const char *form, struct url *parts, struct error *err);

bool output_path_ends(struct url_part path, const char *end);
/* True if the path ends with "/insert/TENANT" and `end`, as those of a VictoriaMetrics
 * cluster do. Source: docs.victoriametrics.com/cluster-victoriametrics, "URL format". */
bool output_path_is_tenant(struct url_part path, const char *end);

/* Adds, encodes and describes lines of line protocol. */
int output_add_lines(struct output *output, struct batch *batch, const struct transfer *transfer,
                     const struct point *points, size_t count);
int output_encode_lines(const struct output *output, const struct batch *batch, size_t first,
                        size_t end, struct buf *room, struct bytes *bytes, struct error *err);
void output_describe_line(const struct batch *batch, size_t point, struct buf *text);

#endif
