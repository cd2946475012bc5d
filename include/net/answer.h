/* answer: what came back to a request. */
#ifndef TSDB_EXPORTER_NET_ANSWER_H
#define TSDB_EXPORTER_NET_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_answer {
    int status;             /* HTTP code; 0: there was no whole answer */
    bool sent;              /* without an answer: the server may have the request all the same */
    bool permanent;         /* without an answer: trying again would not help */
    const char *words;      /* to be shown: the body's first line or, when status is 0,
                               libcurl's; without secrets (mask.h), see credentials.h */
    const char *body;       /* to be judged, never shown: at most its first 4 KiB, terminated */
    const char *headers;    /* the same: of the last response, a line each, terminated */
    int64_t retry_after_ms; /* Retry-After, in either form; 0: none, or not in the future */
};

/* The value of a response header in the answer (to the end of its line), or
 * NULL. `len` is set to its length. */
const char *http_answer_header(const struct http_answer *answer, const char *name, size_t *len);

#endif
