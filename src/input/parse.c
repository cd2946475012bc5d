/* Why: the only file that knows cJSON. It turns an object into the neutral
 * transfer, or says why it is none: that something parses proves nothing when
 * twenty curls share a pipe.
 *
 * cJSON makes two allocations a key. From an arena behind its hooks, which is
 * emptied before each object, they cost half as much, and one object cannot take
 * more than the arena has. */
#include "input/parse.h"

#include "base/arena.h"
#include "base/url.h"
#include "input/json_text.h"
#include "input/parse_time.h"
#include "model/derive.h"
#include "model/key_rules.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { UNKNOWN_MAX = TRANSFER_EXTRAS_MAX };

struct parser {
    const struct tag_plan *plan;
    struct unique_times unique_times;
    int64_t last_arrival_ns;
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

static int refuse(struct refusal *refusal, const char *reason, const char *key)
{
    refusal->reason = reason;
    refusal->mixed = false;
    strncpy(refusal->key, key, sizeof refusal->key - 1);
    refusal->key[sizeof refusal->key - 1] = '\0';
    return -1;
}

static int refuse_mixed(struct refusal *refusal, const char *reason, const char *key)
{
    refuse(refusal, reason, key);
    refusal->mixed = true;
    return -1;
}

/* The transfer's own time, if it has one: 1, 0 for none, or -1. */
static int read_time(const cJSON *ts, const char *text, size_t len, int64_t now_ns,
                     int64_t *time_ns, struct refusal *refusal)
{
    if (!ts || cJSON_IsNull(ts))
        return 0;
    if (cJSON_IsString(ts) && strncmp(ts->valuestring, "%time{", 6) == 0)
        return 0; /* a curl before 8.16 does not know it and prints it as it stands */
    const char *reason = parse_time_wrong_type;
    if (cJSON_IsString(ts))
        reason = parse_time_of_text(ts->valuestring, now_ns, time_ns);
    else if (cJSON_IsNumber(ts))
        reason = parse_time_of_number(ts->valuedouble, text, len, now_ns, time_ns);
    return reason ? refuse(refusal, reason, "ts") : 1;
}

/* Keys of an object that field_table does not know. */
struct unknown {
    size_t count;
    const char *names[UNKNOWN_MAX];
};

/* Whether a name looks like one of curl's. Others cannot be stored under it. */
static bool is_key(const char *name)
{
    const size_t len = strlen(name);
    return len > 0 && len <= KEY_MAX && key_rules_span(name, len, "_", "") == len &&
           strcmp(name, "time") != 0;
}

/* A number that a newer curl writes is kept. Everything else is only checked. */
static int read_unknown(const cJSON *item, struct unknown *unknown, struct transfer *t,
                        struct refusal *refusal)
{
    for (size_t i = 0; i < unknown->count; i++)
        if (strcmp(unknown->names[i], item->string) == 0)
            return refuse_mixed(refusal, "a key twice", item->string);
    if (unknown->count == UNKNOWN_MAX)
        return refuse(refusal, "too many keys that curl does not write", "");
    unknown->names[unknown->count++] = item->string;
    if (!cJSON_IsNumber(item))
        return 0;
    if (!is_key(item->string))
        return refuse(refusal, "a key that curl does not write", item->string);
    if (!isfinite(item->valuedouble))
        return refuse(refusal, "a number that is not finite", item->string);
    t->extras[t->extra_count++] = (struct extra_number){item->string, item->valuedouble};
    return 0;
}

static int read_number(const cJSON *item, enum field_id field, struct transfer *t,
                       struct refusal *refusal)
{
    if (cJSON_IsNull(item))
        return 0;
    if (!cJSON_IsNumber(item))
        return refuse(refusal, "a value of the wrong type", item->string);
    if (!isfinite(item->valuedouble))
        return refuse(refusal, "a number that is not finite", item->string);
    transfer_set(t, field, item->valuedouble);
    return 0;
}

static void read_version(const cJSON *item, struct transfer *t)
{
    if (!cJSON_IsString(item))
        return;
    char *end;
    const double value = strtod(item->valuestring, &end);
    if (end > item->valuestring && *end == '\0' && isfinite(value))
        transfer_set(t, F_HTTP_VERSION, value);
}

static int read_item(cJSON *item, enum field_id field, struct transfer *t, struct refusal *refusal)
{
    switch (field_table[field].kind) {
    case FIELD_NUMBER:
        return read_number(item, field, t, refusal);
    case FIELD_VERSION:
        read_version(item, t);
        return 0;
    case FIELD_DERIVED:
    case FIELD_SECRET:
        return 0;
    case FIELD_URL:
        if (cJSON_IsString(item))
            url_scrub(item->valuestring);
        break;
    case FIELD_MESSAGE:
        if (cJSON_IsString(item))
            url_scrub_message(item->valuestring);
        break;
    case FIELD_TEXT:
        break;
    }
    if (cJSON_IsString(item) && item->valuestring[0])
        t->text[field] = item->valuestring;
    return 0;
}

/* Makes older curls look like newer ones: before 8.8 the scheme is in capitals,
 * before 8.1 there is no url.host. */
static void even_out_versions(struct transfer *t, struct arena *arena)
{
    char *scheme = (char *)(uintptr_t)t->text[F_SCHEME]; /* it lies in the arena */
    for (; scheme && *scheme; scheme++)
        *scheme = (char)tolower((unsigned char)*scheme);
    t->text[F_HOST] = t->text[F_URL_HOST];
    const char *const url = t->text[F_URL] ? t->text[F_URL] : t->text[F_URL_EFFECTIVE];
    struct url parts;
    if (t->text[F_HOST] || !url || url_split(url, &parts) < 0 || parts.host.len == 0)
        return;
    char *const host = arena_alloc(arena, parts.host.len + 1);
    if (!host)
        return;
    memcpy(host, parts.host.at, parts.host.len);
    host[parts.host.len] = '\0';
    t->text[F_HOST] = host;
}

/* Reads the keys of curl's object; `*ts` is set if it has a key of that name.
 * `certs` have been cut out of it, or are NULL. */
static int read_items(const cJSON *curl, const char *certs, struct arena *arena, struct transfer *t,
                      const cJSON **ts, struct refusal *refusal)
{
    bool seen[FIELD_COUNT] = {[F_CERTS] = certs != NULL};
    struct unknown unknown = {0};
    int hint = 0;
    for (cJSON *item = curl->child; item; item = item->next) {
        const enum field_id field = field_find(item->string, hint);
        if (field == FIELD_NONE) {
            if (strcmp(item->string, "ts") == 0 && !*ts)
                *ts = item;
            else if (read_unknown(item, &unknown, t, refusal) < 0)
                return -1;
            continue;
        }
        if (seen[field])
            return refuse_mixed(refusal, "a key twice", item->string);
        seen[field] = true;
        hint = (int)field + 1;
        if (read_item(item, field, t, refusal) < 0)
            return -1;
        if (field == F_CERTS && cJSON_IsString(item))
            certs = item->valuestring;
    }
    if (seen[F_URL] && !t->text[F_URL])
        t->text[F_URL_PATH] = NULL; /* if the URL may hold a password, its path may */
    if (seen[F_URL_EFFECTIVE] && !t->text[F_URL_EFFECTIVE])
        t->text[F_URLE_PATH] = NULL;
    const double code = transfer_get(t, F_HTTP_CODE, 0);
    if (transfer_get(t, F_RESPONSE_CODE, code) != code)
        return refuse_mixed(refusal, "http_code and response_code of two transfers", "");
    even_out_versions(t, arena);
    derive_numbers(t, certs);
    return 0;
}

static bool has_curl_version(const cJSON *object)
{
    return cJSON_IsString(cJSON_GetObjectItemCaseSensitive(object, "curl_version"));
}

/* Finds the two keys of {"ts":...,"curl":{...}}, of which none may stand twice. */
static int find_in_wrapper(const cJSON *root, const cJSON **curl, const cJSON **ts,
                           struct refusal *refusal)
{
    *curl = *ts = NULL;
    for (const cJSON *item = root->child; cJSON_IsObject(root) && item; item = item->next) {
        const cJSON **const found = strcmp(item->string, "curl") == 0 ? curl
                                    : strcmp(item->string, "ts") == 0 ? ts
                                                                      : NULL;
        if (found && *found)
            return refuse_mixed(refusal, "a key twice", item->string);
        if (found)
            *found = item;
    }
    return has_curl_version(*curl) ? 0 : refuse(refusal, "no curl_version", "");
}

static void clear(struct transfer *t)
{
    t->tag_count = t->extra_count = 0;
    memset(t->present, 0, sizeof t->present);
    memset(t->text, 0, sizeof t->text);
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
    clear(transfer);

    const char *certs = NULL;
    text = gaps ? json_text_fill_gaps(text, &len, arena) : json_text_cut_certs(text, &len, &certs);
    const cJSON *const root = text ? cJSON_ParseWithLength(text, len) : NULL;
    if (!root && arena->size - arena->used < len)
        return refuse(refusal, "too many values in one object", "");
    if (!root)
        return refuse_mixed(refusal, "broken JSON", "");
    const cJSON *curl = root, *ts = NULL;
    if (!has_curl_version(root) && find_in_wrapper(root, &curl, &ts, refusal) < 0)
        return -1;
    int64_t time_ns = 0;
    if (read_items(curl, certs, arena, transfer, &ts, refusal) < 0)
        return -1;
    const int timed = read_time(ts, text, len, now_ns, &time_ns, refusal);
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

const char *parser_library_version(void)
{
    return cJSON_Version();
}
