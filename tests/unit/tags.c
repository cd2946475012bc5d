/* tags: decided once, sorted, and one value stays one value whatever it holds. */
#include "model/tags.h"

#include "base/text.h"

#include "tap.h"

#include <stdlib.h>

static struct tag_plan plan;
static struct error err;
static bool changed;

static void begin(void)
{
    tag_plan_release(&plan);
    tag_plan_init(&plan);
}

static int label(const char *text)
{
    return tag_plan_add_label(&plan, text, false, &changed, &err);
}

static void sorts(void)
{
    begin();
    OK(label("x=1") == 0 && label("VALUE") == 0 && label("a.b-c=2") == 0 && label("Z=3") == 0 &&
           tag_plan_add_field(&plan, "method", &err) == 0,
       "labels and fields make a plan");
    static const char *const want[] = {"Z", "a.b-c", "label", "method", "x"};
    int sorted = plan.count == 5;
    for (size_t i = 0; sorted && i < plan.count; i++)
        sorted = strcmp(plan.rules[i].key, want[i]) == 0;
    OK(sorted, "sorted by key");
    IS_TEXT(plan.rules[2].value, "VALUE", "a label without a key is called label");
    OK(label("e=a=b=c") == 0, "the first '=' ends the key");
    IS_TEXT(plan.rules[2].value, "a=b=c", "the value may hold more");
}

static void refuses(void)
{
    static const struct {
        const char *label, *why;
    } cases[] = {
        {"", "label 'label' is empty; databases take no empty label"},
        {"k=", "label 'k' is empty; databases take no empty label"},
        {"=v", "a label's key is empty: write --label KEY=VALUE"},
        {"1k=v", "label key '1k' must begin with a letter"},
        {"_k=v", "label key '_k' must begin with a letter"},
        {"a b=v", "label key 'a b' may hold letters, digits, '_', '.' and '-' only"},
        {"a,b=v", "label key 'a,b' may hold letters, digits, '_', '.' and '-' only"},
        {"a\nb=v", "label key 'a\nb' may hold letters, digits, '_', '.' and '-' only"},
        {"a\\=v", "label key 'a\\' may hold letters, digits, '_', '.' and '-' only"},
        {"\xC3\xA4=v", "label key '\xC3\xA4' must begin with a letter"},
        {"time=v", "a label cannot be called 'time': databases keep that name"},
        {"twice=2", "label 'twice' is given twice"},
    };
    char name[100];
    begin();
    label("twice=1");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(name, sizeof name, "label '%s' is refused", cases[i].label);
        name[strcspn(name, "\n")] = '?';
        err.text[0] = '\0';
        IS_TEXT(label(cases[i].label) < 0 ? err.text : "taken", cases[i].why, name);
    }
    IS(plan.count, 1, "nothing of them is in the plan");
    char key[140];
    memset(key, 'k', sizeof key);
    strcpy(key + 129, "=v");
    OK(label(key) < 0 && strstr(err.text, "longer than 128"), "a key of 129 bytes is refused");
    strcpy(key + 128, "=v");
    OK(label(key) == 0, "one of 128 is not");
    OK(tag_plan_add_field(&plan, "metod", &err) < 0 && strstr(err.text, "did you mean 'method'?"),
       "a field that is none is refused, and the nearest named");
    OK(tag_plan_add_field(&plan, "a b", &err) < 0 && strstr(err.text, "store a key 'a b'"),
       "a key that no database can store");
    OK(tag_plan_add_field(&plan, "x=a b", &err) < 0 && strstr(err.text, "store a key 'a b'"),
       "under another name as well");
    OK(tag_plan_add_field(&plan, "_step", &err) < 0 && strstr(err.text, "must begin with a letter"),
       "a key that is the name of a number, but not of a tag");
    OK(tag_plan_add_field(&plan, "url.password", &err) < 0 && strstr(err.text, "never sent"),
       "a secret is refused");
    OK(tag_plan_add_field(&plan, "pw=url.password", &err) < 0 && strstr(err.text, "never sent"),
       "under another name as well");
    OK(tag_plan_add_field(&plan, "a b=url", &err) < 0 && strstr(err.text, "'a b' may hold"),
       "a field's other name must be one that databases take");
    OK(tag_plan_add_field(&plan, "x=", &err) < 0, "another name of nothing is refused");
    IS(plan.count, 2, "nothing of them is in the plan either");
}

static const char *make_answer(const struct transfer *transfer, char *room)
{
    text_number(room, transfer->number[F_HTTP_CODE] / 2);
    return room;
}
static const char *make_nothing(const struct transfer *transfer, char *room)
{
    (void)transfer, (void)room;
    return NULL;
}
static const struct tag_source answer = {"answer", FIELD_NONE, make_answer};
static const struct tag_source nothing = {"nothing", FIELD_NONE, make_nothing};

static void takes_own_keys(void)
{
    static struct transfer t;
    t.own_texts[t.own_text_count++] = (struct own_text){"step", "log\\in\n"};
    t.extras[t.extra_count++] = (struct extra_number){"vu", 7.5};
    begin();
    OK(tag_plan_add_field(&plan, "step", &err) == 0 &&
           tag_plan_add_field(&plan, "a=step", &err) == 0 &&
           tag_plan_add_field(&plan, "vu", &err) == 0 &&
           tag_plan_add_field(&plan, "zz", &err) == 0 &&
           tag_plan_add_field(&plan, "x=_new", &err) == 0,
       "keys that curl does not have");
    OK(tag_plan_add_field(&plan, "step", &err) == 0 && plan.count == 5, "one twice is one tag");
    OK(tag_plan_apply(&plan, &t, malloc) == 0 && t.tag_count == 3, "those that are there are tags");
    IS_TEXT(t.tags[0].key, "a", "one under another name");
    IS_TEXT(t.tags[0].value, "log/in ", "a text, clean");
    IS_TEXT(t.tags[1].value, "log/in ", "the same under its own");
    IS_TEXT(t.tags[2].value, "7.5", "a number");
    for (size_t i = 0; i < t.tag_count; i++)
        free((char *)(uintptr_t)t.tags[i].value);
    OK(label("step=x") == 0 && plan.count == 5 && !plan.rules[1].own, "a label wins");
}

