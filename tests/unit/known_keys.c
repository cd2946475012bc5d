/* known_keys: which names are misspelt, and which may be somebody's own. */
#include "model/known_keys.h"

#include "base/spelling.h"

#include "tap.h"

static const struct {
    const char *key, *want; /* the error; NULL: none */
} cases[] = {
    {"label", NULL},
    {"place", NULL},
    {"time_total", NULL},
    {"url.host", NULL},
    {"phase_wait", NULL},
    /* a newer curl's, or a person's own */
    {"time_new", NULL},
    {"size_trailer", NULL},
    {"num_pushes", NULL},
    {"step", NULL},
    {"cache", NULL},
    {"vu", NULL},
    {"ip", NULL},
    {"user", NULL},
    /* misspelt */
    {"lable", "there is no tag 'lable'; did you mean 'label'?"},
    {"plce", "there is no tag 'plce'; did you mean 'place'?"},
    {"hots", "curl has no key 'hots'; did you mean 'host'?"},
    {"metod", "curl has no key 'metod'; did you mean 'method'?"},
    {"time_totl", "curl has no key 'time_totl'; did you mean 'time_total'?"},
    {"tiem_total", "curl has no key 'tiem_total'; did you mean 'time_total'?"},
    {"http_cod", "curl has no key 'http_cod'; did you mean 'http_code'?"},
    {"", "curl has no key ''"},
    {"url.password", "'url.password' can hold secrets and is never shown"},
    {"certs", "'certs' can hold secrets and is never shown"},
};

int main(void)
{
    struct tag_plan plan;
    struct error err;
    bool changed;
    char room[SPELLING_ROOM];
    tag_plan_init(&plan);
    tag_plan_add_label(&plan, "place=x", false, &changed, &err);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        IS_TEXT(known_keys_check(&plan, cases[i].key, &err) < 0 ? err.text : NULL, cases[i].want,
                cases[i].key);
    OK(known_keys_check(NULL, "label", &err) == 0 && known_keys_check(NULL, "plce", &err) == 0,
       "where no tags can be, none is meant");
    tag_plan_add_label(&plan, "lable=y", false, &changed, &err);
    OK(known_keys_check(&plan, "lable", &err) == 0, "a tag of one's own is right as it is");
    IS_TEXT(known_keys_hint(&plan, "http", room), "; did you mean 'http_code'?", "a hint");
    IS_TEXT(known_keys_hint(&plan, "zzzz", room), "", "or none");
    tag_plan_release(&plan);
    return tap_done();
}
