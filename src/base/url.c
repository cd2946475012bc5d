/* Why: curl's object holds up to four URLs, and people keep passwords and tokens in
 * their userinfo and query. Those must not leave this process. */
#include "base/url.h"

#include <stdbool.h>
#include <string.h>

static struct url_part part(const char *from, const char *to)
{
    return (struct url_part){from, (size_t)(to - from)};
}

static const char *last_at(const char *from, const char *to)
{
    while (to > from)
        if (*--to == '@')
            return to;
    return NULL;
}

/* Splits "host", "host:port" or "[v6]:port". -1 when it is none of these. */
static int split_host(const char *p, const char *end, struct url *url)
{
    const char *colon = NULL;
    if (p < end && *p == '[') {
        const char *close = memchr(p, ']', (size_t)(end - p));
        if (!close)
            return -1;
        colon = close + 1;
    } else {
        colon = memchr(p, ':', (size_t)(end - p));
        if (!colon)
            colon = end;
        if (memchr(p, '%', (size_t)(colon - p)))
            return -1; /* an encoded '@' or ':' would hide what it stands for */
    }
    url->host = part(p, colon);
    url->port = part(end, end);
    if (colon == end)
        return 0;
    if (*colon != ':' || strspn(colon + 1, "0123456789") != (size_t)(end - colon - 1))
        return -1;
    url->port = part(colon + 1, end);
    return 0;
}

/* RFC 3986, 3.1: what stands before "://" may be a password. */
static bool is_scheme(const char *from, const char *to)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const size_t len = (size_t)(to - from);
    return len > 0 && strchr(letters, *from) &&
           strspn(from, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.") >= len;
}

int url_split(const char *text, struct url *url)
{
    const char *const query = text + strcspn(text, "?#");
    const char *const scheme_end = strstr(text, "://");
    const bool has_scheme = scheme_end && scheme_end < query && is_scheme(text, scheme_end);
    const char *const authority = has_scheme ? scheme_end + 3 : text;
    const char *const path = authority + strcspn(authority, "/?#");
    const char *const at = last_at(authority, path);
    url->scheme = part(text, has_scheme ? scheme_end : text);
    url->userinfo = part(authority, at ? at : authority);
    url->path = part(path, query);
    url->query =
        *query == '?' ? part(query + 1, query + 1 + strcspn(query + 1, "#")) : part(query, query);
    return split_host(at ? at + 1 : authority, path, url);
}

/* Cuts out of each segment, from slash to slash, what may be userinfo. It can stand
 * in any of them: there may be a URL in the path of another one, and curl takes URLs
 * with too few slashes or too many ("http:/user:password@host"). */
static void scrub_segments(char *text)
{
    char *out = text;
    for (const char *in = text;; *out++ = *in++) {
        const char *before = out; /* the slashes in front of the segment */
        while (before > text && (before[-1] == '/' || before[-1] == '\\'))
            before--;
        const bool inner = before < out && (before == text ? out - before > 1 : before[-1] == ':');
        const size_t len = strcspn(in, inner ? "/" : "/\\");
        const char *const at = last_at(in, in + len);
        const size_t skip =
            at && (inner || memchr(in, ':', (size_t)(at - in))) ? (size_t)(at + 1 - in) : 0;
        memmove(out, in + skip, len - skip);
        out += len - skip;
        in += len;
        if (!*in)
            break;
    }
    *out = '\0';
}

void url_scrub(char *text)
{
    struct url url;
    if (!strpbrk(text, "@?#%"))
        return; /* There is nothing to cut, as nearly always. */
    if (url_split(text, &url) < 0) {
        *text = '\0';
        return;
    }
    text[strcspn(text, "?#")] = '\0';
    if (url.host.at > url.userinfo.at)
        memmove(text + (url.userinfo.at - text), url.host.at, strlen(url.host.at) + 1);
    scrub_segments(text);
}

void url_scrub_message(char *text)
{
    if (!strpbrk(text, "@?#"))
        return;
    size_t end = strcspn(text, ":@?#'\"<([");
    while (end > 0 && !strchr(" \t\r\n", text[end - 1]))
        end--;
    while (end > 0 && strchr(" \t\r\n", text[end - 1]))
        end--;
    text[end] = '\0';
}
