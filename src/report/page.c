#include "report/page.h"

#include "report/summary_export.h"

void page_write(const struct summary_figures *figures, const struct threshold *thresholds,
                size_t count, int64_t now_ns, struct buf *out)
{
    struct json json;
    json_init(&json, JSON_HTML, out);
    buf_append_text(out, "<!DOCTYPE html>\n<title>curl transfers</title>\n<pre>");
    summary_export(figures, thresholds, count, now_ns, &json);
    buf_append_text(out, "</pre>\n");
}
