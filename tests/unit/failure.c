/* failure: which one the user has been told of already. */
#include "send/failure.h"

#include "tap.h"

static bool is_told(const char *told, const char *why)
{
    struct failure failure = {0};
    snprintf(failure.told, sizeof failure.told, "%s", told);
    snprintf(failure.why, sizeof failure.why, "%s", why);
    return failure_is_told(&failure);
}

int main(void)
{
    OK(is_told("HTTP 503: busy", "HTTP 503: busy"), "the same words");
    OK(!is_told("HTTP 503: busy", "HTTP 500: busy"), "another status");
    OK(!is_told("HTTP 503: busy", "HTTP 503: busy, too"), "more words");
    OK(!is_told("", "HTTP 503"), "nothing was told");
    OK(is_told("connect to h port 1 after 0 ms: refused",
               "connect to h port 1 after 12 ms: refused"),
       "it only took longer");
    OK(!is_told("connect to h port 1 after 0 ms: refused",
                "connect to h port 2 after 0 ms: refused"),
       "another port");
    OK(!is_told("after 10 ms", "after 10"), "cut off behind the time");
    OK(is_told("no answer after ", "no answer after "), "no time behind it");
    return tap_done();
}
