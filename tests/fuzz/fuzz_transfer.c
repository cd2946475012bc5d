/* Why: everything behind the parser trusts a transfer: its numbers, its times,
 * its tags, and that no secret is in it. Here strangers write the objects.
 *
 * Input: a line of words, then the stream. A word with '=' is a label, the name
 * of a field makes a tag of it, any other word is a label's value. */
#include "fuzz.h"

#include "input/json_stream.h"
#include "input/parse.h"
#include "input/parse_time.h"

#include <math.h>
#include <string.h>

/* 2026-11-23; fixed, so that an input always does the same */
static const int64_t now_ns = INT64_C(1795423774) * 1000000000;

enum { OBJECT_MAX = 65536, TIMES_MAX = 2000, SECRET_URL_PART_MAX = 64 };
static const char secret[] = "S3CRET"; /* the S is never from the input */

struct seen {
    int64_t times[TIMES_MAX];
    size_t count;
};

static void add_word(struct tag_plan *plan, const char *word)
{
    struct error err;
    bool changed;
    if (strchr(word, '=') || tag_plan_add_field(plan, word, &err) < 0)
        (void)tag_plan_add_label(plan, word, true, &changed, &err);
}

static void make_plan(struct tag_plan *plan, const uint8_t *line, size_t len)
{
    char *const words = malloc(len + 1);
    tag_plan_init(plan);
    if (!words)
        return;
    memcpy(words, line, len);
    words[len] = '\0';
    char *rest = words;
    for (char *word; (word = strtok_r(rest, " ", &rest));)
        add_word(plan, word);
    free(words);
}

static void check_numbers(const struct transfer *t)
{
    for (size_t f = 0; f < FIELD_COUNT; f++)
        if (t->present[f]) {
            REQUIRE(isfinite(t->number[f]));
            REQUIRE(field_table[f].kind == FIELD_NUMBER || field_table[f].kind == FIELD_VERSION ||
                    field_table[f].kind == FIELD_DERIVED);
        }
    for (int f = F_PHASE_CONNECT; f <= F_PHASE_WAIT; f++)
        REQUIRE(!t->present[f] || t->number[f] >= 1e-6);
    /* absent where a template of a person's own has neither a code nor an exit code */
    REQUIRE(!t->present[F_FAILED] || t->number[F_FAILED] == 0 || t->number[F_FAILED] == 1);
    REQUIRE(t->extra_count <= TRANSFER_EXTRAS_MAX);
    for (size_t i = 0; i < t->extra_count; i++) {
        REQUIRE(isfinite(t->extras[i].value));
        REQUIRE(t->extras[i].name[0]);
        for (size_t j = 0; j < i; j++)
            REQUIRE(strcmp(t->extras[i].name, t->extras[j].name) != 0);
    }
}

static void check_tags(const struct transfer *t)
{
    size_t bytes = 0;
    REQUIRE(t->tag_count <= TRANSFER_TAGS_MAX);
    for (size_t i = 0; i < t->tag_count; i++) {
        const char *const key = t->tags[i].key, *const value = t->tags[i].value;
        REQUIRE(key[0] && strcspn(key, "\\\"=, ") == strlen(key) && fuzz_is_clean(key));
        REQUIRE(i == 0 || strcmp(t->tags[i - 1].key, key) < 0);
        REQUIRE(value[0] && !strchr(value, '\\') && fuzz_is_clean(value));
        REQUIRE(strlen(value) < 4097);
        bytes += strlen(value);
    }
    REQUIRE(bytes <= TAG_BYTES_MAX);
}

/* No query, no fragment, and after each "://" no '@' before the next slash. */
static void check_url(const char *url)
{
    REQUIRE(url[strcspn(url, "?#")] == '\0');
    for (const char *p = url; (p = strstr(p, "://"));) {
        p += 3;
        REQUIRE(p[strcspn(p, "/@")] != '@');
    }
}

static void check_texts(const struct transfer *t)
{
    for (size_t f = 0; f < FIELD_COUNT; f++) {
        const char *const text = t->text[f];
        if (!text)
            continue;
        REQUIRE(text[0]);
        REQUIRE(!t->present[f]);
        REQUIRE(field_table[f].kind == FIELD_TEXT || field_table[f].kind == FIELD_URL ||
                field_table[f].kind == FIELD_MESSAGE);
        if (field_table[f].kind == FIELD_URL)
            check_url(text);
    }
}

static void check_time(const struct transfer *t, struct seen *seen)
{
    REQUIRE(t->time_ns >= TRANSFER_TIME_MIN_NS);
    REQUIRE(t->time_ns <= now_ns + TRANSFER_AHEAD_NS + TIMES_MAX);
    for (size_t i = 0; i < seen->count; i++)
        REQUIRE(seen->times[i] != t->time_ns);
    if (seen->count < TIMES_MAX)
        seen->times[seen->count++] = t->time_ns;
}

