/* mask: text from outside, made fit to be shown.
 *
 * Servers and proxies like to repeat in an error what they were sent, and libcurl the URL
 * that it could not read. What is shown or logged of such a text goes through here. */
#ifndef TSDB_EXPORTER_BASE_MASK_H
#define TSDB_EXPORTER_BASE_MASK_H

#include "base/buf.h"
#include "base/list.h"

/* More than this of a text is not looked at, and not shown. */
#define MASK_TEXT_MAX 4096

/* Appends the text to `out`, cleaned as text_clean does, with "***" for
 *
 * - each of `secrets`, however it is spelled (plain, percent-encoded, as in JSON or HTML,
 *   or several of these one in the other), also if the end of the text cuts it off;
 * - what may be a login in a URL: all between "//" and '@', what has a ':' before an '@',
 *   and a port that is no number;
 * - the value behind a name such as "Authorization:", "Cookie:" or "password=".
 *
 * A secret of one to three bytes counts only where it stands alone. */
void mask_append(struct buf *out, const char *text, size_t len, const struct string_list *secrets);

/* Replaces percent-encodings by what they stand for, in place. */
void mask_percent_decode(char *text);

#endif
