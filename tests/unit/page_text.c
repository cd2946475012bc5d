/* page_text: nothing that comes from outside is read as markup, or turns what stands beside it. */
#include "report/page_text.h"

#include "tap.h"

static struct buf buf;

static const char *text_of(const char *text, size_t columns)
{
    buf_clear(&buf);
    page_text(&buf, text, columns);
    return buf_text(&buf);
}

static const char *label_of(const char *name)
{
    buf_clear(&buf);
    page_label(&buf, name);
    return buf_text(&buf);
}

static const char *name_of(const char *name)
{
    buf_clear(&buf);
    page_name(&buf, name, PAGE_IN_TABLE);
    return buf_text(&buf);
}

int main(void)
{
    buf_init(&buf, 4096);
    IS_TEXT(text_of("a b-1.é€😀", 80), "a b-1.é€😀", "letters of one to four bytes stay");
    IS_TEXT(text_of("</title><script>", 80), "&lt;/title&gt;&lt;script&gt;",
            "no tag begins or ends");
    IS_TEXT(text_of("\"'&amp;", 80), "&quot;&#39;&amp;amp;", "no attribute ends, no entity begins");
    IS_TEXT(text_of("a\tb\nc\x7f", 80), "a\uFFFDb\uFFFDc\uFFFD", "control characters are replaced");
    IS_TEXT(text_of("a\u202Eb\u2066c\u200Fd\u2028", 80), "a\uFFFDb\uFFFDc\uFFFDd\uFFFD",
            "so are those that turn the direction, and line separators");
    IS_TEXT(text_of("a\xFF\xC3(\xE2\x82", 80), "a\uFFFD\uFFFD(\uFFFD\uFFFD",
            "and broken UTF-8, each byte");
    IS_TEXT(text_of("\xC0\xBC\xED\xA0\x80", 80), "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD",
            "a < in two bytes is none, nor is half a pair");
    IS_TEXT(text_of("12345", 5), "12345", "what fits is whole");
    IS_TEXT(text_of("123456", 5), "1234…", "what does not is cut, and ends so");
    IS_TEXT(text_of("&&&&&&", 5), "&amp;&amp;&amp;&amp;…",
            "an entity is one character, and never cut");
    IS_TEXT(text_of("日本語日本語", 7), "日本語…", "wide letters are two columns");
    IS_TEXT(text_of("e\u0301\u0301\u0301\u0301\u0301", 4), "e\u0301\u0301…",
            "marks without a width are counted, so that there are not thousands");
    IS_TEXT(label_of("HTTP/3"), "HTTP/3", "a plain name in a chart is itself");
    IS_TEXT(label_of("שלום"), "\u2068שלום\u2069",
            "one that may be written from right to left is isolated");
    IS_TEXT(label_of("123456789012345"), "1234567890123…", "it has 14 columns");
    IS_TEXT(label_of(""), "(none)", "no name");
    IS_TEXT(name_of("a<b"), "<bdi>a&lt;b</bdi>", "a name in HTML stands in bdi");
    IS_TEXT(name_of(""), "<bdi>(none)</bdi>", "also no name");
    buf_release(&buf);
    return tap_done();
}
