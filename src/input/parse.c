/* Why: the only file that knows cJSON. It turns an object into the neutral
 * transfer, or says why it is none: that something parses proves nothing when
 * twenty curls share a pipe.
 *
 * cJSON makes two allocations a key; an arena behind its hooks, emptied before
 * each object, makes that 1.5 times faster and bounds what one object can take. */
#include "input/parse.h"

#include "base/dates.h"
#include "base/url.h"
#include "input/json_text.h"
#include "model/key_rules.h"
#include "model/phase.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <math.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { UNKNOWN_MAX = TRANSFER_EXTRAS_MAX };

struct parser {
    const struct tag_plan *plan;
    struct unique_times timeline;
    int64_t last_arrival_ns;
    size_t used, size;
    char memory[];
};

/* cJSON's hooks take no context, so the arena in use has to be found here. */
static struct parser *arena;

static void *arena_alloc(size_t count)
{
    const size_t align = alignof(max_align_t);
    const size_t rounded = (count + align - 1) / align * align;
    if (rounded < count || rounded > arena->size - arena->used)
        return NULL;
    void *const at = arena->memory + arena->used;
    arena->used += rounded;
    return at;
}

static void arena_free(void *at)
{
    (void)at; /* all goes at once, with the next object */
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
    if (cJSON_IsString(ts)) {
        if (strncmp(ts->valuestring, "%time{", 6) == 0)
            return 0; /* a curl before 8.16 does not know it and prints it as it stands */
        if (dates_parse_iso8601(ts->valuestring, time_ns) < 0)
            return refuse(refusal, "a time that is neither seconds nor ISO 8601", "ts");
    } else if (cJSON_IsNumber(ts) && ts->valuedouble >= 0 && ts->valuedouble < 9e9) {
        if (json_text_exact_seconds(text, len, ts->valuedouble, time_ns) < 0)
            *time_ns = (int64_t)(ts->valuedouble * 1e6) * 1000;
    } else if (cJSON_IsNumber(ts)) {
        return refuse(refusal, "a time before 2000 or more than 10 minutes ahead", "ts");
    } else {
        return refuse(refusal, "a time that is neither seconds nor ISO 8601", "ts");
    }
    if (*time_ns < PARSER_TIME_MIN_NS || *time_ns > now_ns + PARSER_TIME_AHEAD_NS)
        return refuse(refusal, "a time before 2000 or more than 10 minutes ahead", "ts");
    return 1;
}

/* Keys of an object that field_table does not know. */
struct unknown {
    size_t count;
    const char *names[UNKNOWN_MAX];
};

/* As curl writes its own; anything else could not be stored under its name. */
static bool is_key(const char *name)
{
    const size_t len = strlen(name);
    return len > 0 && len <= KEY_MAX && key_rules_span(name, len, "_", "") == len &&
           strcmp(name, "time") != 0;
}

/* A number that a newer curl writes is kept, everything else is only looked at. */
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

/* curl before 8.8 writes HTTP, curl before 8.1 no url.host. */
static void even_out_versions(struct transfer *t)
{
    char *scheme = (char *)(uintptr_t)t->text[F_SCHEME]; /* the arena's own */
    for (; scheme && *scheme; scheme++)
        *scheme = (char)tolower((unsigned char)*scheme);
    t->text[F_HOST] = t->text[F_URL_HOST];
    const char *const url = t->text[F_URL] ? t->text[F_URL] : t->text[F_URL_EFFECTIVE];
    struct url parts;
    if (t->text[F_HOST] || !url || url_split(url, &parts) < 0 || parts.host.len == 0)
        return;
    char *const host = arena_alloc(parts.host.len + 1);
    if (!host)
        return;
    memcpy(host, parts.host.at, parts.host.len);
    host[parts.host.len] = '\0';
    t->text[F_HOST] = host;
}

/* Reads the keys of curl's object; `*ts` is set if it has a key of that name.
 * `certs` have been cut out of it, or are NULL. */
static int read_items(const cJSON *curl, const char *certs, struct transfer *t, const cJSON **ts,
                      struct refusal *refusal)
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
    even_out_versions(t);
    phase_derive(t, certs);
    return 0;
}

static bool has_curl_version(const cJSON *object)
{
    static const char key[] = "curl_version";
    if (!cJSON_IsObject(object) || !object->child)
        return false;
    const cJSON *const last =
        object->child->prev; /* where curl writes it; cJSON's list is a ring */
    return cJSON_IsString(last && strcmp(last->string, key) == 0
                              ? last
                              : cJSON_GetObjectItemCaseSensitive(object, key));
}

/* Finds {"ts":...,"curl":{...}}, each once. */
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

struct parser *parser_new(const struct tag_plan *plan, size_t object_max)
{
    /* an object of curl's takes three times its size; a list of digits would
     * take 32 times, and is refused */
    const size_t size = 4 * object_max + 65536;
    struct parser *parser = malloc(sizeof *parser + size);
    if (!parser)
        return NULL;
    *parser = (struct parser){.plan = plan, .size = size};
    unique_times_init(&parser->timeline);
    cJSON_InitHooks(&(cJSON_Hooks){arena_alloc, arena_free});
    return parser;
}

void parser_free(struct parser *parser)
{
    if (!parser)
        return;
    unique_times_release(&parser->timeline);
    free(parser);
}

int parser_read(struct parser *parser, char *text, size_t len, bool gaps, int64_t now_ns,
                struct transfer *transfer, struct refusal *refusal)
{
    arena = parser;
    parser->used = 0;
    *refusal = (struct refusal){0};
    clear(transfer);

    const char *certs = NULL;
    text = gaps ? json_text_fill_gaps(text, &len, arena_alloc)
                : json_text_cut_certs(text, &len, &certs);
    const cJSON *const root = text ? cJSON_ParseWithLength(text, len) : NULL;
    if (!root && parser->size - parser->used < len)
        return refuse(refusal, "too many values in one object", "");
    if (!root)
        return refuse_mixed(refusal, "broken JSON", "");
    const cJSON *curl = root, *ts = NULL;
    if (!has_curl_version(root) && find_in_wrapper(root, &curl, &ts, refusal) < 0)
        return -1;
    int64_t time_ns = 0;
    if (read_items(curl, certs, transfer, &ts, refusal) < 0)
        return -1;
    const int timed = read_time(ts, text, len, now_ns, &time_ns, refusal);
    if (timed < 0)
        return -1;
    if (tag_plan_apply(parser->plan, transfer, arena_alloc) < 0)
        return refuse(refusal, "tags too long for a database", "");
    if (!timed) {
        time_ns = now_ns > parser->last_arrival_ns ? now_ns : parser->last_arrival_ns + 1;
        parser->last_arrival_ns = time_ns;
    }
    transfer->time_ns = unique_times_take(&parser->timeline, time_ns);
    transfer->timed = timed > 0;
    return 0;
}

const char *parser_library_version(void)
{
    return cJSON_Version();
}
