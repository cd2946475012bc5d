/* key_rules: what begins a name, and how far it goes. */
#include "model/key_rules.h"

#include "tap.h"

static const struct {
    const char *text, *first, *others;
    size_t want;
} cases[] = {
    {"label", "", "", 5},       {"a1_.-Z", "", "", 6}, {"", "", "", 0},     {"_x", "", "", 0},
    {"_x", "_", "", 2},         {"1x", "", "", 0},     {".x", "_", ":", 0}, {"a:b", "", "", 1},
    {"a:b", "", ":", 3},        {":b", "", ":", 0},    {"a b", "", "", 1},  {"a=b", "_", ":", 1},
    {"caf\xC3\xA9", "", "", 3},
};

int main(void)
{
    char name[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(name, sizeof name, "%zu bytes of '%s', with '%s' and '%s'", cases[i].want,
                 cases[i].text, cases[i].first, cases[i].others);
        IS(key_rules_span(cases[i].text, strlen(cases[i].text), cases[i].first, cases[i].others),
           cases[i].want, name);
    }
    IS(key_rules_span("label=x", 3, "", ""), 3, "no byte behind the length is looked at");
    IS(key_rules_span("ab\0cd", 5, "_", ":"), 2, "a '\\0' is in no name");
    OK(key_rules_is_name("_a1.b-c") && key_rules_is_name("time_new"), "names of numbers");
    OK(!key_rules_is_name("") && !key_rules_is_name("time") && !key_rules_is_name("a b") &&
           !key_rules_is_name("1a") && !key_rules_is_name("a:b"),
       "names that some database cannot store");
    char longest[KEY_MAX + 2];
    memset(longest, 'k', sizeof longest);
    longest[KEY_MAX + 1] = '\0';
    OK(!key_rules_is_name(longest) && key_rules_is_name(longest + 1), "128 bytes and no more");
    return tap_done();
}
