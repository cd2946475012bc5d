/* url: the parts of a URL, and URLs without their secrets.
 *
 * Just enough of RFC 3986 to tell where a user's name, a password or a token
 * can stand. Reading a URL for a request is libcurl's work. */
#ifndef TSDB_EXPORTER_BASE_URL_H
#define TSDB_EXPORTER_BASE_URL_H

#include <stddef.h>

struct url_part {
    const char *at; /* inside the text that was split; never NULL */
    size_t len;
};

struct url {
    struct url_part scheme;   /* without "://"; empty if the URL has none */
    struct url_part userinfo; /* without '@' */
    struct url_part host;     /* without port; with brackets if it has them */
    struct url_part port;     /* without ':' */
    struct url_part path;     /* from its '/'; without query */
    struct url_part query;    /* without '?', without fragment */
};

/* Splits `text`. 0, or -1 when it has no valid authority ("user:pa/ss@host": the
 * port is not a number). Then any part of it may be a secret. */
int url_split(const char *text, struct url *url);

/* Cuts userinfo, query and fragment out of a URL, or of a URL's path alone, in place. What
 * cannot be proven to hold no login becomes "": no host (but in file:), one with characters
 * that hosts do not have, a port that is none, or an '@' in the path behind a login or a
 * port, since that may be the end of a password. */
void url_scrub(char *text);

/* Cuts a free text off, in place, before the first word in which a login or a query may
 * begin, if it holds any ('@', '?', '#', '%', or a ':' within a word that is no URL, port or
 * address). All that follows goes too: passwords may hold quotes, brackets and blanks, so
 * nobody can tell where one ends. */
void url_scrub_message(char *text);

#endif
