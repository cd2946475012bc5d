/* Why: what must not be shown can be masked only if it is known. A text that a server sends
 * back is searched for what is found here. What cannot be proven public is a secret. */
#include "net/credentials.h"

#include "base/buf.h"
#include "base/mask.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum {
    WORD_MIN = 4, /* shorter values of queries and headers are numbers, not secrets */
    LOGIN_MAX = 8192,
    NETRC_MAX = 256 * 1024
};

static bool is_one_of(const char *const *names, const char *name, size_t len)
{
    for (; *names; names++)
        if (strlen(*names) == len && strncasecmp(*names, name, len) == 0)
            return true;
    return false;
}

/* Adds a piece of a URL, which may be percent-encoded. */
static int add_encoded(struct string_list *secrets, const char *text, size_t len)
{
    char *const plain = strndup(text, len);
    if (!plain)
        return -1;
    mask_percent_decode(plain);
    const int result = *plain ? string_list_add(secrets, plain) : 0;
    free(plain);
    return result;
}

/* RFC 4648. */
static void append_base64(struct buf *out, const char *text, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        unsigned long bits = 0;
        char four[4] = {'=', '=', '=', '='};
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < len ? (unsigned char)text[i + k] : 0);
        for (size_t k = 0; k < 4 && i + k <= len; k++)
            four[k] = digits[bits >> (18 - 6 * k) & 63];
        buf_append(out, four, sizeof four);
    }
}

/* Decodes base64 and appends it; stops where it is none. */
static void append_from_base64(struct buf *out, const char *text)
{
    unsigned long bits = 0;
    for (unsigned have = 0; *text; text++) {
        const char c = *text;
        const int digit = c >= 'A' && c <= 'Z'   ? c - 'A'
                          : c >= 'a' && c <= 'z' ? c - 'a' + 26
                          : c >= '0' && c <= '9' ? c - '0' + 52
                          : c == '+'             ? 62
                          : c == '/'             ? 63
                                                 : -1;
        if (digit < 0)
            return;
        bits = (bits << 6 | (unsigned)digit) & 0xFFFFFF;
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_append(out, &(char){(char)(bits >> have & 0xFF)}, 1);
        }
    }
}

int credentials_add_login(struct string_list *secrets, const char *user, const char *password)
{
    struct buf login, basic;
    int result = 0;
    user = user ? user : "";
    const char *const secret = password && *password ? password : user; /* a token as the user */
    if (!*secret)
        return 0;
    buf_init(&login, LOGIN_MAX);
    buf_init(&basic, 2 * LOGIN_MAX);
    buf_printf(&login, "%s:%s", user, password ? password : "");
    append_base64(&basic, login.data, login.len);
    if (string_list_add(secrets, secret) < 0 || login.failed || basic.failed ||
        string_list_add(secrets, buf_text(&basic)) < 0)
        result = -1;
    buf_release(&login);
    buf_release(&basic);
    return result;
}

/* "user:password", percent-encoded. */
static int add_userinfo(struct string_list *secrets, const char *text, size_t len)
{
    char *const user = strndup(text, len);
    if (!user)
        return -1;
    char *const colon = strchr(user, ':');
    if (colon)
        *colon = '\0';
    mask_percent_decode(user);
    if (colon)
        mask_percent_decode(colon + 1);
    const int result = credentials_add_login(secrets, user, colon ? colon + 1 : NULL);
    free(user);
    return result;
}

static int add_query(struct string_list *secrets, const char *query)
{
    static const char *const public[] = {
        "db", "rp",      "precision", "consistency",    "bucket",      "org", "orgID",
        "u",  "no_sync", "epoch",     "accept_partial", "extra_label", NULL};
    while (*query) {
        const size_t len = strcspn(query, "&");
        const char *const equal = memchr(query, '=', len);
        const size_t name = equal ? (size_t)(equal - query) : len;
        const char *const value = equal ? equal + 1 : query; /* "?TOKEN" */
        const size_t value_len = (size_t)(query + len - value);
        if (value_len >= WORD_MIN && !is_one_of(public, query, name) &&
            add_encoded(secrets, value, value_len) < 0)
            return -1;
        query += len + (query[len] == '&');
    }
    return 0;
}

/* Reads more from a URL than url_split, which refuses those that are none: people mistype
 * them, and libcurl repeats what it could not read. */
int credentials_add_url(struct string_list *secrets, const char *url)
{
    const char *const scheme = strstr(url, "://");
    const char *const authority = scheme ? scheme + 3 : url;
    const size_t len = strcspn(authority, "/?#");
    const char *at = strrchr(authority, '@'); /* a password may hold a '/' */
    if (at && memchr(authority, '@', len))
        for (at = authority + len; *--at != '@';)
            ;
    if (at && add_userinfo(secrets, authority, (size_t)(at - authority)) < 0)
        return -1;
    const char *const colon = at ? NULL : memchr(authority, ':', len);
    if (colon && *authority != '[' &&
        strspn(colon + 1, "0123456789") != (size_t)(authority + len - colon - 1) &&
        add_encoded(secrets, colon + 1, (size_t)(authority + len - colon - 1)) < 0)
        return -1; /* a user and a password, the host forgotten */
    const char *const query = strchr(url, '?');
    return query ? add_query(secrets, query + 1) : 0;
}

