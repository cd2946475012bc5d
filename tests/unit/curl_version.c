/* curl_version: releases compare as they were released, and what is unknown is new. */
#include "model/curl_version.h"

#include "tap.h"

int main(void)
{
    static const struct {
        const char *version;
        int release;
    } cases[] = {
        {"libcurl/7.88.1 OpenSSL/3.0.19 zlib/1.2.13", CURL_RELEASE(7, 88)},
        {"libcurl/8.14.1", CURL_RELEASE(8, 14)},
        {"libcurl/8.23.0-DEV OpenSSL/3.6.5", CURL_RELEASE(8, 23)},
        {"curl/8.3.0 libcurl/8.3.0", CURL_RELEASE(8, 3)},
        {"libcurl/10.0", CURL_RELEASE(10, 0)},
        {NULL, CURL_RELEASE_UNKNOWN},
        {"", CURL_RELEASE_UNKNOWN},
        {"x", CURL_RELEASE_UNKNOWN},
        {"libcurl/", CURL_RELEASE_UNKNOWN},
        {"libcurl/8", CURL_RELEASE_UNKNOWN},
        {"libcurl/8.", CURL_RELEASE_UNKNOWN},
        {"libcurl/8.x", CURL_RELEASE_UNKNOWN},
        {"libcurl/-8.3", CURL_RELEASE_UNKNOWN},
        {"libcurl/ 8.3", CURL_RELEASE_UNKNOWN},
        {"libcurl/8. 3", CURL_RELEASE_UNKNOWN},
        {"mylibcurl/8.3", CURL_RELEASE_UNKNOWN},
        {"libcurl/99999999999999999999.1", CURL_RELEASE_UNKNOWN},
        {"libcurl/8.99999999999999999999", CURL_RELEASE_UNKNOWN},
    };
    static const char newest[] = "libcurl/8.22.0 OpenSSL/3.6.5 libidn2/2.3 ngtcp2/1.24.0";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        IS(curl_version_release(cases[i].version), cases[i].release,
           cases[i].version ? cases[i].version : "no version");
    OK(CURL_RELEASE(7, 88) < CURL_RELEASE(8, 3) && CURL_RELEASE(8, 3) < CURL_RELEASE(8, 14) &&
           CURL_RELEASE(8, 14) < CURL_RELEASE_UNKNOWN,
       "an older release is less, and the unknown one the newest");
    OK(curl_version_names(newest, "ngtcp2") && curl_version_names(newest, "libidn2"),
       "libraries are found");
    OK(!curl_version_names(newest, "gtcp2") && !curl_version_names(newest, "ngtcp") &&
           !curl_version_names(newest, "quiche") && !curl_version_names(NULL, "ngtcp2"),
       "parts of their names are not");
    return tap_done();
}
