/* Why: who may share which queue is decided here, once. A transfer in a wrong queue
 * would go to a wrong database. */
#include "output/identity.h"

#include "base/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static bool is_credential(const char *header)
{
    static const char *const names[] = {"Authorization", "Proxy-Authorization", "Cookie"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const size_t len = strlen(names[i]);
        if (strncasecmp(header, names[i], len) == 0 && strchr(":; ", header[len]))
            return true;
    }
    return false;
}

/* What stands before the '=' in a URL's query. Names that are in no list are only
 * hashed: nobody has said yet that they are no secret. */
static const char *const shown[] = {"db", "rp", "bucket", "org", "orgID", NULL};
static const char *const secret[] = {"u",       "p",      "token",   "access_token", "authKey",
                                     "api_key", "apikey", "api-key", "password",     NULL};

/* Of those, the ones that may change while their user stays the same; and their users. */
static const char *const passwords[] = {"p", "password", NULL};
static const char *const users[] = {"u", "user", "username", NULL};

static bool is_named(const char *parameter, size_t len, const char *const *names)
{
    const char *const equals = memchr(parameter, '=', len);
    const size_t name_len = equals ? (size_t)(equals - parameter) : len;
    for (; *names; names++)
        if (strlen(*names) == name_len && memcmp(*names, parameter, name_len) == 0)
            return true;
    return false;
}

/* Appends the parameters whose names are in the list, or, with `others`, are not. True if
 * there are any. */
static bool append_parameters(struct buf *out, struct url_part query, const char *const *names,
                              bool others)
{
    const char *separator = "?";
    for (const char *at = query.at, *const end = at + query.len; at < end;) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        stop = stop ? stop : end;
        const size_t len = (size_t)(stop - at);
        if (is_named(at, len, names) != others) {
            buf_append_text(out, separator);
            buf_append(out, at, len);
            separator = "&";
        }
        at = stop + 1;
    }
    return *separator == '&';
}

/* Appends the URL without userinfo and secrets; with `all`, what is not to be
 * shown too. */
static void append_url(struct buf *out, const char *url, bool all)
{
    struct url parts;
    if (url_split(url, &parts) < 0)
        return; /* opening the output has refused it */
    buf_append(out, parts.scheme.at, parts.scheme.len);
    buf_append(out, "://", 3);
    buf_append(out, parts.host.at, (size_t)(parts.path.at + parts.path.len - parts.host.at));
    append_parameters(out, parts.query, all ? secret : shown, all);
}

/* Appends the user of "Basic BASE64": what stands before the ':'. */
static void append_basic_user(struct buf *out, const char *at)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0, count = 0;
    for (const char *digit; *at && (digit = strchr(digits, *at)); at++) {
        bits = bits << 6 | (unsigned)(digit - digits);
        count += 6;
        if (count < 8)
            continue;
        count -= 8;
        const char c = (char)(bits >> count & 0xff);
        if (c == ':')
            return;
        buf_append(out, &c, 1);
    }
}

/* Appends who an output logs in as. Of somebody with a name the password is left out: it
 * may change while transfers wait. A token has no name: another one is somebody else. */
static void append_login(struct buf *out, const struct output *output)
{
    struct url parts;
    if (url_split(output->url, &parts) < 0)
        return;
    const char *const colon = memchr(parts.userinfo.at, ':', parts.userinfo.len);
    const size_t user_len = colon ? (size_t)(colon - parts.userinfo.at) : parts.userinfo.len;
    if (parts.userinfo.len)
        buf_append(out, parts.userinfo.at, user_len ? user_len : parts.userinfo.len);
    else if (output->authorization)
        buf_append_text(out, output->authorization);
    else if (output->target.username)
        buf_append_text(out, output->target.username);
    buf_append(out, "\n", 1);
    struct buf query;
    buf_init(&query, IDENTITY_BYTES_MAX);
    const bool named = append_parameters(&query, parts.query, users, false);
    buf_clear(&query);
    append_parameters(&query, parts.query, secret, false);
    const struct url_part secrets = {buf_text(&query) + (query.len > 0),
                                     query.len - (query.len > 0)};
    append_parameters(out, secrets, passwords, true);
    if (!named && !user_len)
        append_parameters(out, secrets, passwords, false);
    out->failed |= query.failed;
    buf_release(&query);
}

