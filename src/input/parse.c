/* Why: the only file that knows cJSON. It turns an object into the neutral
 * transfer, or says why it is none: that something parses proves nothing when
 * twenty curls share a pipe.
 *
 * cJSON makes two allocations a key. From an arena behind its hooks, which is
 * emptied before each object, they cost half as much, and one object cannot take
 * more than the arena has. */
#include "input/parse.h"

#include "base/arena.h"
#include "input/json_scan.h"
#include "input/json_text.h"
#include "input/keys.h"
#include "input/parse_time.h"
#include "model/derive.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

struct parser {
    const struct tag_plan *plan;
    struct unique_times unique_times;
    int64_t last_arrival_ns;
    bool saw_unknown_time;
    struct arena arena; /* one object's: cJSON's tree, and what is made from it */
};

/* cJSON's hooks take no context, so the arena in use has to be found here. */
static struct arena *arena_in_use;

static void *alloc_piece(size_t count)
{
    return arena_alloc(arena_in_use, count);
}

static void free_piece(void *piece)
{
    (void)piece; /* all goes at once, with the next object */
}

static const char not_curls[] = "not a curl transfer";
static const char remedy[] = "give curl -w '%{json}\\n'";

static bool is_time(const char *name)
{
    return *name == 't' &&
           (strcmp(name, "ts") == 0 || strcmp(name, "time") == 0 || strcmp(name, "timestamp") == 0);
}

/* The transfer's own time, if it has one: 1, 0 for none, or -1. */
static int read_time(struct parser *parser, const cJSON *ts, const char *text, size_t len,
                     int64_t now_ns, int64_t *time_ns, struct refusal *refusal)
{
    if (!ts)
        return 0;
    if (cJSON_IsString(ts) && strncmp(ts->valuestring, "%time{", 6) == 0) {
        parser->saw_unknown_time = true;
        return 0;
    }
    const char *reason = cJSON_IsNull(ts) ? parse_time_missing : parse_time_wrong_type;
    if (cJSON_IsString(ts))
        reason = parse_time_of_text(ts->valuestring, now_ns, time_ns);
    else if (cJSON_IsNumber(ts))
        reason = parse_time_of_number(ts->valuedouble, ts->string, text, len, now_ns, time_ns);
    return reason ? refuse(refusal, reason, ts->string) : 1;
}

static struct json_value value_of(const cJSON *item)
{
    static char no[] = "false", yes[] = "true";
    if (cJSON_IsNumber(item))
        return (struct json_value){JSON_NUMBER, item->valuedouble, NULL};
    if (cJSON_IsString(item))
        return (struct json_value){JSON_TEXT, 0, item->valuestring};
    if (cJSON_IsBool(item))
        return (struct json_value){JSON_TRUTH, 0, cJSON_IsTrue(item) ? yes : no};
    return (struct json_value){cJSON_IsNull(item) ? JSON_NOTHING : JSON_OTHER, 0, NULL};
}

/* Reads all keys of `object` by `read`, except `inner`, which is curl's object in it, and
 * the time, which `*time` is set to. */
static int read_keys(struct keys *keys, const cJSON *object, const cJSON *inner,
                     int (*read)(struct keys *, const char *, struct json_value),
                     const cJSON **time)
{
    for (const cJSON *item = object->child; item; item = item->next) {
        if (item == inner)
            continue;
        const bool timed = is_time(item->string);
        if ((timed && *time && strcmp((*time)->string, item->string) == 0) ||
            (inner && strcmp(item->string, inner->string) == 0))
            return refuse_mixed(keys->refusal, "a key twice", item->string);
        if (timed && *time)
            return refuse(keys->refusal, "two times", item->string);
        if (timed)
            *time = item;
        else if (read(keys, item->string, value_of(item)) < 0)
            return -1;
    }
    return 0;
}

static bool has_curl_version(const cJSON *object)
{
    return cJSON_IsString(cJSON_GetObjectItemCaseSensitive(object, "curl_version"));
}

static bool has_value(const cJSON *object, const char *name)
{
    const cJSON *const item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(item) || (cJSON_IsString(item) && item->valuestring[0]);
}

/* True if an object without curl_version may be what two curls on one pipe have made of two of
 * curl's own: these begin with certs (before 7.88 with content_type), are sorted and have no
 * white space. What is left of them after that key can be anything from a few keys on, so the
 * rarest of what people write themselves is refused with them. `certs`: the first key has been
 * cut out. */
static bool is_broken_json_of_curl(const cJSON *object, bool certs, const char *text, size_t len)
{
    enum { KEYS_MIN = 8 }; /* of a template that begins with content_type and is meant */
    const cJSON *const first = object->child;
    int last = -1, count = 0;
    certs |= strcmp(first->string, "certs") == 0;
    if (!certs && strcmp(first->string, "content_type") != 0)
        return false;
    for (const cJSON *item = first; item; item = item->next) {
        const enum field_id field = field_find(item->string, last + 1);
        if (field != FIELD_NONE && (int)field <= last)
            return false;
        last = field == FIELD_NONE ? last : (int)field;
        count += field != FIELD_NONE;
    }
    for (size_t i = 0; i + 2 < len; i++)
        if (text[i] == '"' && text[i + 1] == ':' && json_scan_is_space((unsigned char)text[i + 2]))
            return false;
    return certs || count >= KEYS_MIN;
}