static void decides(void)
{
    begin();
    tag_plan_add_field(&plan, "method", &err);
    tag_plan_add_field(&plan, "method", &err);
    OK(plan.count == 1, "a field given twice is one tag");
    OK(label("method=X") == 0 && plan.count == 1 && plan.rules[0].value,
       "a label wins over the field before it");
    OK(tag_plan_add_field(&plan, "method", &err) == 0 && plan.rules[0].value,
       "and over the field behind it");
    OK(tag_plan_add_label(&plan, "method=Y", true, &changed, &err) == 0,
       "one that yields is no error");
    IS_TEXT(plan.rules[0].value, "X", "and changes nothing");
    OK(tag_plan_add_field(&plan, "answer=url", &err) == 0 &&
           tag_plan_add_source(&plan, &answer, &err) == 0 && plan.count == 2 &&
           plan.rules[0].field == F_URL && !plan.rules[0].make,
       "a field under another name wins over a layout's source");
    begin();
    char text[16];
    for (int i = 0; i < TRANSFER_TAGS_MAX; i++) {
        snprintf(text, sizeof text, "k%d=v", i);
        label(text);
    }
    OK(plan.count == TRANSFER_TAGS_MAX && label("one=more") < 0,
       "more tags than there is room for are refused");
}

/* A label's value, made clean. */
static void cleans(void)
{
    static const struct {
        const char *name, *value, *want;
    } cases[] = {
        {"newline", "a\nb", "a b"},
        {"carriage return and tab", "a\r\tb", "a  b"},
        {"comma, space, quote and =", "a, b=\"c\"", "a, b=\"c\""},
        {"backslash at the end", "C:\\", "C:/"},
        {"invalid UTF-8", "a\xFF", "a\xEF\xBF\xBD"},
        {"valid UTF-8", "\xC3\xA4", "\xC3\xA4"},
    };
    char text[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin();
        snprintf(text, sizeof text, "k=%s", cases[i].value);
        IS_TEXT(label(text) == 0 ? plan.rules[0].value : err.text, cases[i].want, cases[i].name);
        OK(changed == (strcmp(cases[i].value, cases[i].want) != 0), "and a change is told");
    }
    begin();
    enum { HUGE_LENGTH = 10 * 1024 * 1024 };
    char *const huge = malloc(HUGE_LENGTH + 1);
    memset(huge, '\n', HUGE_LENGTH);
    memcpy(huge, "k=", 2);
    huge[HUGE_LENGTH] = '\0';
    OK(label(huge) == 0 && changed && strlen(plan.rules[0].value) == TEXT_MAX,
       "10 MB are cut, and it is told");
    free(huge);
}

static size_t allocations_left;
static void *allocate(size_t count)
{
    static char memory[TRANSFER_TAGS_MAX][TEXT_ROOM];
    return allocations_left && count <= TEXT_ROOM ? memory[--allocations_left] : NULL;
}

static void applies(void)
{
    static struct transfer t;
    begin();
    label("b=1");
    static const char *const fields[] = {"http_code", "method", "time_total", "errormsg",
                                         "num_certs"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        tag_plan_add_field(&plan, fields[i], &err);
    tag_plan_add_field(&plan, "status=http_code", &err);
    tag_plan_add_source(&plan, &answer, &err);
    tag_plan_add_source(&plan, &nothing, &err);
    transfer_set(&t, F_HTTP_CODE, 200);
    transfer_set(&t, F_TIME_TOTAL, 0.0639);
    t.text[F_METHOD] = "GET\nx,y z=1 value=9\\";
    allocations_left = 10;
    OK(tag_plan_apply(&plan, &t, allocate) == 0, "a plan is applied");
    char got[200] = "";
    for (size_t i = 0; i < t.tag_count; i++)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s:%s;", t.tags[i].key,
                 t.tags[i].value);
    IS_TEXT(
        got,
        "answer:100;b:1;http_code:200;method:GET x,y z=1 value=9/;status:200;time_total:0.0639;",
        "numbers and clean texts are tags, what is absent is none");
    OK(transfer_has_tag(&t, "b") && !transfer_has_tag(&t, "errormsg"), "and each can be asked for");
    allocations_left = 1;
    OK(tag_plan_apply(&plan, &t, allocate) < 0, "without memory it fails");

    static char large[2 * TEXT_MAX];
    memset(large, '\xFF', sizeof large - 1);
    begin();
    for (int f = 0; f < FIELD_COUNT; f++)
        if (field_table[f].kind == FIELD_TEXT || field_table[f].kind == FIELD_URL) {
            t.text[f] = large;
            tag_plan_add_field(&plan, field_table[f].name, &err);
        }
    allocations_left = TRANSFER_TAGS_MAX;
    OK(tag_plan_apply(&plan, &t, allocate) < 0, "more than TAG_BYTES_MAX are refused");
}

int main(void)
{
    sorts();
    refuses();
    takes_own_keys();
    decides();
    cleans();
    applies();
    tag_plan_release(&plan);
    return tap_done();
}
