/* list: strings that are added one by one, and the items of "a,b,c". */
#include "base/list.h"

#include "tap.h"

/* Walks through `list` with room for 3 letters; "[a][b]", "!" for an item that is empty
 * or too long. */
static const char *walk(const char *list)
{
    static char seen[100];
    char item[4];
    int found;
    seen[0] = '\0';
    while ((found = list_next(&list, item, sizeof item)) != 0) {
        strcat(seen, found < 0 ? "!" : "[");
        if (found > 0)
            strcat(strcat(seen, item), "]");
    }
    return seen;
}

int main(void)
{
    struct string_list list = {0};
    char text[] = "one";
    OK(string_list_add(&list, text) == 0 && string_list_add(&list, "two") == 0, "items are added");
    text[0] = 'x';
    OK(list.count == 2 && strcmp(list.items[0], "one") == 0 && strcmp(list.items[1], "two") == 0,
       "as copies, in order");
    string_list_release(&list);
    OK(!list.items && list.count == 0, "a list that was released is empty");

    IS_TEXT(walk("a"), "[a]", "one item");
    IS_TEXT(walk("a,bc,def"), "[a][bc][def]", "several");
    IS_TEXT(walk("a,,b"), "[a]![b]", "an empty one between others");
    IS_TEXT(walk("a,"), "[a]!", "a comma at the end");
    IS_TEXT(walk(",a"), "![a]", "a comma at the beginning");
    IS_TEXT(walk(""), "!", "nothing is one empty item");
    IS_TEXT(walk("abcd,e"), "![e]", "one that is too long");
    const char *none = NULL;
    char item[4];
    IS(list_next(&none, item, sizeof item), 0, "behind the last there is none");
    return tap_done();
}
