/* Why: what the kinds of destination share, so that each of their files holds only what
 * is its own. */
#include "output/output.h"

#include "layout/line.h"

#include <string.h>
#include <strings.h>

/* The lines first <= i < end; none holds a raw newline. */
static struct bytes find_lines(const struct batch *batch, size_t first, size_t end)
{
    const char *at = batch->data.data, *from = at;
    const char *const stop = at + batch->data.len;
    if (first == 0 && end == batch->points)
        return (struct bytes){at, batch->data.len};
    for (size_t line = 0; line < end; line++) {
        if (line == first)
            from = at;
        at = (const char *)memchr(at, '\n', (size_t)(stop - at)) + 1;
    }
    return (struct bytes){from, (size_t)(at - from)};
}

int output_save(const struct output *output, const struct batch *batch, size_t transfers,
                struct buf *text)
{
    return output->type->save ? output->type->save(output, batch, transfers, text) : 0;
}

int output_restore(struct output *output, const char *text, struct error *err)
{
    return output->type->restore ? output->type->restore(output, text, err) : 0;
}

enum verdict output_judge_status(int status)
{
    static const struct {
        int status;
        enum verdict verdict;
    } table[] = {
        {0, VERDICT_TRY_AGAIN},   {400, VERDICT_REFUSED},   {401, VERDICT_DENIED},
        {403, VERDICT_DENIED},    {408, VERDICT_TRY_AGAIN}, {413, VERDICT_TOO_LARGE},
        {425, VERDICT_TRY_AGAIN}, {429, VERDICT_TRY_AGAIN},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].status == status)
            return table[i].verdict;
    if (status / 100 == 2)
        return VERDICT_STORED;
    return status / 100 == 5 ? VERDICT_TRY_AGAIN : VERDICT_MISDIRECTED;
}

bool output_answer_has(const struct http_answer *answer, const char *const *words)
{
    while (*words && !strstr(answer->body, *words))
        words++;
    return *words != NULL;
}

bool output_is_page(const struct http_answer *answer)
{
    size_t len;
    const char *const type = http_answer_header(answer, "Content-Type", &len);
    return answer->body[strspn(answer->body, " \t\r\n")] == '<' ||
           (type && strncasecmp(type, "text/html", 9) == 0);
}

int output_split_url(const char *target, const char *form, struct url *parts, struct error *err)
{
    const char *const scheme_end = strstr(target, "://");
    const char *const authority = scheme_end ? scheme_end + 3 : target;
    const char *const first_at = strchr(target, '@');
    if (strpbrk(target, "\t\r\n"))
        return error_set(err, "this is not a URL; write %s", form);
    if (strchr(target, ' '))
        return error_set(err, "the URL holds a space; encode it as %%20");
    if (strchr(target, '#'))
        return error_set(err, "the URL holds a '#'; encode it as %%23");
    if (first_at && (strchr(first_at + 1, '@') || first_at > authority + strcspn(authority, "/?")))
        return error_set(err, "the URL holds an '@' that is not the one between a password and the "
                              "host; encode it as %%40, and a '/' in a password as %%2F");
    if (url_split(target, parts) < 0 || parts->host.len == 0)
        return error_set(err, "this is not a URL; write %s", form);
    if (!(parts->scheme.len == 4 && strncasecmp(parts->scheme.at, "http", 4) == 0) &&
        !(parts->scheme.len == 5 && strncasecmp(parts->scheme.at, "https", 5) == 0))
        return error_set(err, "the URL must begin with http:// or https://");
    while (parts->path.len && parts->path.at[parts->path.len - 1] == '/')
        parts->path.len--;
    return 0;
}

bool output_path_ends(struct url_part path, const char *end)
{
    const size_t len = strlen(end);
    return path.len >= len && memcmp(path.at + path.len - len, end, len) == 0;
}

bool output_path_is_tenant(struct url_part path, const char *end)
{
    static const char insert[] = "/insert/", all[] = "multitenant";
    if (!output_path_ends(path, end))
        return false;
    const char *const stop = path.at + path.len - strlen(end);
    const char *tenant = stop;
    while (tenant > path.at && tenant[-1] != '/')
        tenant--;
    const struct url_part before = {path.at, (size_t)(tenant - path.at)};
    const size_t len = (size_t)(stop - tenant);
    return len && output_path_ends(before, insert) &&
           (strspn(tenant, "0123456789:") >= len ||
            (len == strlen(all) && memcmp(tenant, all, len) == 0));
}

int output_add_lines(struct output *output, struct batch *batch, const struct transfer *transfer,
                     const struct point *points, size_t count)
{
    const struct batch_mark begin = batch_begin_transfer(batch);
    const size_t lines = line_append(&batch->data, output->layout->prefix, transfer, points, count);
    return batch_end_transfer(batch, begin, lines, false); /* nanoseconds are never shared */
}

int output_encode_lines(const struct output *output, const struct batch *batch, size_t first,
                        size_t end, struct buf *room, struct bytes *bytes, struct error *err)
{
    (void)output, (void)room, (void)err;
    *bytes = find_lines(batch, first, end);
    return 0;
}

void output_describe_line(const struct batch *batch, size_t point, struct buf *text)
{
    const struct bytes line = find_lines(batch, point, point + 1);
    buf_append(text, line.at, line.len - 1);
}
