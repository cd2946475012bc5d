/* Why: a URL stands in curl's object up to four times, and its userinfo and
 * query are where people keep passwords and tokens. They must not leave. */
#include "tsdb_exporter/url.h"

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

/* Splits "host", "host:port" or "[v6]:port". -1 when it is none of them. */
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

int url_split(const char *text, struct url *url)
{
    const char *const query = text + strcspn(text, "?#");
    const char *const scheme_end = strstr(text, "://");
    const bool has_scheme = scheme_end && scheme_end < query;
    const char *const authority = has_scheme ? scheme_end + 3 : text;
    const char *const path = authority + strcspn(authority, "/\\?#");
    const char *const at = last_at(authority, path);
    url->scheme = part(text, has_scheme ? scheme_end : text);
    url->userinfo = part(authority, at ? at : authority);
    url->path = part(path, query);
    url->query =
        *query == '?' ? part(query + 1, query + 1 + strcspn(query + 1, "#")) : part(query, query);
    return split_host(at ? at + 1 : authority, path, url);
}

/* Cuts the userinfo of a URL that stands inside another one's path. */
static void scrub_inner(char *text)
{
    for (char *p = text; (p = strstr(p, "://"));) {
        p += 3;
        const char *at = last_at(p, p + strcspn(p, "/"));
        if (at)
            memmove(p, at + 1, strlen(at + 1) + 1);
    }
}

void url_scrub(char *text)
{
    struct url url;
    if (url_split(text, &url) < 0) {
        *text = '\0';
        return;
    }
    text[strcspn(text, "?#")] = '\0';
    if (url.host.at > url.userinfo.at)
        memmove(text + (url.userinfo.at - text), url.host.at, strlen(url.host.at) + 1);
    scrub_inner(text);
}

void url_scrub_message(char *text)
{
    static const char between[] = " \t\r\n'\"<>()";
    char *out = text, *in = text;
    while (*in) {
        const size_t gap = strspn(in, between);
        memmove(out, in, gap);
        out += gap;
        in += gap;
        const size_t length = strcspn(in, between);
        char *const next = in + length;
        const char kept = *next;
        *next = '\0';
        if (strstr(in, "://") || strchr(in, '@') || strchr(in, '?'))
            url_scrub(in);
        const size_t left = strlen(in);
        memmove(out, in, left);
        out += left;
        *next = kept;
        in = next;
    }
    *out = '\0';
}
