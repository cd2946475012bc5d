/* Several of curl's timers changed their meaning with a release or with the library
 * that does QUIC. Both stand in one text, which is read here and nowhere else. */
#include "model/curl_version.h"

#include <stdlib.h>
#include <string.h>

/* Returns what stands behind "NAME/" where a word begins, or NULL. */
static const char *behind_name(const char *version, const char *name)
{
    const size_t len = strlen(name);
    for (const char *at = version; (at = strstr(at, name)); at += len)
        if ((at == version || at[-1] == ' ') && at[len] == '/')
            return at + len + 1;
    return NULL;
}

int curl_version_release(const char *version)
{
    enum { NUMBER_MAX = 999 };
    const char *const at = version ? behind_name(version, "libcurl") : NULL;
    char *end;
    if (!at || *at < '0' || *at > '9')
        return CURL_RELEASE_UNKNOWN;
    const long major = strtol(at, &end, 10);
    if (*end != '.' || end[1] < '0' || end[1] > '9')
        return CURL_RELEASE_UNKNOWN;
    const long minor = strtol(end + 1, NULL, 10);
    return major > NUMBER_MAX || minor > NUMBER_MAX ? CURL_RELEASE_UNKNOWN
                                                    : CURL_RELEASE((int)major, (int)minor);
}

bool curl_version_names(const char *version, const char *library)
{
    return version && behind_name(version, library);
}
