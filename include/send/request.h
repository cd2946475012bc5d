/* request: a part of a batch -> the bytes that go to the destination. */
#ifndef TSDB_EXPORTER_SEND_REQUEST_H
#define TSDB_EXPORTER_SEND_REQUEST_H

#include "output/output.h"
#include "send/halving.h"

struct request {
    struct output *output;
    struct http_peer *peer; /* NULL for an output without HTTP */
    struct buf body;        /* what has been encoded or compressed; stays until the answer */
    size_t len;             /* of what was sent last */
};

/* `output` and `http` must outlive it. 0, or -1: out of memory. */
int request_init(struct request *request, struct output *output, struct http *http);
void request_release(struct request *request);

/* Encodes the part and sends it: an output without HTTP has it then; from the others an
 * answer will come. 0, or -1: it cannot be sent, and err says why. */
int request_send(struct request *request, const struct batch *batch, struct range range,
                 int64_t timeout_ms, struct error *err);

/* The answer, once, or NULL. It lives until the next request. */
const struct http_answer *request_take_answer(struct request *request);

#endif
