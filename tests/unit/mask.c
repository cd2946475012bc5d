/* mask: no text from outside shows a secret, in whatever spelling, and the rest stays. */
#include "base/mask.h"

#include "tap.h"

static char *items[] = {"s3cret!&+x", "b", "longer-Token", "a%b", "p\xC3\xA4ss w\"rd", "*"};
static const struct string_list secrets = {items, sizeof items / sizeof *items};
static const struct string_list none;

static const struct {
    const char *name, *text, *want;
} knowing[] = {
    {"a text without a secret stays", "HTTP 400: field type conflict on \"x\"",
     "HTTP 400: field type conflict on \"x\""},
    {"plain", "got s3cret!&+x here", "got *** here"},
    {"twice, and two", "s3cret!&+xlonger-Token, s3cret!&+x", "***, ***"},
    {"percent-encoded", "got s3cret%21%26%2bx here", "got *** here"},
    {"every byte percent-encoded", "%73%33%63%72%65%74%21%26%2B%78", "***"},
    {"percent-encoded twice", "got s3cret%2521%2526%252Bx here", "got *** here"},
    {"as in a form", "p%C3%A4ss+w%22rd", "***"},
    {"as in JSON", "got s3cret!\\u0026+x here", "got *** here"},
    {"a letter that JSON escapes", "p\\u00e4ss w\\\"rd", "***"},
    {"as in HTML", "got s3cret!&amp;+x and s3cret&#33;&#x26;+x here", "got *** and *** here"},
    {"percent-encoded, in JSON, in HTML", "s3cret!\\u0026amp;%2Bx", "***"},
    {"a percent sign of its own", "a%b a%25b", "*** ***"},
    {"cut off by the end", "the URL is http://h/?t=longer-T", "the URL is http://h/?t=***"},
    {"a short one where it stands alone", "b is above a:b", "*** is above a:***"},
    {"but not inside of words", "both, abc, 2b", "both, abc, 2b"},
};

static const struct {
    const char *name, *text, *want;
} guessing[] = {
    {"userinfo", "bad syntax in 'http://user:hunter2@H:999999'",
     "bad syntax in 'http://***@H:999999'"},
    {"a user alone", "to https://hunter2@host/x now", "to https://***@host/x now"},
    {"an '@' in the password", "http://u:p@hunter2@host/", "http://***@host/"},
    {"a slash in the password", "http://u:p/hunter2@host/", "http://***@host/"},
    {"without a scheme", "proxy user:hunter2@host:80 refuses", "proxy ***@host:80 refuses"},
    {"percent-encoded", "lookup http%3A%2F%2Fu%3Ahunter2%40host%2F",
     "lookup http%3A%2F%2F***%40host%2F"},
    {"as in JSON", "{\"url\":\"http:\\/\\/u:hunter2@host\"}", "{\"url\":\"http:\\/\\/***@host\"}"},
    {"with backslashes", "http:\\\\u:hunter2@host", "***@host"},
    {"one slash too many", "http:///u:hunter2@host", "http:///***@host"},
    {"the host forgotten", "no port in 'http://admin:hunter2/'", "no port in 'http://admin:***'"},
    {"a port stays", "no answer from http://host:8086/write: refused",
     "no answer from http://host:8086/write: refused"},
    {"an IPv6 host stays", "http://[::1]:8086/db, http://[::1]",
     "http://[::1]:8086/db, http://[::1]"},
    {"a mail address stays", "ask admin@example.com", "ask admin@example.com"},
    {"times and hosts stay", "12:30:00 host:8086 error:0A00010B:SSL routines::wrong version",
     "12:30:00 host:8086 error:0A00010B:SSL routines::wrong version"},
    {"a header", "got Authorization: Token hunter2\r\nHost: h", "got Authorization: ***  Host: h"},
    {"a header in JSON", "{\"Proxy-Authorization\":\"Basic aHVu\",\"x\":1}",
     "{\"Proxy-Authorization\":\"***\",\"x\":1}"},
    {"cookies", "Cookie: a=hunter2; b=hunter2", "Cookie: ***"},
    {"a parameter", "no such path /write?db=x&p=hunter2&u=me",
     "no such path /write?db=x&p=***&u=me"},
    {"a token", "/x?access_token=hunter2 and \"api_key\": \"hunter2\"",
     "/x?access_token=*** and \"api_key\": \"***\""},
    {"prose stays", "authorization failed; invalid token: expired",
     "authorization failed; invalid token: expired"},
    {"escape sequences",
     "\033]0;hunted\a\xC2\x9B"
     "2J\xE2\x80\xAEx\r\n",
     " ]0;hunted  2J x"},
};

static const char *masked(const char *text, const struct string_list *list)
{
    static struct buf out;
    buf_release(&out);
    buf_init(&out, 20000);
    mask_append(&out, text, strlen(text), list);
    return buf_text(&out);
}

int main(void)
{
    static char text[3 * MASK_TEXT_MAX];
    for (size_t i = 0; i < sizeof knowing / sizeof *knowing; i++)
        IS_TEXT(masked(knowing[i].text, &secrets), knowing[i].want, knowing[i].name);
    for (size_t i = 0; i < sizeof guessing / sizeof *guessing; i++)
        IS_TEXT(masked(guessing[i].text, &none), guessing[i].want, guessing[i].name);
    IS_TEXT(masked("", &secrets), "", "nothing stays nothing");
    memset(text, 'x', sizeof text - 1);
    IS(strlen(masked(text, &secrets)), MASK_TEXT_MAX, "a long text is cut");
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = "b "[i % 2];
    IS(strlen(masked(text, &secrets)), MASK_TEXT_MAX, "also where masks make it longer");
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = "%25@&+\\u0026:/"[i % 14];
    OK(strlen(masked(text, &secrets)) <= MASK_TEXT_MAX, "escapes of escapes come to an end");
    masked("", &none);
    char plain[] = "a%40b%2Fc%zz%00%4";
    mask_percent_decode(plain);
    IS_TEXT(plain, "a@b/c%zz%00%4", "percent-encodings are decoded, what is none stays");
    return tap_done();
}
