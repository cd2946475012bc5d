/* threshold: each aggregate and operator, and where wrong expressions are wrong. */
#include "report/threshold.h"

#include "tap.h"

#include <float.h>

static struct error err;

/* 100 transfers: time_total 1 to 100 ms, every tenth failed, half of them "a"; with
 * odd ones alone have size_download, which is their number in bytes. */
static void feed_one(struct threshold *t, int i)
{
    static struct transfer transfer;
    memset(&transfer, 0, sizeof transfer);
    transfer.time_ns = INT64_C(1700000000000000000) + i * INT64_C(10000000);
    transfer.tag_count = 1;
    transfer.tags[0] = (struct tag){"label", i % 2 ? "a" : "b, with }"};
    transfer.text[F_METHOD] = "GET";
    transfer_set(&transfer, F_TIME_TOTAL, i / 1e3);
    transfer_set(&transfer, F_FAILED, i % 10 == 0);
    transfer_set(&transfer, F_HTTP_CODE, i % 10 == 0 ? 503 : 200);
    transfer_set(&transfer, F_HTTP_VERSION, 1.1);
    transfer_set(&transfer, F_CERT_EXPIRY, 1700000000 + 86400.0 * i);
    if (i % 2)
        transfer_set(&transfer, F_SIZE_DOWNLOAD, i);
    transfer.extra_count = 2;
    transfer.extras[0] = (struct extra_number){"time_new", i / 100.0};
    transfer.extras[1] = (struct extra_number){"vu", i};
    threshold_add(t, &transfer);
}

static void feed(struct threshold *t, int count)
{
    for (int i = 1; i <= count; i++)
        feed_one(t, i);
}

static const struct {
    const char *expression;
    double value;
    bool held;
} cases[] = {
    /* each aggregate */
    {"time_total:avg<50.6ms", 0.0505, true},
    {"time_total:avg<50.4ms", 0.0505, false},
    {"time_total:min>=1ms", 0.001, true},
    {"time_total:max<=100ms", 0.1, true},
    {"time_total:max<0.1s", 0.1, false},
    {"time_total:med<51ms", 0.0505, true},
    {"time_total:p(90)<90.5ms", 0.0901, true},
    {"time_total:p(0)==1ms", 0.001, true},
    {"time_total:p(100)==100ms", 0.1, true},
    {"transfers:count>=100", 100, true},
    {"transfers:rate>99", 100, true},
    {"transfers:rate>101", 100, false},
    {"failed:rate<=0.1", 0.1, true},
    {"failed:rate<10%", 0.1, false},
    {"failed:rate<10.1%", 0.1, true},
    {"failed:count==10", 10, true},
    {"size_download:count==50", 50, true},
    {"size_download:avg==50", 50, true},
    {"size_download:max<1K", 99, true},
    {"http_code:med==200", 200, true},
    {"http_code:max==503", 503, true},
    {"http_version:p(50)==1.1", 1.1, true},
    /* each operator at its edge */
    {"failed:count<10", 10, false},
    {"failed:count<11", 10, true},
    {"failed:count<=10", 10, true},
    {"failed:count<=9", 10, false},
    {"failed:count>10", 10, false},
    {"failed:count>9", 10, true},
    {"failed:count>=10", 10, true},
    {"failed:count>=11", 10, false},
    {"failed:count==11", 10, false},
    {"failed:count===10", 10, true},
    {"failed:count!=10", 10, false},
    {"failed:count!=9", 10, true},
    /* tags */
    {"transfers{label=a}:count==50", 50, true},
    {"transfers{ label = a , failed=1 }:count==0", 0, true},
    {"transfers{label=\"b, with }\"}:count==50", 50, true},
    {"transfers{label=\"b, with }\",http_code=503}:count==10", 10, true},
    {"transfers{method=GET,http_version=1.1}:count==100", 100, true},
    {"transfers{method=POST}:count==0", 0, true},
    {"time_total{failed=0}:max<100ms", 0.099, true},
    {"time_total{label=a}:min<1.5ms", 0.001, true},
    /* time left: "now" is the time of the first but one */
    {"cert_expiry:min>0.5d", 86400 - 1, true},
    {"cert_expiry:min>1d", 86400 - 1, false},
    {"cert_expiry:min>-14d", 86400 - 1, true},
    {"cert_expiry:max<=8639999s", 8639999, true},
    /* units */
    {"time_total:max<100001us", 0.1, true},
    {"time_total:max>0", 0.1, true}, /* 0 needs none */
    {"time_total:max>0.0", 0.1, true},
    {"time_total:max>-0", 0.1, true},
    {"time_total:count<500", 100, true}, /* and what is no time has none */
    {"time_total:max<1m", 0.1, true},
    {"time_total:max<1h", 0.1, true},
    {" time_total : p( 95 ) < 500ms ", 0.0951, true},
    /* numbers that field_table does not know; the unit is optional, as nobody knows it */
    {"time_new:max<2s", 1, true},
    {"time_new:max<2", 1, true},
    {"time_new:max<900ms", 1, false},
    {"time_new{label=a}:count==50", 50, true},
    {"vu:max==100", 100, true},
    {"vu : avg<50.6", 50.5, true},
    {"vu:p(50)<50.7", 50.5, true},
    {"vu:rate==100%", 1, true},
    {"transfers{vu=7}:count==1", 1, true},
};

