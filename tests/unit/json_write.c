/* json_write: JSON for files, and for the HTML page that it must not leave. */
#include "base/json_write.h"

#include "tap.h"

#include <stdlib.h>

static char *written(enum json_form form)
{
    static struct buf out;
    struct json json;
    buf_release(&out);
    buf_init(&out, 10000);
    json_init(&json, form, &out);
    json_open(&json, NULL, '{');
    json_string(&json, "a<b", "</script><!-- & \xE2\x80\xA8\xE2\x80\xA9\xE2\x80\x94 \"\\");
    json_open_row(&json, "row");
    json_integer(&json, NULL, -3);
    json_number(&json, NULL, 0.5);
    json_null(&json, NULL);
    json_close(&json, ']');
    json_open_row(&json, "empty");
    json_close(&json, ']');
    json_open(&json, "list", '[');
    json_count(&json, NULL, 7);
    json_bool(&json, NULL, true);
    json_close(&json, ']');
    json_close(&json, '}');
    buf_append(&out, "", 1);
    return out.data;
}

int main(void)
{
    IS_TEXT(written(JSON_INDENTED),
            "{\n"
            "  \"a<b\": \"</script><!-- &   \xE2\x80\x94 \\\"\\\\\",\n"
            "  \"row\": [-3, 0.5, null],\n"
            "  \"empty\": [],\n"
            "  \"list\": [\n"
            "    7,\n"
            "    true\n"
            "  ]\n"
            "}\n",
            "a value a line, but rows of numbers");
    IS_TEXT(written(JSON_HTML),
            "{\"a\\u003cb\":\"\\u003c/script\\u003e\\u003c!-- \\u0026 "
            "  \xE2\x80\x94 \\\"\\\\\","
            "\"row\":[-3,0.5,null],\"empty\":[],\"list\":[7,true]}\n",
            "within HTML nothing that ends a script or begins a comment");
    return tap_done();
}
