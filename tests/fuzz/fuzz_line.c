/* Why: line protocol has no length and no end of a value but a character, so a
 * value that holds that character could become another tag, field or point.
 * What is written here is read back by a parser that knows nothing of src/, and
 * must be exactly what was meant.
 *
 * Input: strings with '\0' between them. The first byte of each says what it is:
 *   L  a label, "KEY=VALUE"          F  a field that becomes a tag
 *   T  and a byte: a field's text    N  and a byte: a field's number
 *   X  a key that curl does not write; its number is its hash
 *   W  layout wide    A  texts too    P  prefix p_ */
#include "fuzz.h"

#include "base/text.h"
#include "layout/layouts.h"
#include "layout/line.h"
#include "model/tags.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { FIELDS_MAX = LAYOUT_POINTS_MAX, ALLOCATIONS_MAX = TRANSFER_TAGS_MAX };

/* A line as the database sees it; the strings are unescaped. */
struct pair {
    char *key, *value;
    bool quoted;
};

struct parsed {
    char *series;
    struct pair tags[TRANSFER_TAGS_MAX], fields[FIELDS_MAX];
    size_t tag_count, field_count;
    long long time_ns;
};

/* Reads up to one of `ends` that has no backslash before it. In names and tags a
 * backslash escapes ',', '=' and ' ' only; before anything else it is itself. */
static char *parse_name(const char **at, const char *ends)
{
    char *const name = malloc(strlen(*at) + 1);
    char *out = name;
    REQUIRE(name != NULL);
    const char *p = *at;
    while (*p && *p != '\n' && !strchr(ends, *p)) {
        if (*p == '\\' && p[1] && strchr(",= ", p[1]))
            p++;
        *out++ = *p++;
    }
    REQUIRE(*p && *p != '\n');
    *out = '\0';
    *at = p;
    return name;
}

/* Reads a field's value: a string in quotes, or a float. */
static char *parse_value(const char **at, bool *quoted)
{
    char *const value = malloc(strlen(*at) + 1);
    char *out = value;
    REQUIRE(value != NULL);
    const char *p = *at;
    *quoted = *p == '"';
    if (*quoted) {
        for (p++; *p != '"'; *out++ = *p++) {
            REQUIRE(*p && *p != '\n');
            if (*p == '\\' && (p[1] == '"' || p[1] == '\\'))
                p++;
        }
        p++;
    } else {
        while (*p && strchr("0123456789+-.e", *p))
            *out++ = *p++;
        REQUIRE(p > *at);
    }
    *out = '\0';
    *at = p;
    return value;
}

static const char *parse_line(const char *p, struct parsed *line)
{
    char *end;
    *line = (struct parsed){.series = parse_name(&p, ", ")};
    while (*p == ',') {
        REQUIRE(line->tag_count < TRANSFER_TAGS_MAX);
        struct pair *const tag = &line->tags[line->tag_count++];
        p++;
        tag->key = parse_name(&p, "=");
        p++;
        tag->value = parse_name(&p, ", ");
        REQUIRE(tag->key[0] && tag->value[0]);
    }
    do {
        REQUIRE(line->field_count < FIELDS_MAX);
        struct pair *const field = &line->fields[line->field_count++];
        p++;
        field->key = parse_name(&p, "=");
        REQUIRE(field->key[0]);
        p++;
        field->value = parse_value(&p, &field->quoted);
    } while (*p == ',');
    REQUIRE(*p == ' ');
    errno = 0;
    line->time_ns = strtoll(p + 1, &end, 10);
    REQUIRE(errno == 0 && end > p + 1 && *end == '\n');
    return end + 1;
}

static void free_pairs(struct pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(pairs[i].key);
        free(pairs[i].value);
    }
}

static void check_field(const struct pair *got, const struct point *point)
{
    char expected[TEXT_ROOM];
    REQUIRE(fuzz_is_clean(got->key) && fuzz_is_clean(got->value));
    REQUIRE(strcmp(got->key, point->field) == 0);
    REQUIRE(got->quoted == (point->text != NULL));
    if (point->text) {
        text_clean(expected, point->text, false);
        REQUIRE(strcmp(got->value, expected) == 0);
    } else {
        char *end;
        REQUIRE(strtod(got->value, &end) == point->number && *end == '\0');
    }
}

/* Reads one line and checks it against the points it was made of, `left` at
 * most; returns how many they were. */
static size_t check_line(const char **text, const char *prefix, const struct transfer *t,
                         const struct point *points, size_t left)
{
    struct parsed line;
    *text = parse_line(*text, &line);
    REQUIRE(fuzz_is_clean(line.series) && line.series[0] != '#');
    REQUIRE(strncmp(line.series, prefix, strlen(prefix)) == 0);
    REQUIRE(strcmp(line.series + strlen(prefix), points->series) == 0);
    REQUIRE(line.time_ns == t->time_ns);
    REQUIRE(line.tag_count == t->tag_count);
    for (size_t i = 0; i < t->tag_count; i++) {
        REQUIRE(strcmp(line.tags[i].key, t->tags[i].key) == 0);
        REQUIRE(strcmp(line.tags[i].value, t->tags[i].value) == 0);
        REQUIRE(fuzz_is_clean(line.tags[i].value));
    }
    REQUIRE(line.field_count <= left);
    for (size_t i = 0; i < line.field_count; i++)
        check_field(&line.fields[i], &points[i]);
    const size_t used = line.field_count;
    free_pairs(line.tags, line.tag_count);
    free_pairs(line.fields, line.field_count);
    free(line.series);
    return used;
}

