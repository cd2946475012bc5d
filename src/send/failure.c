/* Why: a database that refuses things says so with each answer. The user wants to read
 * it once, in full, with what to do about it. */
#include "send/failure.h"

#include <stdio.h>
#include <string.h>

enum { NAMED_MAX = 5 };

static void set_told(struct failure *failure, enum notice_level level)
{
    if (level <= failure->notice->level)
        memcpy(failure->told, failure->why, sizeof failure->told);
}

/* What a refusal often means; once. */
static void advise(struct failure *failure)
{
    if (failure->advice && !failure->advised) {
        notice(failure->notice, NOTICE_WARN, "%s", failure->advice);
        failure->advised = true;
    }
}

void failure_set(struct failure *failure, const char *why)
{
    snprintf(failure->why, sizeof failure->why, "%s", why);
    failure->advice = NULL;
}

void failure_set_answer(struct failure *failure, const struct http_answer *answer,
                        const struct attempt *attempt)
{
    const struct output_type *const type = failure->output->type;
    enum { EXPLAINED_MAX = 150 }; /* room for what is added to the server's words */
    const size_t words_max = sizeof failure->why - EXPLAINED_MAX;
    struct buf why;
    size_t len;
    buf_init(&why, 16384); /* an answer's body has 4 KiB at most */
    if (answer->status == 0)
        buf_append_text(&why, answer->words);
    else if (answer->status / 100 == 3 && http_answer_header(answer, "Location", &len))
        buf_printf(&why, "HTTP %d: redirected; write the URL it leads to", answer->status);
    else
        buf_printf(&why, "HTTP %d%s%s", answer->status, *answer->words ? ": " : "", answer->words);
    why.len = why.len < words_max ? why.len : words_max;
    const char *const advice =
        type->explain ? type->explain(failure->output, answer, attempt, &why) : NULL;
    failure_set(failure, buf_text(&why));
    failure->advice = advice;
    buf_release(&why);
}

void failure_blame_url(struct failure *failure)
{
    const size_t len = strlen(failure->why);
    snprintf(failure->why + len, sizeof failure->why - len,
             "; check the URL: scheme, path, database, tenant");
}

/* True if both say the same, but for how long it took: libcurl writes "after 12 ms". */
static bool says_same(const char *a, const char *b)
{
    static const char after[] = "after ", digits[] = "0123456789";
    const size_t len = sizeof after - 1;
    for (const char *const begin = a;; a++, b++) {
        if ((size_t)(a - begin) >= len && memcmp(a - len, after, len) == 0) {
            a += strspn(a, digits);
            b += strspn(b, digits);
        }
        if (*a != *b || !*a)
            return *a == *b;
    }
}

bool failure_is_told(const struct failure *failure)
{
    return says_same(failure->why, failure->told);
}

void failure_tell(struct failure *failure, enum notice_level level, const char *what)
{
    const bool again = failure_is_told(failure);
    notice(failure->notice, level, "%s: %s%s%s", failure->output->name, again ? "" : failure->why,
           again || !*what ? "" : "; ", what);
    set_told(failure, level);
}

void failure_tell_refused(struct failure *failure)
{
    if (!failure_is_told(failure) && failure->named++ < NAMED_MAX)
        failure_tell(failure, NOTICE_WARN, "");
    advise(failure);
}

void failure_tell_points(struct failure *failure, const struct batch *batch, struct range range)
{
    const bool again = failure_is_told(failure);
    struct buf text;
    char others[80] = "";
    if (failure->named++ < NAMED_MAX) {
        if (range.end - range.first > 1)
            snprintf(others, sizeof others, " and %zu more of the same transfer",
                     range.end - range.first - 1);
        buf_init(&text, BATCH_BYTES_MAX);
        failure->output->type->describe(batch, range.first, &text);
        notice(failure->notice, NOTICE_WARN, "%s refused '%.200s'%s%s%s", failure->output->name,
               buf_text(&text), others, again ? ", for the same reason" : ": ",
               again ? "" : failure->why);
        set_told(failure, NOTICE_WARN);
        buf_release(&text);
    }
    advise(failure);
}