/* A word of a header's value: itself, what is behind its '=', and what it is in base64. */
static int add_word(struct string_list *secrets, const char *word, size_t len, bool basic)
{
    const char *const equal = memchr(word, '=', len);
    const size_t name = equal ? (size_t)(equal - word) + 1 : 0;
    char *const text = strndup(word, len);
    int result = text ? string_list_add(secrets, text) : -1;
    if (result == 0 && name && name < len && word[name] != '=')
        result = string_list_add(secrets, text + name);
    if (result == 0 && basic) {
        struct buf login;
        buf_init(&login, LOGIN_MAX);
        append_from_base64(&login, text);
        const char *const colon = strchr(buf_text(&login), ':');
        result = colon && colon[1] ? string_list_add(secrets, colon + 1) : 0;
        buf_release(&login);
    }
    free(text);
    return result;
}

int credentials_add_header(struct string_list *secrets, const char *header)
{
    static const char *const public[] = {"Content-Type",
                                         "Content-Encoding",
                                         "Content-Length",
                                         "User-Agent",
                                         "Accept",
                                         "Accept-Encoding",
                                         "Accept-Language",
                                         "Host",
                                         "Expect",
                                         "Connection",
                                         "Cache-Control",
                                         "X-Prometheus-Remote-Write-Version",
                                         "X-Scope-OrgID",
                                         "X-Influxdb-Version",
                                         NULL};
    static const char *const schemes[] = {"Basic",     "Bearer", "Token", "Digest",
                                          "Negotiate", "ApiKey", NULL};
    const size_t name = strcspn(header, ":");
    if (is_one_of(public, header, name))
        return 0;
    bool basic = false;
    for (const char *word = header + name + (header[name] == ':'); *word;) {
        const size_t len = strcspn(word, " \t;,");
        const bool scheme = is_one_of(schemes, word, len) && word[len] == ' ';
        if (len >= WORD_MIN && !scheme && add_word(secrets, word, len, basic) < 0)
            return -1;
        basic = scheme && strncasecmp(word, "Basic", len) == 0;
        word += len + (word[len] != '\0');
    }
    return 0;
}

int credentials_add_proxies(struct string_list *secrets)
{
    static const char *const names[] = {"http_proxy", "https_proxy", "all_proxy",
                                        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *const url = getenv(names[i]);
        if (url && credentials_add_url(secrets, url) < 0)
            return -1;
    }
    return 0;
}

/* The next word of a netrc file, which may be quoted, or NULL. Ends it with a '\0'. */
static char *next_word(char **rest)
{
    char *word = *rest + strspn(*rest, " \t\r\n");
    if (!*word)
        return NULL;
    if (*word != '"') {
        char *const end = word + strcspn(word, " \t\r\n");
        *rest = end + (*end != '\0');
        *end = '\0';
        return word;
    }
    char *to = ++word, *from = word;
    for (; *from && *from != '"'; *to++ = *from++)
        if (*from == '\\' && from[1])
            from++;
    *rest = from + (*from != '\0');
    *to = '\0';
    return word;
}

static int add_passwords(struct string_list *secrets, char *netrc)
{
    const char *user = NULL;
    for (char *word; (word = next_word(&netrc));) {
        const bool password = strcmp(word, "password") == 0;
        if (strcmp(word, "machine") == 0 || strcmp(word, "default") == 0)
            user = NULL;
        else if (strcmp(word, "login") == 0)
            user = next_word(&netrc);
        else if (password && credentials_add_login(secrets, user, next_word(&netrc)) < 0)
            return -1;
    }
    return 0;
}

int credentials_add_netrc(struct string_list *secrets)
{
    const char *const home = getenv("HOME");
    struct buf path, text;
    int result = 0;
    if (!home)
        return 0;
    buf_init(&path, LOGIN_MAX);
    buf_init(&text, NETRC_MAX);
    buf_printf(&path, "%s/.netrc", home);
    /* O_NONBLOCK: it might be a pipe to which nobody writes */
    const int fd = open(buf_text(&path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char *const room = fd < 0 ? NULL : buf_reserve(&text, NETRC_MAX - 1);
    ssize_t n = room ? 1 : 0;
    while (n > 0 && text.len < NETRC_MAX - 1) {
        n = read(fd, room + text.len, NETRC_MAX - 1 - text.len);
        text.len += n > 0 ? (size_t)n : 0;
    }
    if (fd >= 0 && !room)
        result = -1;
    if (room) {
        room[text.len] = '\0';
        result = add_passwords(secrets, room);
    }
    if (fd >= 0)
        close(fd);
    buf_release(&path);
    buf_release(&text);
    return result;
}