static void judges(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct threshold t;
        const int failed = threshold_init(&t, cases[i].expression, &err);
        feed(&t, 100);
        const struct threshold_result result = threshold_judge(&t, INT64_C(1700000001000000000));
        const double off = fabs(result.value - cases[i].value);
        OK(!failed && result.seen && off <= fabs(cases[i].value) * 0.003 &&
               result.held == cases[i].held,
           cases[i].expression);
        if (failed)
            printf("# %s\n", err.text);
        else
            printf("# %.17g, %s\n", result.value, result.held ? "held" : "crossed");
        threshold_release(&t);
    }
}

static void never_seen(void)
{
    static const char *const expressions[] = {
        "time_queue:max<1s",          "time_total{label=c}:max<1s",     "failed{label=c}:count==0",
        "transfers{label=c}:rate>=0", "time_total{nothing=1}:p(95)<1s",
    };
    for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++) {
        struct threshold t;
        const int failed = threshold_init(&t, expressions[i], &err);
        feed(&t, 100);
        const struct threshold_result result = threshold_judge(&t, 0);
        OK(!failed && !result.seen && !result.held, expressions[i]);
        threshold_release(&t);
    }
    struct threshold t;
    threshold_init(&t, "transfers:count>0", &err);
    OK(threshold_judge(&t, 0).seen && !threshold_judge(&t, 0).held,
       "that there was no transfer is a count");
    threshold_release(&t);
}

