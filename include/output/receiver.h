/* receiver: what all that takes Prometheus's remote write has in common, whatever is sent:
 * URL, headers, and answers that do not mean what they say. */
#ifndef TSDB_EXPORTER_OUTPUT_RECEIVER_H
#define TSDB_EXPORTER_OUTPUT_RECEIVER_H

#include "output/output.h"

#define RECEIVER_FORM "http://localhost:9090/api/v1/write"

/* Headers of a 2.0 receiver: how many of what was sent it has stored. */
#define RECEIVER_SAMPLES_WRITTEN "X-Prometheus-Remote-Write-Samples-Written"
#define RECEIVER_HISTOGRAMS_WRITTEN "X-Prometheus-Remote-Write-Histograms-Written"

struct receiver {
    int version; /* of remote write, 1 or 2 */
};

/* For output_type.point_words. */
extern const char *const receiver_point_words[];

/* Sets the output's URL, name and headers. 0 or -1. */
int receiver_open(struct output *output, struct receiver *receiver, const char *target,
                  const struct output_options *options, struct error *err);
/* From now on requests are of version 1. */
void receiver_use_version_1(struct output *output, struct receiver *receiver);

/* What an answer means to a request with so many points, which `header` counts. */
enum verdict receiver_judge(const struct receiver *receiver, const struct http_answer *answer,
                            const char *header, size_t points);
/* True if it says that a series has a sample at that time, or later ones. */
bool receiver_is_out_of_order(const struct http_answer *answer);
/* See output_type.explain. */
const char *receiver_explain(const struct receiver *receiver, const struct http_answer *answer,
                             size_t points, struct buf *why);

/* Appends "NAME{LABEL="VALUE"}" of a definition (remote_write.h). */
void receiver_describe(struct buf *text, const char *definition);

#endif
