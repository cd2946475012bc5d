/* Why: the only file that knows libcurl. It is loaded by name, on the first
 * request, and hidden behind "post these bytes there, tell me the answer". */
#include "net/http.h"

#include "base/library.h"
#include "base/mask.h"
#include "base/text.h"
#include "net/credentials.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

/* libcurl's ABI has been 4 since 2006. */
static const char library_file[] = "libcurl.so.4";

/* What an answer says is in its first lines; more of it is not kept. One that is longer
 * than ANSWER_MAX is cut off there. */
enum { BODY_MAX = MASK_TEXT_MAX, HEADERS_MAX = 8192, ANSWER_MAX = 1024 * 1024 };

/* libcurl asks the resolver in a thread and waits for it when a transfer times out or is
 * freed: a name server that never answers would stop all destinations. With these options
 * the thread is left alone. They are numbers because the library that is loaded may be
 * newer than the header; an older one refuses them. */
enum {
    EASY_QUICK_EXIT = CURLOPTTYPE_LONG + 322, /* CURLOPT_QUICK_EXIT, since 7.87.0 */
    MULTI_QUICK_EXIT = CURLOPTTYPE_LONG + 21  /* CURLMOPT_QUICK_EXIT, since 8.20.0 */
};

enum {
    RETRY_AFTER_MAX_S = 365 * 86400, /* more may not fit into milliseconds */
    UPLOAD_BUFFER = 512 * 1024       /* fewer system calls; touched as far as a body goes */
};

/* libcurl's functions that are used here, without their "curl_". */
/* clang-format off */
#define FUNCTIONS(X) \
    X(easy_cleanup) X(easy_getinfo) X(easy_init) X(easy_setopt) X(easy_strerror) X(global_init) \
    X(multi_add_handle) X(multi_cleanup) X(multi_info_read) X(multi_init) X(multi_perform) \
    X(multi_poll) X(multi_remove_handle) X(multi_setopt) X(slist_append) X(slist_free_all) \
    X(version)
/* clang-format on */

#define POINTER(name) __typeof__(curl_##name) *name;
static struct {
    FUNCTIONS(POINTER)
    bool loaded;
} lib;

struct http_peer {
    struct http *http;
    struct http_peer *next;
    const struct http_target *target;
    CURL *easy;
    struct curl_slist *headers;
    struct buf body, header_lines;
    struct string_list secrets; /* what no text may show */
    struct buf words;           /* see struct http_answer */
    char error[CURL_ERROR_SIZE];
    struct http_answer answer;
    bool answered;
    curl_off_t sending; /* bytes of the body */
    size_t received;    /* bytes of the answer's body */
};

struct http {
    CURLM *multi; /* NULL until the first request */
    struct http_peer *peers;
    int running;
};

static int load(struct error *err)
{
#define SYMBOL(name) {"curl_" #name, &lib.name},
    const struct library_symbol symbols[] = {FUNCTIONS(SYMBOL)};
    if (!lib.loaded &&
        library_load(library_file, symbols, sizeof symbols / sizeof *symbols, err) < 0)
        return -1;
    lib.loaded = true;
    return 0;
}

static size_t keep(struct buf *buf, const char *data, size_t count)
{
    const size_t room = buf->max - buf->len - 1;
    buf_append(buf, data, count < room ? count : room);
    return count;
}

static size_t on_body(char *data, size_t size, size_t count, void *peer)
{
    struct http_peer *const p = peer;
    p->received += size * count;
    return p->received > ANSWER_MAX ? 0 : keep(&p->body, data, size * count);
}

static size_t on_header(char *data, size_t size, size_t count, void *peer)
{
    struct buf *const lines = &((struct http_peer *)peer)->header_lines;
    if (size * count >= 5 && memcmp(data, "HTTP/", 5) == 0)
        buf_clear(lines); /* a 100 Continue came before */
    return keep(lines, data, size * count);
}

/* Anew for each request: an output may have changed them (its adapt). */
static int set_headers(struct http_peer *p, struct error *err)
{
    const struct http_target *const t = p->target;
    struct curl_slist *list = lib.slist_append(NULL, "Expect:"); /* no second trip for it */
    for (const char *const *header = t->headers; header && *header && list; header++) {
        struct curl_slist *const longer = lib.slist_append(list, *header);
        if (!longer)
            lib.slist_free_all(list);
        list = longer;
    }
    if (!list)
        return error_set(err, "out of memory");
    lib.easy_setopt(p->easy, CURLOPT_HTTPHEADER, list);
    lib.slist_free_all(p->headers);
    p->headers = list;
    return 0;
}