/* True if the object comes from a template of a person's own. */
static bool is_template(const cJSON *object)
{
    static const char *const codes[] = {"http_code", "response_code", "exitcode", "url",
                                        "url_effective"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (has_value(object, codes[i]))
            return has_value(object, "time_total");
    return false;
}

/* Leaves the phases out of a template that lacks a timer. Where one is missing, the phase
 * that it ends would be counted to the next. */
static void check_phases(struct transfer *t)
{
    if (transfer_has(t, F_TIME_NAMELOOKUP) && transfer_has(t, F_TIME_CONNECT) &&
        transfer_has(t, F_TIME_APPCONNECT) && transfer_has(t, F_TIME_PRETRANSFER) &&
        transfer_has(t, F_TIME_STARTTRANSFER))
        return;
    for (int f = F_PHASE_CONNECT; f <= F_PHASE_WAIT; f++)
        t->present[f] = false;
}

/* Reads a whole object: one of curl's, bare or with keys of a person's own around it. */
static int read_object(struct keys *keys, const cJSON *root, const char *text, size_t len,
                       const cJSON **time)
{
    const bool bare = has_curl_version(root);
    const cJSON *const inner = bare ? NULL : cJSON_GetObjectItemCaseSensitive(root, "curl");
    const cJSON *const curl = inner ? inner : root;
    if (!bare && !has_curl_version(curl)) {
        if (!is_template(curl))
            return refuse(keys->refusal, not_curls, remedy);
        if (is_broken_json_of_curl(curl, keys->certs != NULL, text, len))
            return refuse_mixed(keys->refusal, "broken JSON", "");
        keys->keeps_texts = true;
    }
    if (read_keys(keys, curl, NULL, keys_read, time) < 0)
        return -1;
    return inner ? read_keys(keys, root, inner, keys_read_own, time) : 0;
}

void parser_free(struct parser *parser)
{
    if (!parser)
        return;
    arena_release(&parser->arena);
    unique_times_release(&parser->unique_times);
    free(parser);
}

struct parser *parser_new(const struct tag_plan *plan, size_t object_max)
{
    /* An object of curl's takes three times its length. A list of digits would take
     * 32 times its length, and is refused. */
    const size_t size = 4 * object_max + 65536;
    struct parser *const parser = calloc(1, sizeof *parser);
    if (!parser)
        return NULL;
    parser->plan = plan;
    unique_times_init(&parser->unique_times);
    cJSON_InitHooks(&(cJSON_Hooks){alloc_piece, free_piece});
    if (arena_init(&parser->arena, size) == 0)
        return parser;
    parser_free(parser);
    return NULL;
}

int parser_read(struct parser *parser, char *text, size_t len, bool gaps, int64_t now_ns,
                struct transfer *transfer, struct refusal *refusal)
{
    struct arena *const arena = arena_in_use = &parser->arena;
    arena_clear(arena);
    *refusal = (struct refusal){0};

    const char *certs = NULL;
    text = gaps ? json_text_fill_gaps(text, &len, arena) : json_text_cut_certs(text, &len, &certs);
    const cJSON *const root = text ? cJSON_ParseWithLength(text, len) : NULL;
    if (!root && arena->size - arena->used < len)
        return refuse(refusal, "too many values in one object", "");
    if (!root)
        return refuse_mixed(refusal, "broken JSON", "");
    struct keys keys;
    const cJSON *ts = NULL;
    int64_t time_ns = 0;
    keys_begin(&keys, certs, transfer, refusal);
    if (read_object(&keys, root, text, len, &ts) < 0 || keys_end(&keys, arena) < 0)
        return -1;
    derive_numbers(transfer, keys.certs);
    if (keys.keeps_texts)
        check_phases(transfer);
    const int timed = read_time(parser, ts, text, len, now_ns, &time_ns, refusal);
    if (timed < 0)
        return -1;
    if (tag_plan_apply(parser->plan, transfer, alloc_piece) < 0)
        return refuse(refusal, "tags too long for a database", "");
    if (!timed) {
        time_ns = now_ns > parser->last_arrival_ns ? now_ns : parser->last_arrival_ns + 1;
        parser->last_arrival_ns = time_ns;
    }
    transfer->time_ns = unique_times_take(&parser->unique_times, time_ns);
    transfer->timed = timed > 0;
    return 0;
}

bool parser_saw_unknown_time(const struct parser *parser)
{
    return parser->saw_unknown_time;
}

const char *parser_library_version(void)
{
    return cJSON_Version();
}