static void check(const struct transfer *t, const char *layout_name, bool texts, const char *prefix)
{
    struct point points[LAYOUT_POINTS_MAX];
    struct layout layout;
    struct error err;
    struct buf out;
    REQUIRE(layout_init(&layout, layout_named(layout_name, &err), prefix, texts, NULL, &err) == 0);
    const size_t count = layout_points(&layout, t, points);
    REQUIRE(count <= LAYOUT_POINTS_MAX);
    buf_init(&out, (size_t)64 << 20);
    const size_t lines = line_append(&out, prefix, t, points, count);
    REQUIRE(!out.failed);
    const char *text = buf_text(&out);
    REQUIRE(strlen(text) == out.len);
    size_t read = 0, used = 0;
    for (; *text; read++) {
        REQUIRE(used < count);
        used += check_line(&text, prefix, t, points + used, count - used);
    }
    REQUIRE(read == lines && used == count);
    REQUIRE(strcmp(layout_name, "wide") != 0 ? lines == count : lines == (count > 0));
    buf_release(&out);
}

static void *allocations[ALLOCATIONS_MAX];
static size_t allocation_count;

static void *remember(size_t count)
{
    REQUIRE(allocation_count < ALLOCATIONS_MAX);
    return allocations[allocation_count++] = malloc(count);
}

/* A finite number out of a string's bytes: any bit pattern can come. */
static double number_of(const char *text)
{
    uint64_t hash = UINT64_C(1469598103934665603);
    double value;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    if (hash % 3 == 0)
        return (double)(hash >> 40);
    if (hash % 3 == 1)
        return (double)(hash >> 24) / 1e6;
    memcpy(&value, &hash, sizeof value);
    return isfinite(value) ? value : 0;
}

static bool can_hold(enum field_kind kind, bool text)
{
    const bool is_text = kind == FIELD_TEXT || kind == FIELD_URL || kind == FIELD_MESSAGE;
    return text ? is_text : !is_text && kind != FIELD_SECRET;
}

static void add_extra(struct transfer *t, const char *name)
{
    /* what the reader lets through */
    static const char valid[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.-";
    if (!*name || strlen(name) > 128 || strspn(name, valid) != strlen(name) ||
        strchr("0123456789.-", *name) || t->extra_count == TRANSFER_EXTRAS_MAX ||
        field_find(name, 0) != FIELD_NONE)
        return;
    for (size_t i = 0; i < t->extra_count; i++)
        if (strcmp(t->extras[i].name, name) == 0)
            return;
    t->extras[t->extra_count++] = (struct extra_number){name, number_of(name)};
}

struct choices {
    const char *layout, *prefix;
    bool texts;
};

static void take_string(const char *s, struct transfer *t, struct tag_plan *plan, struct choices *c)
{
    struct error err;
    bool changed;
    const size_t field = *s && s[1] ? (unsigned char)s[1] % FIELD_COUNT : FIELD_COUNT;
    switch (*s) {
    case 'L':
        (void)tag_plan_add_label(plan, s + 1, false, &changed, &err);
        break;
    case 'F':
        (void)tag_plan_add_field(plan, s + 1, &err);
        break;
    case 'X':
        add_extra(t, s + 1);
        break;
    case 'W':
        c->layout = "wide";
        break;
    case 'A':
        c->texts = true;
        break;
    case 'P':
        c->prefix = "p_";
        break;
    case 'T':
        if (field < FIELD_COUNT && can_hold(field_table[field].kind, true) && s[2])
            t->text[field] = s + 2;
        break;
    case 'N':
        if (field < FIELD_COUNT && can_hold(field_table[field].kind, false))
            transfer_set(t, (enum field_id)field, number_of(s + 2));
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct transfer transfer = {.time_ns = INT64_C(1795423774748555000)};
    struct choices choices = {.layout = "metric", .prefix = ""};
    struct tag_plan plan;
    char *const strings = malloc(size + 1);
    if (!strings)
        return 0;
    if (size)
        memcpy(strings, data, size);
    strings[size] = '\0';
    tag_plan_init(&plan);
    for (size_t at = 0; at < size; at += strlen(strings + at) + 1)
        take_string(strings + at, &transfer, &plan, &choices);
    if (tag_plan_apply(&plan, &transfer, remember) == 0)
        check(&transfer, choices.layout, choices.texts, choices.prefix);
    while (allocation_count)
        free(allocations[--allocation_count]);
    tag_plan_release(&plan);
    free(strings);
    return 0;
}