/* The object is read from a block of exactly its size. 0 or -1. */
static int read_copy(struct parser *parser, const char *text, size_t len, bool gaps,
                     struct transfer *transfer)
{
    struct refusal refusal;
    char *const copy = malloc(len);
    if (!copy)
        return -1;
    memcpy(copy, text, len);
    const int result = parser_read(parser, copy, len, gaps, now_ns, transfer, &refusal);
    if (result < 0) {
        REQUIRE(refusal.reason && *refusal.reason);
        REQUIRE(memchr(refusal.key, '\0', sizeof refusal.key));
    } else {
        check_numbers(transfer);
        check_tags(transfer);
        check_texts(transfer);
    }
    free(copy);
    return result;
}

static void read_stream(struct parser *parser, const uint8_t *bytes, size_t size)
{
    static struct seen seen;
    struct json_stream stream;
    struct json_stream_item item;
    struct transfer transfer = {0};
    seen.count = 0;
    json_stream_init(&stream, OBJECT_MAX);
    for (size_t done = 0;;) {
        const enum json_stream_result result = json_stream_next(&stream, &item);
        if (result == JSON_STREAM_DONE)
            break;
        if (result == JSON_STREAM_OBJECT && seen.count < TIMES_MAX &&
            read_copy(parser, item.text, item.len, item.gaps, &transfer) == 0)
            check_time(&transfer, &seen);
        if (result != JSON_STREAM_MORE)
            continue;
        size_t room;
        char *const space = json_stream_space(&stream, &room);
        REQUIRE(space);
        if (done == size)
            json_stream_end(&stream);
        const size_t count = size - done < room ? size - done : room;
        if (count)
            memcpy(space, bytes + done, count);
        json_stream_fill(&stream, count);
        done += count;
    }
    json_stream_release(&stream);
}

/* Appends bytes that can stand in a URL's part and in JSON without escapes. */
static size_t append_part(char *out, size_t at, const uint8_t **from, const uint8_t *end,
                          const char *never)
{
    for (size_t i = 0; i < SECRET_URL_PART_MAX && *from < end; i++) {
        const char c = (char)*(*from)++;
        if (c == '\n')
            break;
        if ((unsigned char)c <= 0x20 || c == 0x7F || c == '"' || strchr(never, c))
            continue;
        if (c == '\\')
            out[at++] = c;
        out[at++] = c;
    }
    return at;
}

static size_t append(char *out, size_t at, const char *text)
{
    memcpy(out + at, text, strlen(text));
    return at + strlen(text);
}

/* A secret stands where RFC 3986 puts userinfo, query and fragment, with bytes
 * of the input around it, and must not come out. */
static void plant_secret(struct parser *parser, const uint8_t *from, const uint8_t *end)
{
    static const char *const keys[] = {"url", "url_effective", "redirect_url"};
    char object[16 * SECRET_URL_PART_MAX + 1024];
    struct transfer transfer = {0};
    size_t at = append(object, 0, "{\"");
    at = append(object, at, keys[from < end ? *from % 3 : 0]);
    at = append(object, at, "\":\"http://");
    at = append_part(object, at, &from, end, "S/?#");
    at = append(object, at, secret);
    at = append_part(object, at, &from, end, "S/?#");
    at = append(object, at, "@host.example/");
    at = append_part(object, at, &from, end, "S?#");
    at = append(object, at, from < end && *from % 2 ? "?" : "#");
    at = append_part(object, at, &from, end, "S");
    at = append(object, at, secret);
    at = append_part(object, at, &from, end, "S");
    at = append(object, at, "\",\"errormsg\":\"Unsupported proxy syntax in '");
    at = append(object, at, from < end && *from % 2 ? "http://" : "");
    at = append_part(object, at, &from, end, "S/?#");
    at = append(object, at, secret);
    at = append_part(object, at, &from, end, "S/?#");
    at = append(object, at, "@proxy.example:1'");
    at = append(object, at, "\",\"curl_version\":\"fuzz\"}");
    if (read_copy(parser, object, at, false, &transfer) < 0)
        return;
    for (size_t f = 0; f < FIELD_COUNT; f++)
        REQUIRE(!transfer.text[f] || !strstr(transfer.text[f], secret));
    for (size_t i = 0; i < transfer.tag_count; i++)
        REQUIRE(strcmp(transfer.tags[i].key, "host") != 0 ||
                !strstr(transfer.tags[i].value, secret));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tag_plan plan;
    const uint8_t *const line_end = size ? memchr(data, '\n', size) : NULL;
    if (!line_end)
        return 0;
    make_plan(&plan, data, (size_t)(line_end - data));
    struct parser *const parser = parser_new(&plan, OBJECT_MAX);
    if (parser) {
        read_stream(parser, line_end + 1, size - (size_t)(line_end + 1 - data));
        plant_secret(parser, line_end + 1, data + size);
    }
    parser_free(parser);
    tag_plan_release(&plan);
    return 0;
}
