/* Why: curl's object holds up to four URLs, and people keep passwords and tokens in
 * their userinfo and query. Those must not leave this process. People mistype URLs, too:
 * what cannot be proven to be public is not kept. */
#include "base/url.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

/* The first `c` in the text, plain or percent-encoded any number of times, or NULL. */
static char *find_spelled(char *text, char c)
{
    static const char digits[] = "0123456789ABCDEF";
    const char hex[] = {digits[c >> 4 & 15], digits[c & 15], '\0'}, beginnings[] = {c, '%', '\0'};
    for (; (text = strpbrk(text, beginnings)); text++) {
        const char *code = text + 1;
        while (*text == '%' && strncmp(code, "25", 2) == 0)
            code += 2;
        if (*text == c || strncasecmp(code, hex, 2) == 0)
            return text;
    }
    return NULL;
}

/* A name, an address of IPv4, or one of IPv6 in brackets, with or without a zone. Of the
 * characters beyond ASCII those from U+F000 on do not count: some of them are other forms
 * of '@' and ':'. */
static bool is_host(struct url_part host)
{
    size_t i = 0;
    if (host.len && *host.at == '[') {
        const size_t hex = 1 + strspn(host.at + 1, "0123456789abcdefABCDEF:.");
        const char *const zone = host.at + hex;
        i = *zone == '%' ? hex + strcspn(zone, ":/@]") : hex;
        return memchr(host.at, ':', hex) && i + 1 == host.len && host.at[i] == ']';
    }
    for (; i < host.len; i++) {
        const unsigned char c = (unsigned char)host.at[i];
        if (!isalnum(c) && !strchr("-._", c) && (c < 0x80 || c == 0xEF))
            return false;
    }
    return host.len > 0;
}

static bool is_port(struct url_part port)
{
    return port.len <= 5 && strtol(port.at, NULL, 10) <= 65535; /* digits, says url_split */
}

/* Whether the text, which has been split, can be what it looks like. */
static bool is_public(char *text, const struct url *url)
{
    char *const path = text + (url->path.at - text);
    if (url->host.len) {
        /* A '/' or '?' in a password makes its user a host, or its beginning a port. */
        const bool doubtful = url->userinfo.len || url->host.at + url->host.len < url->path.at;
        const bool no_path = url->path.len == 0;
        if (!url->scheme.len && !url->port.len && url->host.at + url->host.len < url->path.at)
            return false; /* "http:/u:password": a scheme, and a '/' that is missing */
        char *const at = doubtful ? find_spelled(path, '@') : NULL;
        return is_host(url->host) && is_port(url->port) &&
               (!at || (!no_path && at >= url->path.at + url->path.len));
    }
    if (url->scheme.len)
        return url->scheme.len == 4 && strncasecmp(url->scheme.at, "file", 4) == 0;
    /* a path alone; behind two slashes there may be a host */
    return text[0] == '\0' ||
           (text[0] == '/' && (!strchr("/\\", text[1]) || !text[1] ||
                               (!find_spelled(text, '@') && !strchr(text, ':'))));
}

/* Cuts the path where a login with an encoded '@' may begin, or one with a '/' in it. */
static void scrub_path(char *path)
{
    char *colon = find_spelled(path, ':');
    if (!colon || !find_spelled(colon, '@'))
        return;
    while (colon > path && colon[-1] != '/')
        colon--;
    *colon = '\0';
}

void url_scrub(char *text)
{
    struct url url;
    if (url_split(text, &url) < 0 || !is_public(text, &url)) {
        *text = '\0';
        return;
    }
    if (!strpbrk(text, "@?#%"))
        return; /* there is nothing to cut, as nearly always */
    char *path = text + (url.path.at - text);
    path[url.path.len] = '\0';
    static const char ends[] = "?#";
    for (const char *c = ends; *c; c++) {
        char *const end = find_spelled(path, *c);
        if (end)
            *end = '\0';
    }
    if (url.host.at > url.userinfo.at) {
        char *const login = text + (url.userinfo.at - text);
        memmove(login, url.host.at, strlen(url.host.at) + 1);
        path -= url.host.at - url.userinfo.at;
    }
    scrub_segments(text);
    path = text + (url.path.at - text) - (url.host.at - url.userinfo.at);
    scrub_path(path);
}

/* Whether a ':' in a word of a message has a reason: a port, a URL, an address of IPv6, or
 * an error of OpenSSL's ("error:0A000086:SSL routines::certificate verify failed"). */
static bool is_public_word(const char *word, size_t len)
{
    char text[256], scrubbed[sizeof text];
    while (len && strchr(".,;:", word[len - 1]))
        len--;
    if (!memchr(word, ':', len) && !memchr(word, '\\', len))
        return true;
    if (len >= sizeof text)
        return false;
    memcpy(text, word, len);
    text[len] = '\0';
    memcpy(scrubbed, text, len + 1);
    if (strspn(text, "0123456789abcdefABCDEF:.") == len && strchr(text, ':') != strrchr(text, ':'))
        return true;
    if (strncmp(text, "error:", 6) == 0 || strncmp(text, "routines:", 9) == 0)
        return true;
    url_scrub(scrubbed);
    return strcmp(text, scrubbed) == 0;
}

void url_scrub_message(char *text)
{
    static const char blanks[] = " \t\r\n", quotes[] = " \t\r\n'\"<>()";
    const bool login = strpbrk(text, "@?#%") != NULL;
    size_t end = login ? strcspn(text, ":@?#%'\"<([") : 0;
    while (!login && text[end]) {
        const size_t len = strcspn(text + end, quotes);
        if (!is_public_word(text + end, len))
            break;
        end += len + (text[end + len] != '\0');
    }
    if (!text[end])
        return;
    while (end > 0 && !strchr(blanks, text[end - 1]))
        end--;
    while (end > 0 && strchr(blanks, text[end - 1]))
        end--;
    text[end] = '\0';
}