/* Appends a header that logs in. */
static void append_login_header(struct buf *out, const char *header)
{
    const char *const colon = strchr(header, ':');
    const char *const value = colon ? colon + 1 + strspn(colon + 1, " \t") : header;
    const bool basic = strncasecmp(value, "Basic ", 6) == 0;
    buf_append_text(out, basic ? "Basic " : value);
    if (basic)
        append_basic_user(out, value + 6 + strspn(value + 6, " "));
    buf_append(out, "\n", 1);
}

/* Appends the path of a file; two of one name in two directories are two. */
static void append_path(struct buf *out, const char *path)
{
    char directory[4096];
    if (*path != '/' && getcwd(directory, sizeof directory))
        buf_printf(out, "%s/", directory);
    buf_append_text(out, path);
}

/* Appends all that tells apart who sends: each output's login, what logs in with headers,
 * the client certificate, and whose netrc file is read. */
static void append_sender(struct buf *out, const struct output *outputs, size_t count,
                          const struct output_options *options)
{
    const char *const home = options->netrc ? getenv("HOME") : NULL;
    for (size_t i = 0; i < count; i++)
        append_login(out, &outputs[i]);
    for (size_t i = 0; i < options->headers.count; i++)
        if (is_credential(options->headers.items[i]))
            append_login_header(out, options->headers.items[i]);
    if (options->cert)
        append_path(out, options->cert);
    buf_printf(out, "\n%s\n", home ? home : "");
}

void identity_append_destination(struct buf *out, const struct output *output)
{
    buf_printf(out, "%s ", output->type->name);
    append_url(out, output->url, false);
}

/* A line for each destination, as a person wants to read it. The queue's name tells apart
 * those that differ in nothing else that may be shown. */
static void describe(struct buf *out, const char *name, const struct output *outputs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct layout *const layout = outputs[i].layout;
        identity_append_destination(out, &outputs[i]);
        buf_printf(out, " (%s%s%s; queue %s)\n", layout->type->name,
                   layout->prefix[0] ? ", prefix " : "", layout->prefix, name);
    }
}

/* Appends what all outputs have in common, and the name of each one's layout; where they
 * have but one, as it was written before they could differ. */
static void append_layouts(struct buf *out, const struct output *outputs, size_t count)
{
    const struct layout *const first = outputs[0].layout;
    const char *fields = NULL;
    bool differ = false;
    for (size_t i = 0; i < count; i++) {
        differ |= outputs[i].layout->type != first->type;
        fields = fields ? fields : outputs[i].layout->fields;
    }
    for (size_t i = 0; i < (differ ? count : 1); i++)
        buf_printf(out, "%s%s", i ? "/" : "", outputs[i].layout->type->name);
    buf_printf(out, "\n%s\n%s\n%d\n", first->prefix, fields ? fields : "", first->text);
}

static void set_name(char *name, const struct buf *text)
{
    snprintf(name, IDENTITY_NAME_ROOM, "%016" PRIx64,
             hash_bytes(HASH_BEGIN, text->data, text->len));
}

int identity_init(struct identity *identity, const struct output *outputs, size_t count,
                  const struct output_options *options, struct error *err)
{
    struct buf text;
    buf_init(&text, IDENTITY_BYTES_MAX);
    buf_init(&identity->destinations, IDENTITY_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        buf_printf(&text, "%s ", outputs[i].type->name);
        append_url(&text, outputs[i].url, true);
        buf_append(&text, "\n", 1);
    }
    append_layouts(&text, outputs, count);
    for (size_t i = 0; i < options->headers.count; i++)
        if (!is_credential(options->headers.items[i]))
            buf_printf(&text, "%s\n", options->headers.items[i]);
    set_name(identity->old_name, &text);
    append_sender(&text, outputs, count, options);
    set_name(identity->name, &text);
    describe(&identity->destinations, identity->name, outputs, count);
    const bool failed = text.failed || identity->destinations.failed;
    buf_release(&text);
    return failed ? error_set(err, "out of memory, or the options are too long") : 0;
}

void identity_release(struct identity *identity)
{
    buf_release(&identity->destinations);
}
