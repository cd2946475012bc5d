/* json_stream: every whole object is found, whatever stands around it, and however
 * the bytes come in. */
#include "input/json_stream.h"

#include "tap.h"

#include <stdlib.h>

enum { OBJECT_MAX = 64 };

/* What a stream says of some bytes, a line an item:
 *     1:0 {"a":1}            an object, at line:byte
 *     1:0 ! broken JSON      a refusal
 * with " gap" behind an object that lacks a value, " mixed" behind a refusal. */
struct log {
    struct json_stream stream;
    struct buf text;
    size_t objects, refusals;
};

static void drain(struct log *log)
{
    struct json_stream_item item;
    enum json_stream_result result;
    while ((result = json_stream_next(&log->stream, &item)) == JSON_STREAM_OBJECT ||
           result == JSON_STREAM_REFUSED) {
        buf_printf(&log->text, "%llu:%llu ", (unsigned long long)item.at.line,
                   (unsigned long long)item.at.byte);
        if (result == JSON_STREAM_OBJECT) {
            buf_append(&log->text, item.text, item.len);
            buf_append_text(&log->text, item.gaps ? " gap\n" : "\n");
            log->objects++;
        } else {
            buf_printf(&log->text, "! %s%s\n", item.reason, item.mixed ? " mixed" : "");
            log->refusals++;
        }
    }
}

static void feed(struct log *log, const char *bytes, size_t len)
{
    while (len) {
        size_t room, count = len;
        char *const space = json_stream_space(&log->stream, &room);
        if (count > room)
            count = room;
        memcpy(space, bytes, count);
        json_stream_fill(&log->stream, count);
        drain(log);
        bytes += count;
        len -= count;
    }
}

static void begin(struct log *log, size_t object_max)
{
    *log = (struct log){0};
    json_stream_init(&log->stream, object_max);
    buf_init(&log->text, 16 * 1024 * 1024);
}

static const char *end(struct log *log)
{
    json_stream_end(&log->stream);
    drain(log);
    return buf_text(&log->text);
}

static void release(struct log *log)
{
    json_stream_release(&log->stream);
    buf_release(&log->text);
}

#define BYTES(literal) literal, sizeof(literal) - 1
#define DEEP16 "{\"a\":[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}"
#define DEEP17 "{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}"
#define BODY59 "1234567890123456789012345678901234567890123456789012345678"
#define FULL64 "{\"a\":" BODY59 "}"

