/* The title is made of the tags that all transfers share. There is no command line, host name
 * or database in it: a page is shown to others, and those can hold secrets. */
#include "report/page_head.h"

#include "base/clock.h"
#include "report/page_axis.h"
#include "report/page_failures.h"
#include "report/page_html.h"
#include "report/page_style.h"
#include "report/page_text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THRESHOLDS_NAMED = 3 };

static void append_title(const struct page_view *view)
{
    const struct summary *const s = view->figures->of;
    for (size_t i = 0; i < s->shared_count; i++) {
        buf_append_text(view->out, i ? ", " : "");
        page_text(view->out, s->shared[i].value, PAGE_IN_TABLE);
    }
    if (!s->shared_count)
        buf_append_text(view->out, "curl transfers");
}

void page_document_begin(const struct page_view *view)
{
    struct buf *const out = view->out;
    buf_printf(out,
               "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
               "style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"color-scheme\" content=\"light dark\">\n"
               "<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
               PAGE_STYLE_SHA256);
    append_title(view);
    buf_append_text(out, "</title>\n<style>");
    buf_append_text(out, page_style_sheet);
    buf_append_text(out, "</style>\n</head>\n<body>\n");
}

/* "2026-11-25 18:42:11", or less of it. */
static void append_time(struct buf *out, int64_t seconds, bool with_date)
{
    const time_t time = (time_t)seconds;
    struct tm t;
    if (!gmtime_r(&time, &t))
        return;
    if (with_date)
        buf_printf(out, "%04d-%02d-%02d ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday);
    buf_printf(out, "%02d:%02d:%02d", t.tm_hour, t.tm_min, t.tm_sec);
}

static int64_t day_of(int64_t seconds)
{
    const int64_t day = 86400;
    return (seconds - ((seconds % day) + day) % day) / day;
}

/* "2026-11-25 18:42:11 to 18:52:08, UTC+01:00 (from 17:42:11 UTC)": a time of day stands on the
 * page just here, since who reads it may be elsewhere. */
static void append_times(const struct page_view *view)
{
    const struct summary *const s = view->figures->of;
    const int zone = view->figures->zone_s;
    const int64_t first = s->first_ns / NS_PER_S, last = s->last_ns / NS_PER_S;
    struct buf *const out = view->out;
    buf_append_text(out, "<time datetime=\"");
    append_time(out, first, true);
    buf_append_text(out, "Z\">");
    append_time(out, first + zone, true);
    buf_append_text(out, "</time>");
    if (last > first) {
        buf_append_text(out, " to ");
        append_time(out, last + zone, day_of(first + zone) != day_of(last + zone));
    }
    buf_append_text(out, zone ? ", UTC" : " UTC");
    if (!zone)
        return;
    buf_printf(out, "%c%02d:%02d (%s", zone < 0 ? '-' : '+', abs(zone) / 3600,
               abs(zone) % 3600 / 60, last > first ? "from " : "");
    append_time(out, first, day_of(first + zone) != day_of(first));
    buf_append_text(out, " UTC)");
}

void page_head(const struct page_view *view)
{
    const struct summary *const s = view->figures->of;
    struct buf *const out = view->out;
    char text[SCREEN_ROOM];
    buf_append_text(out, "<header>\n<p class=\"eye\">tsdb-exporter report</p>\n<h1><bdi>");
    append_title(view);
    buf_append_text(out, "</bdi></h1>\n<p class=\"sub\">");
    if (!s->transfers) {
        buf_append_text(out, "No transfer came in.</p>\n</header>\n");
        return;
    }
    append_times(view);
    if (view->figures->span_s > 0)
        buf_printf(out, " · <span class=\"nw\">%s</span>",
                   page_axis_duration(text, view->figures->span_s));
    for (size_t i = 0; i < s->shared_count; i++) {
        buf_append_text(out, i ? " <bdi>" : " · <bdi>");
        page_text(out, s->shared[i].key, PAGE_IN_TABLE);
        buf_append_text(out, "=");
        page_text(out, s->shared[i].value, PAGE_IN_TABLE);
        buf_append_text(out, "</bdi>");
    }
    buf_append_text(out, "</p>\n</header>\n");
}

/* Begins a sentence. The mark and its colour never stand alone: the words say the same. */
static void begin_sentence(struct buf *out, const char *class, const char *mark)
{
    buf_printf(out, "<li><span class=\"m %s\" aria-hidden=\"true\">%s </span>", class, mark);
}

static void say_thresholds(const struct page_view *view)
{
    struct buf *const out = view->out;
    size_t named = 0;
    if (!view->threshold_count)
        return;
    if (!view->crossed) {
        begin_sentence(out, "ok", "✓");
        if (view->threshold_count == 1)
            buf_append_text(out, "The threshold held.</li>\n");
        else
            buf_printf(out, "All %zu thresholds held.</li>\n", view->threshold_count);
        return;
    }
    begin_sentence(out, "no", "✗");
    if (view->threshold_count == 1)
        buf_append_text(out, "The threshold was crossed: ");
    else
        buf_printf(out, "%zu of %zu thresholds crossed: ", view->crossed, view->threshold_count);
    for (size_t i = 0; i < view->threshold_count && named < THRESHOLDS_NAMED; i++) {
        if (threshold_judge(&view->thresholds[i], view->now_ns).held)
            continue;
        buf_append_text(out, named++ ? ", <bdi>" : "<bdi>");
        page_text(out, view->thresholds[i].rule.expression, PAGE_IN_TABLE);
        buf_append_text(out, "</bdi>");
    }
    buf_append_text(out, view->crossed > named ? ", …</li>\n" : ".</li>\n");
}

/* "HTTP/3 is faster than HTTP/1.1: median 83.2 ms instead of 109 ms, and in 72 of 100 random
 * pairs." */
static void say_difference(const struct page_view *view, const struct figures_part *part)
{
    const struct figures_part *const first = &view->figures->parts[0];
    const struct figures_cell *const cell = &part->cells[view->total];
    struct buf *const out = view->out;
    char mine[SCREEN_ROOM], other[SCREEN_ROOM];
    const bool slower = cell->than == FIGURES_SLOWER;
    begin_sentence(out, slower ? "no" : "ok", slower ? "▲" : "▼");
    page_name(out, part->name, PAGE_IN_TABLE);
    buf_printf(out, " is <b>%s</b> than ", slower ? "slower" : "faster");
    page_name(out, first->name, PAGE_IN_TABLE);
    buf_printf(out, ": median %s instead of %s, and in %.0f of 100 random pairs.</li>\n",
               page_seconds(mine, cell->stats.med),
               page_seconds(other, first->cells[view->total].stats.med),
               slower ? figures_pairs(cell->greater) : 100 - figures_pairs(cell->greater));
}

/* Why there is no verdict. */
static void say_no_verdict(const struct page_view *view, const struct figures_part *part)
{
    const struct figures_part *const first = &view->figures->parts[0];
    struct buf *const out = view->out;
    char count[SCREEN_ROOM];
    if (part->failed == part->transfers) {
        begin_sentence(out, "no", "✗");
        buf_printf(out, "All %s transfers of ", screen_count(count, part->transfers));
        page_name(out, part->name, PAGE_IN_TABLE);
        buf_append_text(out, " failed.</li>\n");
        return;
    }
    begin_sentence(out, "", "·");
    page_name(out, part->name, PAGE_IN_TABLE);
    buf_append_text(out, " and ");
    page_name(out, first->name, PAGE_IN_TABLE);
    buf_printf(out,
               " cannot be compared: fewer than %d transfers%s of one of them are too few.</li>\n",
               FIGURES_COMPARED_MIN, view->total == ROW_TOTAL_GOOD ? " that did not fail" : "");
}

static void say_part(const struct page_view *view, const struct figures_part *part)
{
    const struct figures_part *const first = &view->figures->parts[0];
    const struct figures_cell *const cell = &part->cells[view->total];
    struct buf *const out = view->out;
    char mine[SCREEN_ROOM], other[SCREEN_ROOM];
    if (cell->than >= FIGURES_FASTER) {
        say_difference(view, part);
        return;
    }
    if (cell->than < FIGURES_NOISE) {
        say_no_verdict(view, part);
        return;
    }
    begin_sentence(out, "", "≈");
    page_name(out, part->name, PAGE_IN_TABLE);
    buf_append_text(out, " and ");
    page_name(out, first->name, PAGE_IN_TABLE);
    buf_printf(out, " %s: median %s and %s",
               cell->than == FIGURES_SLIGHT ? "differ only slightly"
                                            : "do not differ more than chance explains",
               page_seconds(mine, cell->stats.med),
               page_seconds(other, first->cells[view->total].stats.med));
    if (cell->than == FIGURES_SLIGHT)
        buf_printf(out, ", slower in %.0f of 100 random pairs", figures_pairs(cell->greater));
    buf_append_text(out, ".</li>\n");
}

/* Many parts are counted, not told one by one. */
static void say_parts(const struct page_view *view)
{
    const struct summary_figures *const f = view->figures;
    struct buf *const out = view->out;
    size_t faster = 0, slower = 0;
    for (size_t i = 1; view->compares && i < f->part_count; i++)
        say_part(view, &f->parts[i]);
    if (view->compares || f->part_count < 2)
        return;
    for (size_t i = 1; i < f->part_count; i++) {
        faster += f->parts[i].cells[view->total].than == FIGURES_FASTER;
        slower += f->parts[i].cells[view->total].than == FIGURES_SLOWER;
    }
    begin_sentence(out, "", "≈");
    buf_printf(out, "Of %zu other groups %zu %s faster and %zu %s slower than ", f->part_count - 1,
               faster, faster == 1 ? "is" : "are", slower, slower == 1 ? "is" : "are");
    page_name(out, f->parts[0].name, PAGE_IN_TABLE);
    buf_append_text(out, "; the rest differs slightly, not more than chance explains, or is too "
                         "few.</li>\n");
}

static void say_failures(const struct page_view *view)
{
    const struct figures_part *const whole = &view->figures->whole;
    struct buf *const out = view->out;
    char n[SCREEN_ROOM], of[SCREEN_ROOM];
    const struct failure_count *const most = page_failures_most(whole->failures);
    if (!whole->failed) {
        begin_sentence(out, "ok", "✓");
        if (whole->transfers == 1)
            buf_append_text(out, "The one transfer did not fail.</li>\n");
        else
            buf_printf(out, "None of %s transfers failed.</li>\n",
                       screen_count(of, whole->transfers));
        return;
    }
    begin_sentence(out, "no", "✗");
    if (whole->transfers == 1)
        buf_append_text(out, "The one transfer failed");
    else if (view->all_failed)
        buf_printf(out, "All %s transfers failed, most often", screen_count(of, whole->transfers));
    else {
        buf_printf(out, "%s of %s transfers failed (", screen_count(n, whole->failed),
                   screen_count(of, whole->transfers));
        page_share(out, whole->failed, whole->transfers);
        buf_append_text(out, "), most often");
    }
    if (most) {
        buf_append_text(out, ": ");
        page_failure_reason(out, most);
        if (whole->transfers > 1)
            buf_printf(out, " (%s)", screen_count(n, most->count));
    }
    buf_append_text(out, ".</li>\n");
}

void page_sentences(const struct page_view *view)
{
    struct buf *const out = view->out;
    if (!view->figures->whole.transfers && !view->threshold_count)
        return;
    buf_printf(out, "<ul class=\"say%s\">\n", view->crossed || view->all_failed ? " bad" : "");
    say_thresholds(view);
    if (view->figures->whole.transfers) {
        if (!view->all_failed)
            say_parts(view);
        say_failures(view);
    }
    if (view->figures->of->incomplete) {
        begin_sentence(out, "no", "!");
        buf_append_text(out, "There was no memory for the times of some transfers.</li>\n");
    }
    buf_append_text(out, "</ul>\n");
}
