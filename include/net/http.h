/* http: requests over libcurl, many destinations in one event loop.
 *
 * The only module that knows libcurl, which is loaded with the first request. A
 * peer is one destination: one request at a time over one kept-alive connection.
 * Waiting for answers and for input is one poll(). */
#ifndef TSDB_EXPORTER_NET_HTTP_H
#define TSDB_EXPORTER_NET_HTTP_H

#include "base/buf.h"
#include "base/error.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How to reach a destination; all strings stay the caller's. */
struct http_target {
    const char *url;
    const char *username, *password; /* NULL: from the URL, or none */
    const char *const *headers;      /* "Name: value"; later ones win; ends in NULL */
    bool insecure, netrc;
    const char *cacert, *cert, *key; /* files, or NULL */
};

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

struct http;
struct http_peer;

struct http *http_new(void);
void http_free(struct http *http); /* frees its peers too */

/* `target` must outlive the peer. NULL: out of memory. */
struct http_peer *http_peer_new(struct http *http, const struct http_target *target);

/* Begins a POST; `body` must stay until the answer is there. -1 if it could not
 * begin (no libcurl, a URL it does not take). */
int http_post(struct http_peer *peer, const char *body, size_t len, int64_t timeout_ms,
              struct error *err);

/* Waits until an answer may be there, one of `fds` is ready (revents) or
 * `timeout_ms` (-1: no end) has passed, and moves all requests on. */
void http_wait(struct http *http, struct pollfd *fds, size_t count, int timeout_ms);

/* The answer to the peer's request, once; NULL while there is none. It lives
 * until the next http_post on the peer. */
const struct http_answer *http_take_answer(struct http_peer *peer);

/* The value of a response header in the answer (to the end of its line), or
 * NULL. `len` is set to its length. */
const char *http_answer_header(const struct http_answer *answer, const char *name, size_t *len);

/* "libcurl/8.14.1 OpenSSL/3.5.0 ...", or why it cannot be loaded. */
const char *http_library_version(struct error *err);

#endif