#define AT(expression, place) "--threshold '" expression "': at " place ": "
#define SIZE "a size, such as 500, 64K or 1M is wanted here"
static const struct {
    const char *expression, *want;
} wrong[] = {
    {"", AT("", "the end") "a threshold begins with a metric, such as time_total"},
    {"p(95)<1", AT("p(95)<1", "'p'") "curl has no key 'p'"},
    {"time_totl:p(95)<1",
     AT("time_totl:p(95)<1",
        "'time_totl'") "curl has no key 'time_totl'; did you mean 'time_total'?"},
    {"transfer:count>1",
     AT("transfer:count>1", "'transfer'") "curl has no key 'transfer'; did you mean 'transfers'?"},
    {"time_total:p(95)<500",
     AT("time_total:p(95)<500", "'500'") "a time needs a unit: write 500ms or 500s"},
    {"time_total:max<=1.5 ",
     AT("time_total:max<=1.5 ", "'1.5 '") "a time needs a unit: write 1.5ms or 1.5s"},
    {"phase_wait{label=a}:med>-5",
     AT("phase_wait{label=a}:med>-5", "'-5'") "a time needs a unit: write -5ms or -5s"},
    {"cert_expiry:min>14",
     AT("cert_expiry:min>14", "'14'") "a time needs a unit: write 14d or 14h"},
    {"http_req_duration:p(95)<200",
     AT("http_req_duration:p(95)<200",
        "'http_req_duration'") "k6's http_req_duration is here phase_send + phase_wait + "
                               "phase_transfer; time_total has the connection as well"},
    {"url:max<1", AT("url:max<1", "'url'") "url is not a number"},
    {"url.password:max<1",
     AT("url.password:max<1", "'url.password'") "url.password is not a number"},
    {"time_total", AT("time_total", "the end") "a : and an aggregate are wanted, such as :p(95)"},
    {"time_total<1", AT("time_total<1", "'<1'") "a : and an aggregate are wanted, such as :p(95)"},
    {"time_total:<1",
     AT("time_total:<1", "'<1'") "the aggregates are avg, min, max, med, p(N), count and rate"},
    {"time_total:mex<1",
     AT("time_total:mex<1",
        "'mex'") "the aggregates are avg, min, max, med, p(N), count and rate; did you mean med?"},
    {"time_total:p<1", AT("time_total:p<1", "'p'") "p takes a number from 0 to 100: p(95)"},
    {"time_total:p(101)<1",
     AT("time_total:p(101)<1", "'p'") "p takes a number from 0 to 100: p(95)"},
    {"time_total:p(-1)<1", AT("time_total:p(-1)<1", "'p'") "p takes a number from 0 to 100: p(95)"},
    {"time_total:p(95<1", AT("time_total:p(95<1", "'p'") "p takes a number from 0 to 100: p(95)"},
    {"time_total:p(nan)<1",
     AT("time_total:p(nan)<1", "'p'") "p takes a number from 0 to 100: p(95)"},
    {"transfers:max<1", AT("transfers:max<1", "'max'") "transfers has count and rate only"},
    {"time_total:max", AT("time_total:max", "the end") "an operator is wanted: < <= > >= == !="},
    {"time_total:max=1", AT("time_total:max=1", "'=1'") "an operator is wanted: < <= > >= == !="},
    {"time_total:max<",
     AT("time_total:max<", "the end") "a time, such as 500ms, 1.5s or 14d is wanted here"},
    {"time_total:max<1K",
     AT("time_total:max<1K", "'1K'") "a time, such as 500ms, 1.5s or 14d is wanted here"},
    {"time_total:max<1%",
     AT("time_total:max<1%", "'1%'") "a time, such as 500ms, 1.5s or 14d is wanted here"},
    {"time_total:max<1s 2",
     AT("time_total:max<1s 2", "'1s 2'") "a time, such as 500ms, 1.5s or 14d is wanted here"},
    {"size_download:max<1s", AT("size_download:max<1s", "'1s'") SIZE},
    {"failed:rate<1s", AT("failed:rate<1s", "'1s'") "a share, such as 0.01 or 1% is wanted here"},
    {"failed:rate<%", AT("failed:rate<%", "'%'") "a share, such as 0.01 or 1% is wanted here"},
    {"failed:count<1s", AT("failed:count<1s", "'1s'") "a number is wanted here"},
    {"failed:count<1e3", AT("failed:count<1e3", "'1e3'") "a number is wanted here"},
    {"time_total{:max<1",
     AT("time_total{:max<1", "':max<1'") "TAG=VALUE is wanted between { and }"},
    {"time_total{label}:max<1",
     AT("time_total{label}:max<1", "'label'") "TAG=VALUE is wanted between { and }"},
    {"time_total{label:a}:max<1",
     AT("time_total{label:a}:max<1", "'label'") "TAG=VALUE is wanted between { and }"},
    {"time_total{label=}:max<1",
     AT("time_total{label=}:max<1", "'label'") "TAG=VALUE wants a value, in \" if it holds , or }"},
    {"time_total{label=\"a}:max<1",
     AT("time_total{label=\"a}:max<1",
        "'label'") "TAG=VALUE wants a value, in \" if it holds , or }"},
    {"time_total{label=a:max<1", AT("time_total{label=a:max<1", "the end") "a } is missing"},
    {"time_total{a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1}:max<1",
     AT("time_total{a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1}:max<1", "'i'") "too many tags"},
};

static void says_where_it_is_wrong(void)
{
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct threshold t;
        strcpy(err.text, "right");
        threshold_init(&t, wrong[i].expression, &err);
        IS_TEXT(err.text, wrong[i].want, wrong[i].expression);
        threshold_release(&t);
    }
}

/* After how many of the transfers it cannot hold any more; 0: it always can. */
static const struct {
    const char *expression;
    int after;
} lost[] = {
    {"time_total:max<5ms", 5},
    {"time_total:max<=5ms", 6},
    {"time_total:max==5ms", 6},
    {"time_total:max>5ms", 0},
    {"time_total:max!=5ms", 0},
    {"time_total:max<100.5ms", 0},
    {"time_total{label=a}:max<5.5ms", 7},
    {"vu:max<7", 7},
    {"time_total:min>1ms", 1},
    {"time_total:min>=1ms", 0},
    {"time_total:min==2ms", 1},
    {"time_total:min<1ms", 0},
    {"transfers:count<3", 3},
    {"transfers:count<=3", 4},
    {"transfers:count==3", 4},
    {"transfers:count>3", 0},
    {"transfers:count!=3", 0},
    {"failed:count<2", 20},
    {"failed:count==0", 10},
    /* a share recovers with every good transfer, but not to nothing, and not to all */
    {"failed:rate<1%", 0},
    {"failed:rate<=0", 10},
    {"failed:rate==0%", 10},
    {"failed:rate<0", 1},
    {"failed:rate>50%", 0},
    {"failed:rate==100%", 1},
    {"time_total:rate>=100%", 0},
    {"time_total:rate>1", 1},
    {"transfers:rate<1", 0},
    {"time_total:avg<1us", 0},
    {"time_total:med<1us", 0},
    {"time_total:p(95)<1us", 0},
    {"time_queue:max<1s", 0},
    /* the time that is left becomes less by itself */
    {"cert_expiry:min>2d", 1},
    {"cert_expiry:max<2d", 0},
};