static int collect_secrets(struct string_list *secrets, const struct http_target *t)
{
    string_list_release(secrets);
    for (const char *const *header = t->headers; header && *header; header++)
        if (credentials_add_header(secrets, *header) < 0)
            return -1;
    if (credentials_add_url(secrets, t->url) < 0 ||
        credentials_add_login(secrets, t->username, t->password) < 0 ||
        credentials_add_proxies(secrets) < 0)
        return -1;
    return t->netrc ? credentials_add_netrc(secrets) : 0;
}

/* Everything that stays the same for all requests of a peer. */
static int open_peer(struct http_peer *p, struct error *err)
{
    const struct http_target *const t = p->target;
    if (!(p->easy = lib.easy_init()))
        return error_set(err, "out of memory");
    CURL *const e = p->easy;
    CURLcode bad = CURLE_OK;
#define SET(option, value) (bad = bad ? bad : lib.easy_setopt(e, option, value))
    SET(CURLOPT_URL, t->url);
#if LIBCURL_VERSION_NUM >= 0x075500
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
#else
    SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_USERAGENT, "tsdb-exporter/" TSDB_EXPORTER_VERSION);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_ERRORBUFFER, p->error);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, p);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, p);
    SET(CURLOPT_PRIVATE, p);
    SET(CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BUFFER);
    if (t->username)
        SET(CURLOPT_USERNAME, t->username);
    if (t->password)
        SET(CURLOPT_PASSWORD, t->password);
    if (t->netrc)
        SET(CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
    if (t->insecure) {
        SET(CURLOPT_SSL_VERIFYPEER, 0L);
        SET(CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (t->cacert)
        SET(CURLOPT_CAINFO, t->cacert);
    if (t->cert)
        SET(CURLOPT_SSLCERT, t->cert);
    if (t->key)
        SET(CURLOPT_SSLKEY, t->key);
#undef SET
    lib.easy_setopt(e, (CURLoption)EASY_QUICK_EXIT, 1L);
    return bad ? error_set(err, "libcurl: %s", lib.easy_strerror(bad)) : 0;
}

/* What a person has to mend: the URL, or who trusts whom. */
static bool is_permanent(CURLcode code)
{
    static const CURLcode codes[] = {
        CURLE_UNSUPPORTED_PROTOCOL,     CURLE_URL_MALFORMAT,      CURLE_SSL_CERTPROBLEM,
        CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ENGINE_NOTFOUND,
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i] == code)
            return true;
    return false;
}

/* The first line of a text from outside, as the user may see it. */
static const char *clean_words(struct http_peer *p, const char *text)
{
    buf_clear(&p->words);
    mask_append(&p->words, text, strcspn(text, "\n"), &p->secrets);
    return buf_text(&p->words);
}

static void finish(struct http *http, CURL *easy, CURLcode code)
{
    struct http_peer *p = NULL;
    long status = 0;
    curl_off_t seconds = 0, uploaded = 0;
    long request_size = 0;
    lib.easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&p);
    lib.easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    lib.easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
    lib.easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
    lib.easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &request_size);
    lib.multi_remove_handle(http->multi, easy);
    /* A server may answer 413 and close before it has read the body, or never end what it
     * says: the status counts. A 2xx to part of a body does not, nor one that was cut off
     * by anybody but us. */
    const bool ended = code == CURLE_OK || p->received > ANSWER_MAX;
    const bool whole = status >= 400 || (ended && uploaded == p->sending);
    const char *const words = whole              ? buf_text(&p->body)
                              : *p->error        ? p->error
                              : code != CURLE_OK ? lib.easy_strerror(code)
                                                 : "answered before it had the whole request";
    p->answer = (struct http_answer){
        .status = whole ? (int)status : 0,
        .sent = !whole && request_size > 0,
        .permanent = !whole && is_permanent(code),
        .words = clean_words(p, words),
        .body = buf_text(&p->body),
        .headers = buf_text(&p->header_lines),
        .retry_after_ms =
            1000 * (int64_t)(seconds < RETRY_AFTER_MAX_S ? seconds : RETRY_AFTER_MAX_S),
    };
    p->answered = true;
}

