/* transfer: a value is the same text for everybody who asks for it. */
#include "base/text.h"
#include "model/tags.h"
#include "report/summary.h"
#include "report/threshold.h"
#include "tap.h"

#include <stdlib.h>

static struct transfer transfer;
static struct error err;

static void make(void)
{
    transfer.text[F_URL_PATH] = "/a\\b\tc \xFF";
    transfer.text[F_METHOD] = "GET";
    transfer_set(&transfer, F_HTTP_CODE, 200);
    transfer_set(&transfer, F_HTTP_VERSION, 1.1);
    transfer_set(&transfer, F_TIME_TOTAL, 0.0639);
    transfer.extras[transfer.extra_count++] = (struct extra_number){"vu", 7.5};
    transfer.own_texts[transfer.own_text_count++] = (struct own_text){"step", "log\\in"};
    transfer.tags[transfer.tag_count++] = (struct tag){"label", "a b"};
    transfer.tags[transfer.tag_count++] = (struct tag){"method", "tagged"};
}

static void *allocate(size_t count)
{
    static char memory[TEXT_ROOM];
    return count <= sizeof memory ? memory : NULL;
}

/* As --tag-field KEY makes it. */
static const char *as_tag(const char *key)
{
    static struct transfer tagged;
    struct tag_plan plan;
    tag_plan_init(&plan);
    tagged = transfer;
    const bool done = tag_plan_add_field(&plan, key, &err) == 0 &&
                      tag_plan_apply(&plan, &tagged, allocate) == 0 && tagged.tag_count == 1;
    const char *const value = done ? tagged.tags[0].value : NULL;
    tag_plan_release(&plan);
    return value;
}

/* True if --summary-by KEY groups under `value`. */
static bool is_grouped(const char *key, const char *value)
{
    struct summary *const s = summary_new(key, false);
    summary_add(s, &transfer);
    const bool same = s->value_count == 1 && strcmp(s->values[0], value) == 0;
    summary_free(s);
    return same;
}

/* True if transfers{KEY="VALUE"} counts it. */
static bool is_matched(const char *key, const char *value)
{
    char expression[200];
    struct threshold t;
    snprintf(expression, sizeof expression, "transfers{%s=\"%s\"}:count==1", key, value);
    const bool held =
        threshold_init(&t, expression, &err) == 0 && (threshold_add(&t, &transfer), t.seen == 1);
    threshold_release(&t);
    return held;
}

static const struct {
    const char *key, *given, *want;
    bool can_be_tag;
} cases[] = {
    {"url.path", "/a\\b\tc \xFF", "/a/b c \xEF\xBF\xBD", true},
    {"http_code", "200", "200", true},
    {"http_version", "1.1", "1.1", true},
    {"time_total", "0.0639", "0.0639", true},
    {"vu", "7.5", "7.5", true},            /* a key that curl does not have */
    {"step", "log\\in", "log/in", true},   /* a text under such a key */
    {"label", "a b", "a b", false},        /* a label is a tag already */
    {"method", "tagged", "tagged", false}, /* a tag wins over the field of its name */
};

int main(void)
{
    char room[TEXT_ROOM], name[100];
    make();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const key = cases[i].key, *const want = cases[i].want;
        IS_TEXT(transfer_value(&transfer, key, field_find(key, 0), room), want, key);
        snprintf(name, sizeof name, "%s: the summary says the same", key);
        OK(is_grouped(key, want), name);
        snprintf(name, sizeof name, "%s: a threshold's filter does", key);
        OK(is_matched(key, want) && is_matched(key, cases[i].given), name);
        snprintf(name, sizeof name, "%s: and a tag", key);
        if (cases[i].can_be_tag)
            IS_TEXT(as_tag(key), want, name);
    }
    OK(!transfer_value(&transfer, "scheme", F_SCHEME, room) &&
           !transfer_value(&transfer, "nothing", FIELD_NONE, room),
       "what is absent has no value");
    OK(is_grouped("scheme", "") && !is_matched("scheme", "https"), "in a summary it is empty");
    return tap_done();
}