static void knows_what_is_lost(void)
{
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++) {
        struct threshold t;
        threshold_init(&t, lost[i].expression, &err);
        int after = 0;
        for (int n = 1; n <= 100 && !after; n++) {
            feed_one(&t, n);
            after = threshold_is_lost(&t, INT64_C(1700000000000000000)) ? n : 0;
        }
        IS(after, lost[i].after, lost[i].expression);
        OK(!after || !threshold_judge(&t, INT64_C(1700000000000000000)).held,
           "what is lost does not hold");
        threshold_release(&t);
    }
}

static void knows_what_came(void)
{
    struct threshold t;
    threshold_init(&t, "time_nwe{label=a,stpe=x,method=POST}:max<1s", &err);
    feed(&t, 2);
    OK(!t.metric_came && t.key_came[0] && !t.key_came[1] && t.key_came[2],
       "names that no transfer had, also behind a key that did not match");
    threshold_release(&t);
    threshold_init(&t, "vu{label=c}:max<1", &err);
    feed(&t, 2);
    OK(t.metric_came && !threshold_judge(&t, 0).seen,
       "a metric came, though in no transfer that is counted");
    threshold_release(&t);
}

static void checks_keys(void)
{
    struct tag_plan plan;
    struct threshold t;
    bool changed;
    tag_plan_init(&plan);
    tag_plan_add_label(&plan, "place=x", false, &changed, &err);
    threshold_init(&t, "time_total{place=x,label=y,step=z,http_code=200}:max<1s", &err);
    OK(threshold_rule_check(&t.rule, &plan, &err) == 0, "tags, keys, and names of one's own");
    threshold_release(&t);
    threshold_init(&t, "time_total{label=x,plcae=y}:max<1s", &err);
    OK(threshold_rule_check(&t.rule, &plan, &err) < 0, "a misspelt tag");
    IS_TEXT(err.text,
            "--threshold 'time_total{label=x,plcae=y}:max<1s': there is no tag 'plcae'; did you "
            "mean 'place'?",
            "is told");
    threshold_release(&t);
    tag_plan_release(&plan);
}

static void prints(void)
{
    static const char *const expressions[] = {"time_total:p(95)<500ms", "failed:rate<0.01",
                                              "time_queue:max<1s", "size_download:max<1M",
                                              "http_version:max<2"};
    const struct screen screen = {.width = 80, .utf8 = true}, plain = {.width = 40};
    struct threshold t[5];
    struct buf out;
    buf_init(&out, 10000);
    for (size_t i = 0; i < 5; i++) {
        threshold_init(&t[i], expressions[i], &err);
        feed(&t[i], 100);
    }
    IS(thresholds_print(t, 5, 0, &screen, &out), 2, "two are crossed");
    IS_TEXT(buf_text(&out),
            "thresholds\n"
            "  ✓ time_total:p(95)<500ms  95.0 ms\n"
            "  ✗ failed:rate<0.01        10.0 %\n"
            "  ✗ time_queue:max<1s       never seen\n"
            "  ✓ size_download:max<1M    99 B\n"
            "  ✓ http_version:max<2      1.1\n",
            "each with its value and a mark");
    buf_clear(&out);
    thresholds_print(t, 2, 0, &plain, &out);
    IS_TEXT(buf_text(&out),
            "thresholds\n"
            "  ok   time_total:p(95)<500~  95.0 ms\n"
            "  FAIL failed:rate<0.01       10.0 %\n",
            "narrow, in ASCII");
    for (size_t i = 0; i < 5; i++)
        threshold_release(&t[i]);
    buf_release(&out);
}

int main(void)
{
    judges();
    never_seen();
    says_where_it_is_wrong();
    knows_what_is_lost();
    knows_what_came();
    checks_keys();
    prints();
    return tap_done();
}
