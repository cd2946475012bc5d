/* layout: what a transfer is called in the database. */
#include "layout/layouts.h"

#include "tap.h"

static struct transfer transfer;
static struct error err;

/* The points as "series.field=value;". */
static const char *points_of(const char *type, bool text, const char *fields)
{
    static char got[2000];
    static struct point points[LAYOUT_POINTS_MAX];
    struct layout layout;
    if (layout_init(&layout, layout_named(type, &err), "", text, fields, &err) < 0)
        return err.text;
    const size_t count = layout_points(&layout, &transfer, points);
    got[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        char *const at = got + strlen(got);
        const size_t room = sizeof got - strlen(got);
        if (points[i].text)
            snprintf(at, room, "%s.%s=\"%s\";", points[i].series, points[i].field, points[i].text);
        else
            snprintf(at, room, "%s.%s=%g;", points[i].series, points[i].field, points[i].number);
    }
    return got;
}

static const struct {
    const char *name, *type;
    bool text;
    const char *fields, *want;
} cases[] = {
    {"metric: a series a number", "metric", false, NULL,
     "http_code.value=200;time_connect.value=0;time_total.value=0.25;time_new.value=7;"},
    {"metric with texts", "metric", true, NULL,
     "errormsg.value_text=\"x\";http_code.value=200;method.value_text=\"GET\";time_connect.value=0;"
     "time_total.value=0.25;time_new.value=7;step.value_text=\"login\";"},
    {"wide: one series", "wide", false, NULL,
     "curl.http_code=200;curl.time_connect=0;curl.time_total=0.25;curl.time_new=7;"},
    {"wide with texts: what is a tag is not a field too", "wide", true, NULL,
     "curl.errormsg=\"x\";curl.http_code=200;curl.time_connect=0;curl.time_total=0.25;curl.time_"
     "new=7;curl.step=\"login\";"},
    {"a number under a key that curl does not have", "metric", false, "time_new",
     "time_new.value=7;"},
    {"a text under such a key", "metric", true, "step,time_new",
     "time_new.value=7;step.value_text=\"login\";"},
    {"such a text without --text", "metric", false, "step,time_new", "time_new.value=7;"},
    {"a key that never comes", "metric", false, "vu,time_total", "time_total.value=0.25;"},
    {"a key that no database can store", "metric", false, "a b",
     "no database can store a key 'a b'"},
    {"a name", "metric", false, "time_total", "time_total.value=0.25;"},
    {"a pattern", "metric", false, "time_*",
     "time_connect.value=0;time_total.value=0.25;time_new.value=7;"},
    {"names and patterns", "wide", false, "*_code,time_tot??",
     "curl.http_code=200;curl.time_total=0.25;"},
    {"a class", "metric", false, "[a-h]*", "http_code.value=200;"},
    {"a text needs --text", "metric", false, "method",
     "'method' is not a number; add --text to send text fields"},
    {"secrets are never sent", "metric", true, "certs",
     "'certs' can hold secrets and is never sent"},
    {"secrets are never sent, without --text either", "metric", false, "certs",
     "'certs' can hold secrets and is never sent"},
    {"a text by name", "metric", true, "method", "method.value_text=\"GET\";"},
    {"a pattern of what is not there", "metric", false, "x*", ""},
    {"a pattern of nothing", "metric", false, "tmie_*",
     "'tmie_*' is not a number; add --text to send text fields"},
    {"a pattern of nothing, with texts", "metric", true, "tmie_*", "'tmie_*' matches no field"},
    {"a slip", "metric", false, "time_total,time_conect",
     "curl has no key 'time_conect'; did you mean 'time_connect'?"},
    {"an empty name", "metric", false, "time_total,,http_code",
     "a name in the list is empty or too long"},
};

int main(void)
{
    transfer_set(&transfer, F_HTTP_CODE, 200);
    transfer_set(&transfer, F_TIME_TOTAL, 0.25);
    transfer_set(&transfer, F_TIME_CONNECT, 0);
    transfer.text[F_METHOD] = "GET";
    transfer.text[F_ERRORMSG] = "x";
    transfer.extras[0] = (struct extra_number){"time_new", 7};
    transfer.extra_count = 1;
    transfer.own_texts[0] = (struct own_text){"step", "login"};
    transfer.own_texts[1] = (struct own_text){"empty", ""};
    transfer.own_text_count = 2;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        transfer.tag_count = strcmp(cases[i].type, "wide") == 0;
        transfer.tags[0] = (struct tag){"method", "GET"};
        IS_TEXT(points_of(cases[i].type, cases[i].text, cases[i].fields), cases[i].want,
                cases[i].name);
    }
    transfer.tag_count = 1;
    transfer.tags[0] = (struct tag){"step", "login"};
    IS_TEXT(points_of("wide", true, "step,time_new"), "curl.time_new=7;",
            "wide with texts: a text of one's own that is a tag is not a field too");
    transfer.tag_count = 3;
    transfer.tags[0] = (struct tag){"http_code", "200"};
    transfer.tags[1] = (struct tag){"step", "login"};
    transfer.tags[2] = (struct tag){"time_new", "7"};
    IS_TEXT(points_of("wide", true, "http_code,step,time_*"),
            "curl.time_connect=0;curl.time_total=0.25;",
            "wide: a number that is a tag is no field, be it curl's or one's own");
    IS_TEXT(points_of("metric", false, "http_code,time_new"),
            "http_code.value=200;time_new.value=7;",
            "metric: there it is both, under different names");
    struct layout layout;
    OK(layout_init(&layout, layout_table, "", false, "", &err) < 0,
       "an empty list, which would select nothing, is refused");
    OK(!layout_named("wied", &err), "a layout that is none");
    IS_TEXT(err.text, "there is no layout 'wied'; did you mean 'wide'?", "and the nearest");
    OK(!layout_named("zzzz", &err), "one that is near none");
    IS_TEXT(err.text, "there is no layout 'zzzz'; use metric, wide, k6 or totals",
            "and all that there are");
    OK(!layout_named("", &err), "no name is no layout");
    for (const struct layout_type *type = layout_table; type->name; type++)
        for (const struct tag_source *tag = type->tags; tag->key; tag++)
            if ((tag->field == FIELD_NONE) != (tag->make != NULL))
                OK(0, "a layout's tag is either a field or made");
    OK(layout_init(&layout, layout_named("k6", &err), "", false, "time_total", &err) < 0,
       "fields cannot be chosen where the names are not curl's");
    IS_TEXT(err.text, "the layout k6 always sends all that it has", "and it is said");
    return tap_done();
}
