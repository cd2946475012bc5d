/* spelling: what was probably meant, and nothing far-fetched. */
#include "base/spelling.h"

#include "tap.h"

int main(void)
{
    static const char *const names[] = {"label", "layout", "retry-max-time", "tee", "text", NULL};
    static const struct {
        const char *word, *want;
    } cases[] = {{"lable", "; did you mean --label?"},
                 {"labels", "; did you mean --label?"},
                 {"laoyut", "; did you mean --layout?"},
                 {"retry-max", "; did you mean --retry-max-time?"},
                 {"retrymaxtime", "; did you mean --retry-max-time?"},
                 {"zzzzzz", ""},
                 {"completely-different", ""}};
    static const char *const none[] = {NULL};
    char name[64], room[SPELLING_ROOM];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(name, sizeof name, "the hint for '%s'", cases[i].word);
        IS_TEXT(spelling_hint(room, cases[i].word, names, "--", ""), cases[i].want, name);
    }
    IS_TEXT(spelling_hint(room, "tex", names, "'", "'"), "; did you mean 'text'?", "in quotes");
    IS_TEXT(spelling_hint(room, "tex", none, "", ""), "", "of no names none is near");
    char huge[5000] = {0};
    memset(huge, 'a', sizeof huge - 1);
    IS_TEXT(spelling_hint(room, huge, names, "", ""), "", "a huge word is near nothing");
    return tap_done();
}
