/* curl_version: what the text of curl's key curl_version says.
 *
 *   libcurl/8.22.0 OpenSSL/3.6.5 zlib/1.3.2 nghttp2/1.70.0 ngtcp2/1.24.0 nghttp3/1.17.0 */
#ifndef TSDB_EXPORTER_MODEL_CURL_VERSION_H
#define TSDB_EXPORTER_MODEL_CURL_VERSION_H

#include <limits.h>
#include <stdbool.h>

/* Releases as numbers that can be compared: CURL_RELEASE(8, 3) < CURL_RELEASE(8, 14). */
#define CURL_RELEASE(major, minor) ((major)*1000 + (minor))
/* Newer than every release. */
#define CURL_RELEASE_UNKNOWN INT_MAX

/* The release that `version` names. A text that is absent (NULL) or names none gives
 * CURL_RELEASE_UNKNOWN, so that it is read like the newest curl's. */
int curl_version_release(const char *version);

/* True if `version` (NULL: never) names the library, such as "ngtcp2". */
bool curl_version_names(const char *version, const char *library);

#endif