static const struct {
    const char *name, *input;
    size_t len;
    const char *want;
} cases[] = {
    {"nothing", BYTES(""), ""},
    {"white space only", BYTES(" \r\n\t\n"), ""},
    {"one a line", BYTES("{\"a\":1}\n{\"b\":2}\n"), "1:0 {\"a\":1}\n2:8 {\"b\":2}\n"},
    {"no newline at the end", BYTES("{\"a\":1}"), "1:0 {\"a\":1}\n"},
    {"glued together", BYTES("{\"a\":1}{\"b\":2}{}"), "1:0 {\"a\":1}\n1:7 {\"b\":2}\n1:14 {}\n"},
    {"over many lines", BYTES("{\n  \"a\": [\n 1 ]\n}\n{\"b\":2}"),
     "1:0 {\n  \"a\": [\n 1 ]\n}\n5:18 {\"b\":2}\n"},
    {"in an array", BYTES("[{\"a\":1},\n {\"b\":2}]\n"), "1:1 {\"a\":1}\n2:11 {\"b\":2}\n"},
    {"CRLF", BYTES("{\"a\":1}\r\n{\"b\":2}\r\n"), "1:0 {\"a\":1}\n2:9 {\"b\":2}\n"},
    {"a byte order mark before each", BYTES("\xEF\xBB\xBF{\"a\":1}\n\xEF\xBB\xBF{\"b\":2}"),
     "1:3 {\"a\":1}\n2:14 {\"b\":2}\n"},
    {"a byte order mark alone", BYTES("\xEF\xBB\xBF"), ""},
    {"half a byte order mark", BYTES("\xEF\xBB"), "1:0 ! text that is no JSON object\n"},
    {"NUL between them", BYTES("\0{\"a\":1}\0\0{\"b\":2}\0"), "1:1 {\"a\":1}\n1:10 {\"b\":2}\n"},
    {"NUL inside", BYTES("{\"a\":\0001}{\"b\":2}"), "1:0 ! broken JSON mixed\n1:8 {\"b\":2}\n"},
    {"a missing value", BYTES("{\"certs\":,\"b\":\n}"), "1:0 {\"certs\":,\"b\":\n} gap\n"},
    {"a missing element is none", BYTES("{\"a\":[,1]}{}"), "1:0 ! broken JSON mixed\n1:10 {}\n"},
    {"leading zeros", BYTES("{\"http_connect\":000}"), "1:0 {\"http_connect\":000}\n"},
    {"braces and quotes in strings", BYTES("{\"a\":\"}{\\\"\\\\\"}{\"b\":\"{\"}"),
     "1:0 {\"a\":\"}{\\\"\\\\\"}\n1:14 {\"b\":\"{\"}\n"},
    {"raw bytes from 0x80 up", BYTES("{\"a\":\"\xFF\x80\xC3\"}"), "1:0 {\"a\":\"\xFF\x80\xC3\"}\n"},
    {"rubbish before", BYTES("HTTP/1.1 200\n{\"a\":1}"),
     "1:0 ! text that is no JSON object\n2:13 {\"a\":1}\n"},
    {"rubbish behind", BYTES("{\"a\":1}ok\n{\"b\":2}"),
     "1:0 {\"a\":1}\n1:7 ! text that is no JSON object\n2:10 {\"b\":2}\n"},
    {"a page of rubbish counts once", BYTES("<p>{x} {y}\n{ \"z\" }</p>\n{\"a\":1}"),
     "1:0 ! text that is no JSON object\n3:23 {\"a\":1}\n"},
    {"rubbish between objects counts each time", BYTES("x{\"a\":1}y{\"a\":1}z"),
     "1:0 ! text that is no JSON object\n1:1 {\"a\":1}\n1:8 ! text that is no JSON object\n"
     "1:9 {\"a\":1}\n1:16 ! text that is no JSON object\n"},
    {"other JSON values are no objects", BYTES("1 \"x\" null {\"a\":1}"),
     "1:0 ! text that is no JSON object\n1:11 {\"a\":1}\n"},
    {"a broken one, a good one on the same line", BYTES("{\"a\":1,\"b\":{\"c\":3}"),
     "1:0 ! cut off by the end of the input\n1:11 {\"c\":3}\n"},
    {"cut by another writer", BYTES("{\"a\":\"x{\"b\":2}"),
     "1:0 ! broken JSON mixed\n1:7 {\"b\":2}\n"},
    {"a broken one, a good one on the next line", BYTES("{\"a\":1,\"b\n{\"b\":2}\n"),
     "1:0 ! broken JSON mixed\n2:10 {\"b\":2}\n"},
    {"each of two broken ones counts", BYTES("{\"a\":1,\n{\"b\":2,\n{\"c\":3}"),
     "1:0 ! broken JSON mixed\n2:8 ! broken JSON mixed\n3:16 {\"c\":3}\n"},
    {"what a broken wrapper holds has lost its time",
     BYTES("{\"ts\":1x,\"curl\":{\"a\":1}}\n{\"c\":3}"),
     "1:0 ! broken JSON mixed\n2:25 {\"c\":3}\n"},
    {"behind white space too", BYTES("{\"ts\":1x,\"curl\" \n:\t   {\"a\":1}}{\"c\":3}"),
     "1:0 ! broken JSON mixed\n2:30 {\"c\":3}\n"},
    {"a wrapper that breaks behind it", BYTES("{\"curl\":{\"a\":1},\"ts\":1x}{\"c\":3}"),
     "1:0 ! broken JSON mixed\n1:24 {\"c\":3}\n"},
    {"two broken wrappers are two",
     BYTES("{\"ts\":1x,\"curl\":{\"a\":1}}\n{\"ts\":1x,\"curl\":{\"a\":1}}"),
     "1:0 ! broken JSON mixed\n2:25 ! broken JSON mixed\n"},
    {"wrappers without their beginning", BYTES("\"curl\":{\"a\":1}}\n\"curl\":{\"a\":1}}{\"c\":3}"),
     "1:0 ! text that is no JSON object\n1:7 ! a wrapper around curl's object that is broken "
     "mixed\n"
     "2:23 ! a wrapper around curl's object that is broken mixed\n2:31 {\"c\":3}\n"},
    {"an object behind any other key is found", BYTES("{\"ts\":1x,\"curls\":{\"a\":1}}"),
     "1:0 ! broken JSON mixed\n1:17 {\"a\":1}\n1:24 ! text that is no JSON object\n"},
    {"date +%s.%N where it knows no %N", BYTES("{\"ts\":1.N,\"a\":2.5}{\"b\":1N2}"),
     "1:0 {\"ts\":1.N,\"a\":2.5} gap\n1:18 ! broken JSON mixed\n"},
    {"a broken wrapper counts once", BYTES("{\"ts\":1,\"curl\":{\"a\":{\"b\":1,]}}}\n{\"c\":3}"),
     "1:0 ! broken JSON mixed\n2:32 {\"c\":3}\n"},
    {"a key without a value", BYTES("{\"a\"}{\"b\":2}"),
     "1:0 ! text that is no JSON object\n1:5 {\"b\":2}\n"},
    {"a comma before the end", BYTES("{\"a\":1,}{}"), "1:0 ! broken JSON mixed\n1:8 {}\n"},
    {"the wrong bracket", BYTES("{\"a\":[1}{}"), "1:0 ! broken JSON mixed\n1:8 {}\n"},
    {"16 levels", BYTES(DEEP16), "1:0 " DEEP16 "\n"},
    {"17 levels", BYTES(DEEP17 "{}"), "1:0 ! nested too deeply mixed\n1:39 {}\n"},
    {"as long as an object may be", BYTES(FULL64 "{}"), "1:0 " FULL64 "\n1:64 {}\n"},
    {"one byte longer", BYTES("{\"a\":1" BODY59 "}{}"),
     "1:0 ! longer than --max-object\n1:65 {}\n"},
    {"long by white space",
     BYTES("{\"a\":1                                         "
           "                         }\n{}"),
     "1:0 ! longer than --max-object\n2:74 {}\n"},
    {"cut off at the end", BYTES("{\"a\":1}\n{\"a\":\"x"),
     "1:0 {\"a\":1}\n2:8 ! cut off by the end of the input\n"},
    {"cut off in a wrapper counts once", BYTES("{\"ts\":1,\"curl\":{\"a\":{\"b\":"),
     "1:0 ! cut off by the end of the input\n"},
};