struct http *http_new(void)
{
    return calloc(1, sizeof(struct http));
}

void http_free(struct http *http)
{
    if (!http)
        return;
    while (http->peers) {
        struct http_peer *const peer = http->peers;
        http->peers = peer->next;
        if (peer->easy) {
            lib.multi_remove_handle(http->multi, peer->easy);
            lib.easy_cleanup(peer->easy);
            lib.slist_free_all(peer->headers);
        }
        buf_release(&peer->body);
        buf_release(&peer->header_lines);
        buf_release(&peer->words);
        string_list_release(&peer->secrets);
        free(peer);
    }
    if (http->multi)
        lib.multi_cleanup(http->multi);
    free(http);
}

struct http_peer *http_peer_new(struct http *http, const struct http_target *target)
{
    struct http_peer *const peer = calloc(1, sizeof *peer);
    if (!peer)
        return NULL;
    peer->http = http;
    peer->target = target;
    peer->next = http->peers;
    buf_init(&peer->body, BODY_MAX);
    buf_init(&peer->header_lines, HEADERS_MAX);
    buf_init(&peer->words, TEXT_ROOM);
    http->peers = peer;
    return peer;
}

int http_post(struct http_peer *peer, const char *body, size_t len, int64_t timeout_ms,
              struct error *err)
{
    struct http *const http = peer->http;
    if (load(err) < 0)
        return -1;
    if (!http->multi) {
        lib.global_init(CURL_GLOBAL_DEFAULT);
        http->multi = lib.multi_init();
        if (http->multi)
            lib.multi_setopt(http->multi, (CURLMoption)MULTI_QUICK_EXIT, 1L);
    }
    if (!http->multi)
        return error_set(err, "out of memory");
    if ((!peer->easy && open_peer(peer, err) < 0) || set_headers(peer, err) < 0)
        return -1;
    if (collect_secrets(&peer->secrets, peer->target) < 0)
        return error_set(err, "out of memory");
    buf_clear(&peer->body);
    buf_clear(&peer->header_lines);
    peer->error[0] = '\0';
    peer->answered = false;
    peer->received = 0;
    peer->sending = (curl_off_t)len;
    lib.easy_setopt(peer->easy, CURLOPT_POSTFIELDS, body);
    lib.easy_setopt(peer->easy, CURLOPT_POSTFIELDSIZE_LARGE, peer->sending);
    lib.easy_setopt(peer->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    lib.easy_setopt(peer->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms);
    const CURLMcode code = lib.multi_add_handle(http->multi, peer->easy);
    if (code != CURLM_OK)
        return error_set(err, "libcurl: cannot begin a request (%d)", (int)code);
    http->running++;
    return 0;
}

/* Takes all answers that have come. True if there was one. */
static bool take_answers(struct http *http)
{
    int left;
    bool any = false;
    for (CURLMsg *message; (message = lib.multi_info_read(http->multi, &left)); any = true)
        if (message->msg == CURLMSG_DONE)
            finish(http, message->easy_handle, message->data.result);
    return any;
}

void http_wait(struct http *http, struct pollfd *fds, size_t count, int timeout_ms)
{
    if (!http->running) {
        poll(fds, count, timeout_ms);
        return;
    }
    struct curl_waitfd waits[4];
    for (size_t i = 0; i < count; i++)
        waits[i] = (struct curl_waitfd){.fd = fds[i].fd, .events = CURL_WAIT_POLLIN};
    int ready = 0;
    lib.multi_perform(http->multi, &http->running);
    /* libcurl would wait for the others, and let this answer lie */
    if (take_answers(http))
        timeout_ms = 0;
    if (http->running)
        lib.multi_poll(http->multi, waits, (unsigned)count, timeout_ms < 0 ? 60000 : timeout_ms,
                       &ready);
    for (size_t i = 0; i < count; i++)
        fds[i].revents = waits[i].revents;
    lib.multi_perform(http->multi, &http->running);
    take_answers(http);
}

const struct http_answer *http_take_answer(struct http_peer *peer)
{
    if (!peer->answered)
        return NULL;
    peer->answered = false;
    return &peer->answer;
}

const char *http_library_version(struct error *err)
{
    return load(err) < 0 ? err->text : lib.version();
}
