/* credentials: finds all that must not be shown of how a destination is reached.
 *
 * Each function adds secrets as plain text, not encoded, to a list for mask_append.
 * 0, or -1: out of memory. */
#ifndef TSDB_EXPORTER_NET_CREDENTIALS_H
#define TSDB_EXPORTER_NET_CREDENTIALS_H

#include "base/list.h"

/* A password, or a token in its place, and what Basic (RFC 7617) makes of both. Either may
 * be NULL. */
int credentials_add_login(struct string_list *secrets, const char *user, const char *password);

/* The login of a URL, and those values of its query that are not known to be public. */
int credentials_add_url(struct string_list *secrets, const char *url);

/* What a request header "Name: value" may hold of that, unless the name is known to be
 * public. */
int credentials_add_header(struct string_list *secrets, const char *header);

/* The logins of the proxies that the environment names. */
int credentials_add_proxies(struct string_list *secrets);

/* All passwords of ~/.netrc, where libcurl looks for them. */
int credentials_add_netrc(struct string_list *secrets);

#endif
