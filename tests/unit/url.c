/* url: a URL's parts, and no secret of it left behind. */
#include "base/url.h"

#include "tap.h"

static const struct {
    const char *url;
    const char *parts; /* scheme|userinfo|host|port|path|query; NULL: it is none */
} splits[] = {
    {"http://host:8086/db?x=1#f", "http||host|8086|/db|x=1"},
    {"https://u:p@host/", "https|u:p|host||/|"},
    {"https://u:p@q@host", "https|u:p@q|host|||"},
    {"host", "||host|||"},
    {"host:80/x", "||host|80|/x|"},
    {"http://[::1]:8086/db", "http||[::1]|8086|/db|"},
    {"http://[::1]", "http||[::1]|||"},
    {"http://u@[fe80::1%25eth0]/", "http|u|[fe80::1%25eth0]||/|"},
    {"http://host?x=http://y/", "http||host|||x=http://y/"},
    {"http://host#f?x", "http||host|||"},
    {"host/a://b", "||host||/a://b|"},
    {"file:///etc/hostname", "file||||/etc/hostname|"},
    {"", "|||||"},
    {"http://", "http|||||"},
    {"user:pa/ss@host", NULL},
    {"http://user:pa/ss@host/", NULL},
    {"http://host:80x/", NULL},
    {"http://[::1/", NULL},
    {"http://[::1]x/", NULL},
    {"http://u%40host/", NULL},
    {"ali:ce://s3cret@host/", NULL},
};

static const struct {
    const char *name, *url, *want;
} scrubs[] = {
    {"a public URL stays", "http://127.0.0.1:21000/ok", "http://127.0.0.1:21000/ok"},
    {"userinfo goes", "http://alice:s3cret@host:80/p", "http://host:80/p"},
    {"a user without a password goes", "http://alice@host/p", "http://host/p"},
    {"the query goes", "http://host/p?token=s3cret", "http://host/p"},
    {"a query without a path goes", "http://host?token=s3cret", "http://host"},
    {"the fragment goes", "http://host/p#s3cret", "http://host/p"},
    {"several @: the last ends the userinfo", "http://a:s3@cr@et@host/", "http://host/"},
    {"no scheme", "alice:s3cret@host/p", "host/p"},
    {"no scheme, no userinfo", "host/p", "host/p"},
    {"a port that is none: nothing is left", "http://user:pa/s3cret@host", ""},
    {"the same without a scheme", "user:pa/s3cret@host", ""},
    {"a '?' in the password", "http://user:s3?cret@host/", ""},
    {"a '#' in the password", "http://user:s3#cret@host/", ""},
    {"a backslash in the user's name", "http://DOMAIN\\alice:s3cret@host/p", "http://host/p"},
    {"an encoded '@'", "http://alice:s3cret%40host/", ""},
    {"IPv6", "http://alice:s3cret@[::1]:80/p?q", "http://[::1]:80/p"},
    {"IPv6 that is none", "http://alice:s3cret@[::1/p", ""},
    {"a URL in the path", "http://host/to/http://alice:s3cret@x/y", "http://host/to/http://x/y"},
    {"a URL in the query", "http://host/?u=http://alice:s3cret@x/", "http://host/"},
    {"an '@' in the path stays", "http://host/@user/x", "http://host/@user/x"},
    {"a host with a port stays", "http://host:8080/path", "http://host:8080/path"},
    {"IPv6 with a port stays", "http://[::1]:80/", "http://[::1]:80/"},
    {"a zone of IPv6 stays", "http://[fe80::1%25eth0]/", "http://[fe80::1%25eth0]/"},
    {"a host alone stays", "http://host/", "http://host/"},
    {"a host in other letters stays",
     "https://b\xC3\xBC"
     "cher.example/a",
     "https://b\xC3\xBC"
     "cher.example/a"},
    {"a host, a port, no scheme", "host:8080/path", "host:8080/path"},
    {"a path alone stays", "/a/b:c", "/a/b:c"},
    {"a slash alone stays", "/", "/"},
    {"two slashes in front of a path stay", "//a/b", "//a/b"},
    {"an '@' and a port in the path stay apart", "http://host/@user/a:b", "http://host/@user/a:b"},
    {"a mail address in the query goes alone", "http://host:80/p?to=a@b", "http://host:80/p"},
    {"an encoded query goes", "http://host/p%3Ftoken=s3cret", "http://host/p"},
    {"an encoded URL in the path", "http://host/to/http%3A%2F%2Fu%3As3cret%40h/",
     "http://host/to/"},
    {"the same twice encoded", "http://host/to/http%253A%252F%252Fu%253As3cret%2540h/",
     "http://host/to/"},
    {"nothing stays nothing", "", ""},
    {"a file stays", "file:///etc/hostname", "file:///etc/hostname"},
};

/* curl itself takes one slash or three for two; and people type anything. What
 * is left of these is not promised, but it holds no secret. */
