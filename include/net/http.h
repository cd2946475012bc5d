/* http: requests over libcurl, many destinations in one event loop.
 *
 * The only module that knows libcurl, which is loaded with the first request. A
 * peer is one destination: one request at a time over one kept-alive connection.
 * Waiting for answers and for input is one poll(). */
#ifndef TSDB_EXPORTER_NET_HTTP_H
#define TSDB_EXPORTER_NET_HTTP_H

#include "base/buf.h"
#include "base/error.h"
#include "net/answer.h"

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

/* "libcurl/8.14.1 OpenSSL/3.5.0 ...", or why it cannot be loaded. */
const char *http_library_version(struct error *err);

#endif
