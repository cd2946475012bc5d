/* field: the table of everything that a transfer can hold.
 *
 * Each key of curl's is one row. The rows are sorted by name, as curl sorts its
 * keys, so that reading an object in curl's order finds each key at the first try.
 * Sources of the keys, types and versions: `curl -w '%{json}'` of curl 7.70 to
 * 8.23, and curl's src/tool_writeout.c. A number under a key that is not here, of a
 * future curl, is kept under its own name. A text under such a key is dropped,
 * because nobody has checked yet that it holds no secret. */
#ifndef TSDB_EXPORTER_MODEL_FIELD_H
#define TSDB_EXPORTER_MODEL_FIELD_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum field_kind {
    FIELD_NUMBER,  /* a JSON number */
    FIELD_VERSION, /* a JSON string that holds a number ("1.1"); stored as the number */
    FIELD_TEXT,    /* a string; sent only when asked for */
    FIELD_URL,     /* a string; userinfo, query and fragment are cut off */
    FIELD_MESSAGE, /* a string that may hold URLs, which are cut in the same way */
    FIELD_SECRET,  /* a string that never leaves the process */
    FIELD_DERIVED  /* a number computed by this program, never read */
};

/* X(identifier, name, kind, unit, help) */
/* clang-format off */
#define FIELD_TABLE(X) \
    X(CERT_EXPIRY, "cert_expiry", DERIVED, "seconds", "Earliest expiry in the chain of certificates, Unix time") \
    X(CERTS, "certs", SECRET, "", "Certificate chain") \
    X(CONN_ID, "conn_id", NUMBER, "", "Connection identifier, -1 for none") \
    X(CONTENT_TYPE, "content_type", TEXT, "", "Content-Type of the response") \
    X(CURL_VERSION, "curl_version", TEXT, "", "Version of curl and its libraries") \
    X(ERRORMSG, "errormsg", MESSAGE, "", "curl's error message") \
    X(EXITCODE, "exitcode", NUMBER, "", "curl's exit code for the transfer, 0 for success") \
    X(FAILED, "failed", DERIVED, "", "1 if curl failed or, over HTTP, there was no response below 400") \
    X(FILENAME_EFFECTIVE, "filename_effective", TEXT, "", "File that the body went to") \
    X(FTP_ENTRY_PATH, "ftp_entry_path", TEXT, "", "Path at login to an FTP server") \
    X(HOST, "host", TEXT, "", "Host of the requested URL") \
    X(HTTP_CODE, "http_code", NUMBER, "", "HTTP response code, 0 for none") \
    X(HTTP_CONNECT, "http_connect", NUMBER, "", "Response code of a proxy to CONNECT") \
    X(HTTP_VERSION, "http_version", VERSION, "", "HTTP version of the response, 0 for none") \
    X(LOCAL_IP, "local_ip", TEXT, "", "Local address of the connection") \
    X(LOCAL_PORT, "local_port", NUMBER, "", "Local port of the connection") \
    X(METHOD, "method", TEXT, "", "HTTP method of the last request") \
    X(NUM_CERTS, "num_certs", NUMBER, "", "Certificates in the chain") \
    X(NUM_CONNECTS, "num_connects", NUMBER, "", "New connections made") \
    X(NUM_HEADERS, "num_headers", NUMBER, "", "Headers in the last response") \
    X(NUM_REDIRECTS, "num_redirects", NUMBER, "", "Redirects followed") \
    X(NUM_RETRIES, "num_retries", NUMBER, "", "Retries made") \
    X(PHASE_CONNECT, "phase_connect", DERIVED, "seconds", "Time to connect over TCP") \
    X(PHASE_DNS, "phase_dns", DERIVED, "seconds", "Time to resolve the name") \
    X(PHASE_HANDSHAKE, "phase_handshake", DERIVED, "seconds", "Time from address known to connection ready: TCP and TLS, or QUIC") \
    X(PHASE_QUEUE, "phase_queue", DERIVED, "seconds", "Time in curl's queue before the transfer began") \
    X(PHASE_SEND, "phase_send", DERIVED, "seconds", "Time to send the request") \
    X(PHASE_TLS, "phase_tls", DERIVED, "seconds", "Time for the TLS handshake; over QUIC the whole handshake") \
    X(PHASE_TRANSFER, "phase_transfer", DERIVED, "seconds", "Time to receive the response") \
    X(PHASE_WAIT, "phase_wait", DERIVED, "seconds", "Time from request sent to first byte of the response") \
    X(PROXY_SSL_VERIFY_RESULT, "proxy_ssl_verify_result", NUMBER, "", "Verification of the proxy's certificate, 0 for good") \
    X(PROXY_USED, "proxy_used", NUMBER, "", "1 if the transfer used a proxy") \
    X(REDIRECT_URL, "redirect_url", URL, "", "Where a redirect would have led") \
    X(REFERER, "referer", SECRET, "", "Referer sent") \
    X(REMOTE_IP, "remote_ip", TEXT, "", "Remote address of the connection") \
    X(REMOTE_PORT, "remote_port", NUMBER, "", "Remote port of the connection") \
    X(RESPONSE_CODE, "response_code", NUMBER, "", "Response code, the same as http_code") \
    X(SCHEME, "scheme", TEXT, "", "URL scheme, in lower case") \
    X(SIZE_DELIVERED, "size_delivered", NUMBER, "bytes", "Body bytes after decoding") \
    X(SIZE_DOWNLOAD, "size_download", NUMBER, "bytes", "Body bytes downloaded") \
    X(SIZE_HEADER, "size_header", NUMBER, "bytes", "Header bytes received") \
    X(SIZE_REQUEST, "size_request", NUMBER, "bytes", "Request bytes sent") \
    X(SIZE_UPLOAD, "size_upload", NUMBER, "bytes", "Body bytes uploaded") \
    X(SPEED_DOWNLOAD, "speed_download", NUMBER, "bytes_per_second", "Average download speed") \
    X(SPEED_UPLOAD, "speed_upload", NUMBER, "bytes_per_second", "Average upload speed") \
    X(SSL_VERIFY_RESULT, "ssl_verify_result", NUMBER, "", "Verification of the certificate, 0 for good") \
    X(TIME_APPCONNECT, "time_appconnect", NUMBER, "seconds", "From the start until TLS was done") \
    X(TIME_CONNECT, "time_connect", NUMBER, "seconds", "From the start until connected") \
    X(TIME_NAMELOOKUP, "time_namelookup", NUMBER, "seconds", "From the start until the name was resolved") \
    X(TIME_POSTTRANSFER, "time_posttransfer", NUMBER, "seconds", "From the start until the request was sent") \
    X(TIME_PRETRANSFER, "time_pretransfer", NUMBER, "seconds", "From the start until the request could be sent") \
    X(TIME_QUEUE, "time_queue", NUMBER, "seconds", "Time in curl's queue before the start") \
    X(TIME_REDIRECT, "time_redirect", NUMBER, "seconds", "Time of all hops before the last") \
    X(TIME_STARTTRANSFER, "time_starttransfer", NUMBER, "seconds", "From the start until the first byte of the response") \
    X(TIME_TOTAL, "time_total", NUMBER, "seconds", "Duration of the whole transfer") \
    X(TLS_EARLYDATA, "tls_earlydata", NUMBER, "bytes", "TLS early data sent, negative if rejected") \
    X(URL, "url", URL, "", "URL requested") \
    X(URL_FRAGMENT, "url.fragment", SECRET, "", "Fragment of the requested URL") \
    X(URL_HOST, "url.host", TEXT, "", "Host of the requested URL") \
    X(URL_OPTIONS, "url.options", SECRET, "", "Login options of the requested URL") \
    X(URL_PASSWORD, "url.password", SECRET, "", "Password in the requested URL") \
    X(URL_PATH, "url.path", URL, "", "Path of the requested URL") \
    X(URL_PORT, "url.port", TEXT, "", "Port of the requested URL") \
    X(URL_QUERY, "url.query", SECRET, "", "Query of the requested URL") \
    X(URL_SCHEME, "url.scheme", TEXT, "", "Scheme of the requested URL") \
    X(URL_USER, "url.user", SECRET, "", "User in the requested URL") \
    X(URL_ZONEID, "url.zoneid", TEXT, "", "IPv6 zone of the requested URL") \
    X(URL_EFFECTIVE, "url_effective", URL, "", "URL fetched last") \
    X(URLE_FRAGMENT, "urle.fragment", SECRET, "", "Fragment of the URL fetched last") \
    X(URLE_HOST, "urle.host", TEXT, "", "Host of the URL fetched last") \
    X(URLE_OPTIONS, "urle.options", SECRET, "", "Login options of the URL fetched last") \
    X(URLE_PASSWORD, "urle.password", SECRET, "", "Password in the URL fetched last") \
    X(URLE_PATH, "urle.path", URL, "", "Path of the URL fetched last") \
    X(URLE_PORT, "urle.port", TEXT, "", "Port of the URL fetched last") \
    X(URLE_QUERY, "urle.query", SECRET, "", "Query of the URL fetched last") \
    X(URLE_SCHEME, "urle.scheme", TEXT, "", "Scheme of the URL fetched last") \
    X(URLE_USER, "urle.user", SECRET, "", "User in the URL fetched last") \
    X(URLE_ZONEID, "urle.zoneid", TEXT, "", "IPv6 zone of the URL fetched last") \
    X(URLNUM, "urlnum", NUMBER, "", "Number of the URL on curl's command line") \
    X(XFER_ID, "xfer_id", NUMBER, "", "Transfer identifier, -1 for none")
