/* Why: who may share which queue is decided here, once. A transfer in a wrong queue
 * would go to a wrong database. */
#include "output/identity.h"

#include "base/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Credentials may change while transfers wait. */
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

static bool is_named(const char *parameter, size_t len, const char *const *names)
{
    const char *const equals = memchr(parameter, '=', len);
    const size_t name_len = equals ? (size_t)(equals - parameter) : len;
    for (; *names; names++)
        if (strlen(*names) == name_len && memcmp(*names, parameter, name_len) == 0)
            return true;
    return false;
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
    const char *separator = "?";
    for (const char *at = parts.query.at, *const end = at + parts.query.len; at < end;) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        stop = stop ? stop : end;
        const size_t len = (size_t)(stop - at);
        if (all ? !is_named(at, len, secret) : is_named(at, len, shown)) {
            buf_append_text(out, separator);
            buf_append(out, at, len);
            separator = "&";
        }
        at = stop + 1;
    }
}

/* A line for each destination, as a person wants to read it. */
static void describe(struct buf *out, const struct output *outputs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct layout *const layout = outputs[i].layout;
        buf_printf(out, "%s ", outputs[i].type->name);
        append_url(out, outputs[i].url, false);
        buf_printf(out, " (%s%s%s)\n", layout->type->name, layout->prefix[0] ? ", prefix " : "",
                   layout->prefix);
    }
}

static uint64_t hash(const struct output *outputs, size_t count,
                     const struct output_options *options)
{
    const struct layout *const layout = outputs[0].layout;
    struct buf text;
    buf_init(&text, IDENTITY_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        buf_printf(&text, "%s ", outputs[i].type->name);
        append_url(&text, outputs[i].url, true);
        buf_append(&text, "\n", 1);
    }
    buf_printf(&text, "%s\n%s\n%s\n%d\n", layout->type->name, layout->prefix,
               layout->fields ? layout->fields : "", layout->text);
    for (size_t i = 0; i < options->headers.count; i++)
        if (!is_credential(options->headers.items[i]))
            buf_printf(&text, "%s\n", options->headers.items[i]);
    const uint64_t result = hash_bytes(HASH_BEGIN, text.data, text.len);
    buf_release(&text);
    return result;
}

int identity_init(struct identity *identity, const struct output *outputs, size_t count,
                  const struct output_options *options, struct error *err)
{
    snprintf(identity->name, sizeof identity->name, "%016" PRIx64, hash(outputs, count, options));
    buf_init(&identity->destinations, IDENTITY_BYTES_MAX);
    describe(&identity->destinations, outputs, count);
    return identity->destinations.failed ? error_set(err, "out of memory") : 0;
}

void identity_release(struct identity *identity)
{
    buf_release(&identity->destinations);
}
