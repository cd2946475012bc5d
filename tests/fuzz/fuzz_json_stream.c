/* Why: a pipe gives bytes in pieces that nobody chose, and anything may stand
 * between the objects. What json_stream finds must depend on the bytes alone.
 *
 * Input: a line, then the bytes. The line's first byte chooses the limit on an
 * object, each further byte is the length of a piece; the lengths go round. */
#include "fuzz.h"

#include "input/json_stream.h"

#include <string.h>

/* Found again whatever stands in front of it: "everything after rubbish is read". The point
 * keeps it from standing behind "curl":, where it would be part of a broken wrapper. */
static const char survivor[] = ".\n{\"curl_version\":\"survivor\"}";

struct found {
    size_t objects, refusals;
    uint64_t digest; /* of every item, in order */
    size_t last_at, last_len;
};

struct splits {
    const uint8_t *lengths; /* the lengths of pieces, 0 for a full one */
    size_t count;
};

static uint64_t mix(uint64_t digest, uint64_t value)
{
    return (digest ^ value) * UINT64_C(0x100000001B3) + (digest >> 29);
}

static uint64_t newlines(const uint8_t *bytes, size_t count)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < count; i++)
        lines += bytes[i] == '\n';
    return lines;
}

/* An object is the very bytes that stand at its place. */
static void check_object(const struct json_stream_item *item, const uint8_t *bytes, size_t size,
                         size_t object_max, struct found *found)
{
    REQUIRE(item->len >= 2 && item->len <= object_max);
    REQUIRE(item->at.byte <= size && item->len <= size - item->at.byte);
    REQUIRE(memcmp(item->text, bytes + item->at.byte, item->len) == 0);
    REQUIRE(item->text[0] == '{' && item->text[item->len - 1] == '}');
    REQUIRE(!found->objects || item->at.byte >= found->last_at + found->last_len);
    found->objects++;
    found->last_at = (size_t)item->at.byte;
    found->last_len = item->len;
    found->digest = mix(found->digest, item->len * 2 + item->gaps);
}

static void check_refusal(const struct json_stream_item *item, size_t size, struct found *found)
{
    REQUIRE(item->reason && *item->reason);
    REQUIRE(item->at.byte <= size);
    found->refusals++;
    for (const char *p = item->reason; *p; p++)
        found->digest = mix(found->digest, (uint8_t)*p);
    found->digest = mix(found->digest, item->mixed);
}

/* Takes all items that are whole; true at the end of the input. */
static bool drain(struct json_stream *stream, const uint8_t *bytes, size_t size, size_t object_max,
                  struct found *found)
{
    struct json_stream_item item;
    for (;;) {
        const enum json_stream_result result = json_stream_next(stream, &item);
        if (result == JSON_STREAM_MORE || result == JSON_STREAM_DONE)
            return result == JSON_STREAM_DONE;
        if (result == JSON_STREAM_OBJECT)
            check_object(&item, bytes, size, object_max, found);
        else
            check_refusal(&item, size, found);
        REQUIRE(item.at.line == 1 + newlines(bytes, (size_t)item.at.byte));
        found->digest = mix(found->digest, item.at.byte);
        REQUIRE(found->objects + found->refusals <= size + 1); /* it comes to an end */
    }
}

static struct found run(const uint8_t *bytes, size_t size, size_t object_max, struct splits splits)
{
    struct json_stream stream;
    struct found found = {0};
    json_stream_init(&stream, object_max);
    for (size_t done = 0, turn = 0; done < size; turn++) {
        size_t room;
        char *const space = json_stream_space(&stream, &room);
        REQUIRE(space && room >= JSON_STREAM_READ_SIZE);
        size_t count = splits.count ? splits.lengths[turn % splits.count] : 0;
        if (count == 0 || count > room)
            count = room;
        if (count > size - done)
            count = size - done;
        memcpy(space, bytes + done, count);
        memset(space + count, '}', room - count); /* what is not filled is not read */
        json_stream_fill(&stream, count);
        done += count;
        REQUIRE(!drain(&stream, bytes, size, object_max, &found));
        REQUIRE(stream.buf.cap <= object_max + 2 * JSON_STREAM_READ_SIZE);
        REQUIRE(stream.buf.len - stream.pos <= object_max);
    }
    json_stream_end(&stream);
    REQUIRE(drain(&stream, bytes, size, object_max, &found));
    json_stream_release(&stream);
    return found;
}

static void require_same(struct found a, struct found b)
{
    REQUIRE(a.objects == b.objects);
    REQUIRE(a.refusals == b.refusals);
    REQUIRE(a.digest == b.digest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t single = 1;
    const uint8_t *const line_end = size ? memchr(data, '\n', size) : NULL;
    if (!line_end || line_end == data)
        return 0;
    const size_t object_max = (size_t)64 << (*data & 15);
    const struct splits splits = {data + 1, (size_t)(line_end - data) - 1};
    const size_t given = size - (size_t)(line_end + 1 - data);
    const size_t total = given + sizeof survivor - 1;
    uint8_t *const bytes = malloc(total);
    if (!bytes)
        return 0;
    memcpy(bytes, line_end + 1, given);
    memcpy(bytes + given, survivor, sizeof survivor - 1);

    const struct found whole = run(bytes, total, object_max, (struct splits){NULL, 0});
    require_same(whole, run(bytes, total, object_max, splits));
    if (total <= 512)
        require_same(whole, run(bytes, total, object_max, (struct splits){&single, 1}));
    REQUIRE(whole.objects > 0);
    REQUIRE(whole.last_at == given + 2 && whole.last_len == sizeof survivor - 3);
    free(bytes);
    return 0;
}