/* clang-format on */

#define FIELD_ENUM_ROW(identifier, name, kind, unit, help) F_##identifier,
enum field_id { FIELD_TABLE(FIELD_ENUM_ROW) FIELD_COUNT, FIELD_NONE = -1 };
#undef FIELD_ENUM_ROW

struct field {
    const char *name;
    size_t name_len;
    enum field_kind kind;
    const char *unit; /* "seconds", "bytes", "bytes_per_second" or "" */
    const char *help;
};

extern const struct field field_table[FIELD_COUNT];

/* Whether its values are numbers. */
static inline bool field_is_number(enum field_id field)
{
    const enum field_kind kind = field_table[field].kind;
    return kind == FIELD_NUMBER || kind == FIELD_VERSION || kind == FIELD_DERIVED;
}

/* Returns the field called `name`, or FIELD_NONE. `hint` is where the search begins:
 * 0 at first, then the last answer + 1 when keys are read in order. Any hint finds
 * the field; a right one finds it faster. */
enum field_id field_find(const char *name, int hint);

/* The same for a name that a person typed. If there is none, returns FIELD_NONE, and
 * the error names the most similar one. */
enum field_id field_named(const char *name, struct error *err);

/* The same where a person may also name a key that no row knows: a newer curl's, or one of
 * their own. `*field` is FIELD_NONE then. -1: databases cannot store the name, or it is one
 * slip away from the name of a row. */
int field_or_own_named(const char *name, enum field_id *field, struct error *err);

#endif