static void reads_cases(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct log log;
        begin(&log, OBJECT_MAX);
        feed(&log, cases[i].input, cases[i].len);
        IS_TEXT(end(&log), cases[i].want, cases[i].name);
        release(&log);
    }
}

/* All cases after each other, glued and on lines of their own. */
static void join_cases(struct buf *all)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buf_append(all, cases[i].input, cases[i].len);
        if (i % 2)
            buf_append_text(all, "\n");
    }
}

static void splits_in_two(void)
{
    struct buf all;
    struct log whole, split;
    size_t differing = 0;
    buf_init(&all, 65536);
    join_cases(&all);
    begin(&whole, OBJECT_MAX);
    feed(&whole, all.data, all.len);
    const char *const want = end(&whole);
    for (size_t cut = 0; cut <= all.len; cut++) {
        begin(&split, OBJECT_MAX);
        feed(&split, all.data, cut);
        feed(&split, all.data + cut, all.len - cut);
        if (strcmp(end(&split), want) != 0 && differing++ == 0)
            printf("# cut at %zu:\n# %s\n# whole:\n# %s\n", cut, buf_text(&split.text), want);
        release(&split);
    }
    IS(differing, 0, "every split in two gives the same items, places and reasons");
    release(&whole);
    buf_release(&all);
}

static void read_file(struct buf *bytes, const char *path)
{
    FILE *const file = fopen(path, "rb");
    char *space;
    while (file && (space = buf_reserve(bytes, 65536))) {
        const size_t count = fread(space, 1, 65536, file);
        bytes->len += count;
        if (count == 0)
            break;
    }
    if (file)
        fclose(file);
}

