/* Why: how bytes are made and by which way they go is one thing, what an answer leads to
 * is another. */
#include "send/request.h"

#include "base/gzip.h"

int request_init(struct request *request, struct output *output, struct http *http)
{
    *request = (struct request){.output = output};
    buf_init(&request->body, BATCH_BYTES_MAX);
    if (output->type->write)
        return 0;
    request->peer = http_peer_new(http, &output->target);
    return request->peer ? 0 : -1;
}

void request_release(struct request *request)
{
    buf_release(&request->body);
}

int request_send(struct request *request, const struct batch *batch, struct range range,
                 int64_t timeout_ms, struct error *err)
{
    struct output *const output = request->output;
    struct bytes bytes;
    if (output->type->encode(output, batch, range.first, range.end, &request->body, &bytes, err) <
        0)
        return -1;
    if (output->type->write)
        return output->type->write(output, bytes, err);
    if (output->gzip) {
        if (gzip_compress(&request->body, bytes.at, bytes.len, err) < 0)
            return -1;
        bytes = (struct bytes){request->body.data, request->body.len};
    }
    request->len = bytes.len;
    return http_post(request->peer, bytes.at, bytes.len, timeout_ms, err);
}

const struct http_answer *request_take_answer(struct request *request)
{
    return request->peer ? http_take_answer(request->peer) : NULL;
}
