/* asked_keys: what was asked for and never came is told, and nothing else. */
#include "model/asked_keys.h"

#include "tap.h"

#include <unistd.h>

static struct tag_plan plan;
static struct transfer transfer;
static struct error err;

/* What is told on standard error. */
static const char *told(const struct asked_keys *keys)
{
    static char text[2000];
    const struct notice to = {.level = NOTICE_WARN};
    FILE *const file = tmpfile();
    const int saved = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    asked_keys_tell(keys, &to);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void ask(struct asked_keys *keys, const char *tag, const char *fields, bool only_numbers)
{
    *keys = (struct asked_keys){0};
    tag_plan_init(&plan);
    OK((!tag || tag_plan_add_field(&plan, tag, &err) == 0) &&
           asked_keys_add_tags(keys, &plan) == 0 &&
           asked_keys_add_fields(keys, fields, only_numbers) == 0,
       "asked");
    asked_keys_cross_out(keys, &transfer);
}

static const struct {
    const char *name, *tag, *fields;
    bool only_numbers;
    const char *want;
} cases[] = {
    {"nothing is asked for", NULL, NULL, false, ""},
    {"a tag of curl's", "url.host", NULL, false, ""},
    {"fields of curl's that did not come", NULL, "time_queue,cert_*", true, ""},
    {"a text as a tag", "step", NULL, false, ""},
    {"a number as a tag", "vu", NULL, false, ""},
    {"an empty text, such as a header that is not there", "empty", NULL, false, ""},
    {"a text as a tag of another name", "s=step", NULL, false, ""},
    {"a tag that never came", "s=stp", NULL, false,
     "tsdb-exporter: --tag-field: no transfer had a key 'stp'\n"},
    {"a number as a field", NULL, "vu", true, ""},
    {"a pattern", NULL, "zz*", true, ""},
    {"a text as a field", NULL, "step", false, ""},
    {"a text where numbers are sent", NULL, "vu,step", true,
     "tsdb-exporter: --fields: no transfer had a number 'step'; for a text add --text\n"},
    {"a field that never came", NULL, "vu,zzz,time_total", false,
     "tsdb-exporter: --fields: no transfer had a key 'zzz'\n"},
};

int main(void)
{
    struct asked_keys keys;
    transfer.own_texts[transfer.own_text_count++] = (struct own_text){"step", "login"};
    transfer.own_texts[transfer.own_text_count++] = (struct own_text){"empty", ""};
    transfer.extras[transfer.extra_count++] = (struct extra_number){"vu", 7};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ask(&keys, cases[i].tag, cases[i].fields, cases[i].only_numbers);
        IS_TEXT(told(&keys), cases[i].want, cases[i].name);
        asked_keys_release(&keys);
        tag_plan_release(&plan);
    }
    keys = (struct asked_keys){0};
    OK(asked_keys_add_fields(&keys, "zzz", true) == 0, "without a transfer");
    IS_TEXT(told(&keys), "", "nothing is missed");
    asked_keys_release(&keys);
    return tap_done();
}