static const char *const sloppy[] = {
    "http:/alice:s3cret@host/p",
    "http:///alice:s3cret@host/p",
    "http:\\\\alice:s3cret@host/p",
    "http:alice:s3cret@host/p",
    "alice:s3cret://x@host/",
    "ali:s3cret://pw@host/",
    "http://al/ice:s3cret@host",
    "//alice:s3cret@host/",
    "http:////alice:s3cret@host/",
    "http:/s3cret@host/x",
    "http:///s3cret@host/x",
    "//s3cret@host/x",
    "/p/http://u:s3cret@h/x",
    "HTTP:/alice:s3cret@host",
    "http://:s3cret@host/",
    "http://alice:s3cret/",
    "http://alice:s3cret",
    "alice:s3cret/p",
    "alice:s3cret",
    "http://alice:12s3cret/",
    "http://alice:s3cret%2540host/",
    "http://[alice:s3cret]/",
    "http://[u:s3cret@::1]/",
    "http://[::1]:s3cret/",
    "http://alice:12/s3cret@h/",
    "http://alice:12?s3cret@h/",
    "http://alice:12#s3cret@h/",
    "http://alice:p@q/s3cret@h",
    "http://alice:12/s3cret%40h",
    "http://alice%3As3cret/",
    "http://alice\\:s3cret/",
    "http:\\alice:s3cret/",
    "http:/alice:s3cret/",
    "http:///alice:s3cret/",
    "//alice:s3cret/",
    "///alice:s3cret/",
    "mailto:s3cret",
    "mailto:s3cret/x",
    "ht\ntp://alice:s3cret/",
    " http://alice:s3cret/",
    "http://ali\tce:s3cret/",
    "http://alice;s3cret/",
    "http://alice\xEF\xBC\x9As3cret/",
    "http://alice:s3cret\xEF\xBC\xA0h/",
    "http://alice:s3\tcret@h/",
    "http://h/http://u:p/s3cret@h/",
    "http://h/http://u:s3cret%40h/",
    "http://h/u:s3cret%40h",
    "file:///http://u:s3cret@h/",
    "file:///alice:s3cret@h",
    "http://alice:99999999s3cret@/x",
    "http://alice:s3cret@",
    "ftp:/alice:s3cret@host/p",
    "http://x/http:/alice:s3cret@h/",
};

static const struct {
    const char *name, *message, *want;
} messages[] = {
    {"a message stays", "Could not resolve host: no-such-host.invalid",
     "Could not resolve host: no-such-host.invalid"},
    {"spaces and quotes stay", "  a  'b' \"c\" (d)\t<e> ", "  a  'b' \"c\" (d)\t<e> "},
    {"a public URL stays", "Failed to parse 'http://host/p' now",
     "Failed to parse 'http://host/p' now"},
    {"a login in a URL", "Failed to parse 'http://alice:s3cret@host/' now", "Failed to parse"},
    {"a query", "Failed to parse \thttp://host/?t=s3cret now", "Failed to parse"},
    {"a fragment", "Failed to parse http://host/#s3cret now", "Failed to parse"},
    {"quotes, brackets and blanks in a password",
     "Unsupported proxy syntax in 'http://u:a'(s3cret) s3cret\"<s3cret>@host'",
     "Unsupported proxy syntax in"},
    {"userinfo without a scheme", "Could not resolve: alice:s3cret@host", "Could not"},
    {"a user alone", "to s3cret@host", "to"},
    {"a relative URL with a query", "redirect to /x?token=s3cret", "redirect to"},
    {"an encoded '@'", "Failed to parse 'http://u:s3cret%40host' now", "Failed to parse"},
    {"a host that was forgotten", "Failed: no port in 'http://alice:s3cret/' now",
     "Failed: no port in"},
    {"the same without a scheme", "bad proxy \"alice:s3cret\" now", "bad proxy"},
    {"ports, times and addresses stay", "12:30:00 to [::1]:80, fe80::1: h:443 (http://[::1]:80/p).",
     "12:30:00 to [::1]:80, fe80::1: h:443 (http://[::1]:80/p)."},
    {"OpenSSL's errors stay", "error:0A000086:SSL routines::certificate verify failed: x",
     "error:0A000086:SSL routines::certificate verify failed: x"},
    {"those of version 1.1 stay", "error:14094410:SSL routines:ssl3_read_bytes:sslv3 alert",
     "error:14094410:SSL routines:ssl3_read_bytes:sslv3 alert"},
    {"nothing but a login", "alice:s3cret@host", ""},
    {"nothing", "", ""},
};

int main(void)
{
    char name[200], got[300];
    for (size_t i = 0; i < sizeof splits / sizeof *splits; i++) {
        struct url u;
        const int result = url_split(splits[i].url, &u);
        snprintf(got, sizeof got, "%.*s|%.*s|%.*s|%.*s|%.*s|%.*s", (int)u.scheme.len, u.scheme.at,
                 (int)u.userinfo.len, u.userinfo.at, (int)u.host.len, u.host.at, (int)u.port.len,
                 u.port.at, (int)u.path.len, u.path.at, (int)u.query.len, u.query.at);
        snprintf(name, sizeof name, "split '%s'", splits[i].url);
        IS_TEXT(result < 0 ? NULL : got, splits[i].parts, name);
    }
    for (size_t i = 0; i < sizeof scrubs / sizeof *scrubs; i++) {
        strcpy(got, scrubs[i].url);
        url_scrub(got);
        IS_TEXT(got, scrubs[i].want, scrubs[i].name);
    }
    for (size_t i = 0; i < sizeof sloppy / sizeof *sloppy; i++) {
        strcpy(got, sloppy[i]);
        url_scrub(got);
        snprintf(name, sizeof name, "no secret is left of %s", sloppy[i]);
        OK(!strstr(got, "cret"), name);
        strcpy(got, "URL rejected: ");
        strcat(got, sloppy[i]);
        url_scrub_message(got);
        snprintf(name, sizeof name, "nor in a message with %s", sloppy[i]);
        OK(!strstr(got, "cret"), name);
    }
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        strcpy(got, messages[i].message);
        url_scrub_message(got);
        IS_TEXT(got, messages[i].want, messages[i].name);
    }
    return tap_done();
}