static void splits_at_random(const char *path, size_t objects, size_t refusals)
{
    struct buf bytes;
    struct log whole, split;
    char name[128];
    buf_init(&bytes, 4 * 1024 * 1024);
    read_file(&bytes, path);
    begin(&whole, 1024 * 1024);
    feed(&whole, bytes.data, bytes.len);
    const char *const want = end(&whole);
    snprintf(name, sizeof name, "%s: every object is found", path);
    IS(whole.objects, objects, name);
    snprintf(name, sizeof name, "%s: and what is none is refused", path);
    IS(whole.refusals, refusals, name);
    if (whole.refusals != refusals)
        for (const char *line = strstr(want, " ! "); line; line = strstr(line + 1, " ! "))
            printf("# %.*s\n", (int)strcspn(line, "\n"), line);

    static const size_t largest[] = {1, 7, 100, 4096, 100000};
    size_t differing = 0;
    srand(1);
    for (size_t i = 0; i < sizeof largest / sizeof *largest; i++) {
        begin(&split, 1024 * 1024);
        for (size_t at = 0; at < bytes.len;) {
            size_t count = 1 + (size_t)rand() % largest[i];
            if (count > bytes.len - at)
                count = bytes.len - at;
            feed(&split, bytes.data + at, count);
            at += count;
        }
        differing += strcmp(end(&split), want) != 0;
        release(&split);
    }
    snprintf(name, sizeof name, "%s: random splits give the same", path);
    IS(differing, 0, name);
    release(&whole);
    buf_release(&bytes);
}

/* Whatever is thrown at it, an object that follows on a line of its own is found. */
static void survives_noise(void)
{
    static const char alphabet[] = "{}[]\":,\\ \n\x01"
                                   "1-eEatrue\xEF\xBB\xBF";
    static const char good[] = "\n{\"good\":true}";
    size_t lost = 0, differing = 0;
    char noise[200];
    srand(2);
    for (int round = 0; round < 5000; round++) {
        struct log log, split;
        const size_t len = (size_t)rand() % sizeof noise;
        for (size_t i = 0; i < len; i++)
            noise[i] = alphabet[(size_t)rand() % sizeof alphabet];
        begin(&log, OBJECT_MAX);
        feed(&log, noise, len);
        feed(&log, good, sizeof good - 1);
        lost += !strstr(end(&log), "\"good\":true}");
        begin(&split, OBJECT_MAX);
        for (size_t i = 0; i < len; i++)
            feed(&split, noise + i, 1);
        feed(&split, good, sizeof good - 1);
        differing += strcmp(end(&split), buf_text(&log.text)) != 0;
        release(&log);
        release(&split);
    }
    IS(lost, 0, "a good object behind noise is found");
    IS(differing, 0, "noise byte by byte gives the same as in one piece");
}

static void stays_small(void)
{
    static char chunk[JSON_STREAM_READ_SIZE];
    struct log log;
    begin(&log, 1024 * 1024);
    static const char opening[] = "{\"a\":\"";
    feed(&log, opening, sizeof opening - 1);
    memset(chunk, 'x', sizeof chunk);
    for (int i = 0; i < 200; i++)
        feed(&log, chunk, sizeof chunk);
    OK(log.stream.buf.cap <= 1024 * 1024 + 2 * JSON_STREAM_READ_SIZE,
       "an endless object takes bounded memory");
    IS_TEXT(end(&log), "1:0 ! longer than --max-object\n", "and is refused once");
    release(&log);
}

int main(void)
{
    reads_cases();
    splits_in_two();
    splits_at_random("tests/data/corpus_public.ndjson", 198, 0);
    splits_at_random("tests/data/raw_concat.bin", 30, 0);
    splits_at_random("tests/data/pretty.json", 1, 0);
    splits_at_random("tests/data/raw_bodyprefix.bin", 15, 9);
    splits_at_random("tests/data/raw_truncated_tail.bin", 10, 1);
    splits_at_random("tests/data/raw_json_headerjson.bin", 9, 0);
    survives_noise();
    stays_small();
    return tap_done();
}
