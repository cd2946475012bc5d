/* queue, place, cursor and reader: what one process writes, another reads, in order and
 * with different times. What happens when they are killed is in tests/spool. */
#include "spool/queue_commit.h"

#include "spool/reader.h"

#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int dir;
static struct error err;

static void add(struct queue *queue, int64_t time_ns, bool timed)
{
    static struct transfer t;
    t = (struct transfer){.time_ns = time_ns, .timed = timed};
    transfer_set(&t, F_TIME_TOTAL, 0.5);
    OK(queue_add(queue, &t, &err) == 0, "added");
}

static const char *next(struct queue_reader *reader)
{
    static char copy[256];
    char *line;
    size_t len;
    const int got = queue_reader_next(reader, &line, &len, &err);
    snprintf(copy, sizeof copy, "%.*s", got > 0 ? (int)len : 0, got > 0 ? line : "");
    return got < 0 ? err.text : copy;
}

static void times(void)
{
    struct queue a, b;
    struct queue_commit done;
    struct queue_reader reader;
    OK(queue_open(&a, dir, QUEUE_BYTES_MIN, false, false, &err) == 0, "one process");
    OK(queue_open(&b, dir, QUEUE_BYTES_MIN, true, false, &err) == 0, "and another, with --fsync");
    queue_reader_init(&reader, dir, (struct queue_place){1, 0});
    IS_TEXT(next(&reader), "", "nothing yet");
    add(&a, 1000, false);
    add(&b, 1000, false);
    add(&b, 500, true);
    IS_TEXT(next(&reader), "", "nothing before the commit");
    OK(queue_commit(&b, &done, &err) == 0 && done.kept == 2 && done.lost == 0, "committed");
    OK(queue_commit(&a, &done, &err) == 0 && done.kept == 1, "committed");
    IS_TEXT(next(&reader), "curl time_total=0.5 1000", "the first one's time");
    IS_TEXT(next(&reader), "curl time_total=0.5 500", "a time of its own stays");
    IS_TEXT(next(&reader), "curl time_total=0.5 1001", "two arrivals never share one");
    add(&a, 900, false);
    add(&a, 920, false);
    OK(queue_commit(&a, &done, &err) == 0, "the clock has jumped");
    IS(done.clock_back_ns, 80, "which is told");
    IS_TEXT(next(&reader), "curl time_total=0.5 1002", "and times go on");
    IS_TEXT(next(&reader), "curl time_total=0.5 1012", "half as fast as the clock");
    IS_TEXT(next(&reader), "", "that is all");
    queue_reader_release(&reader);
    queue_close(&a);
    queue_close(&b);
}

static void segments(void)
{
    struct queue s;
    struct queue_commit done = {0};
    struct queue_place first, end;
    struct queue_reader reader;
    uint64_t kept = 5, read = 0;
    OK(queue_open(&s, dir, QUEUE_BYTES_MIN, false, false, &err) == 0, "open");
    bool ok = true;
    for (int i = 0; i < 200000 && ok; i++) {
        static struct transfer t;
        t.time_ns = 2000;
        for (int f = 0; f < FIELD_COUNT; f++)
            transfer_set(&t, (enum field_id)f, 0.123456);
        ok = queue_add(&s, &t, &err) == 0;
        if (ok && queue_is_full(&s)) {
            ok = queue_commit(&s, &done, &err) == 0;
            kept += done.kept;
        }
    }
    OK(!ok && done.lost > 0 && strstr(err.text, "full"), "a full spool says so");
    OK(queue_bounds(&s, &first, &end, &err) == 0, "bounds");
    IS(first.segment, 1, "from the first segment");
    OK(end.segment >= 4, "to the fourth at least");
    queue_reader_init(&reader, dir, first);
    while (*next(&reader))
        read++;
    IS(read, kept, "all that was kept is there, over all segments");
    OK(queue_compare(reader.at, end) == 0, "to the end");
    queue_reader_release(&reader);
    struct queue_survey survey;
    OK(queue_reader_survey(dir, first, &survey, &err) == 0, "survey");
    IS(survey.transfers, kept, "counts them");
    IS(survey.oldest_ns, 1000, "and knows the oldest");
    OK(queue_remove(&s, (struct queue_place){3, 10}, &err) == 0, "two are removed");
    OK(queue_bounds(&s, &first, &end, &err) == 0 && first.segment == 3, "the third is first now");
    OK(faccessat(dir, "0000000002.lp", F_OK, 0) < 0, "the second is gone");
    queue_reader_init(&reader, dir, (struct queue_place){2, 5});
    OK(*next(&reader) && reader.at.segment == 3, "a reader behind goes on with it");
    queue_reader_release(&reader);
    OK(queue_remove(&s, end, &err) == 0, "everything is removed");
    OK(queue_bounds(&s, &first, &end, &err) == 0 && queue_compare(first, end) == 0, "empty");
    add(&s, 9000, false);
    OK(queue_commit(&s, &done, &err) == 0, "and takes more");
    queue_reader_init(&reader, dir, first);
    IS_TEXT(next(&reader), "curl time_total=0.5 9000", "which is found");
    queue_reader_release(&reader);
    queue_close(&s);
}

static void cursors(void)
{
    struct cursor cursor = {.at = {7, 123},
                            .tried = {8, 9},
                            .partial = 1,
                            .refused = 2,
                            .failures = 3,
                            .denied = 1,
                            .retry_ms = 4,
                            .failed_ms = 5,
                            .why = "HTTP 503: x y"};
    struct cursor back;
    struct buf state, found;
    buf_init(&state, CURSOR_STATE_MAX);
    buf_init(&found, CURSOR_STATE_MAX + 1);
    for (int i = 1; i < 30000; i++)
        buf_printf(&state, "%016x %d %d\n", i, i, -i);
    OK(cursor_load(dir, 5, &back, NULL, &err) == 0 && back.at.segment == 0, "none yet");
    OK(cursor_save(dir, 5, &cursor, &state, &err) == 0, "saved");
    OK(cursor_load(dir, 5, &back, &found, &err) == 0, "loaded");
    OK(back.at.segment == 7 && back.at.offset == 123 && back.tried.segment == 8 &&
           back.tried.offset == 9 && back.partial == 1 && back.refused == 2 && back.failures == 3 &&
           back.denied == 1 && back.retry_ms == 4 && back.failed_ms == 5,
       "as it was");
    IS_TEXT(back.why, "HTTP 503: x y", "with its words");
    OK(found.len == state.len && memcmp(found.data, state.data, state.len) == 0,
       "and with the output's state");
    const int fd = openat(dir, "5.cursor", O_WRONLY | O_TRUNC);
    OK(write(fd, "tsdb-exporter-cursor 2\n", 23) == 23, "a newer format");
    OK(cursor_load(dir, 5, &back, NULL, &err) < 0 && strstr(err.text, "newer"), "is refused");
    OK(ftruncate(fd, 20) == 0 && cursor_load(dir, 5, &back, NULL, &err) == 0 &&
           back.at.segment == 0,
       "a broken one begins again");
    OK(cursor_load(dir, 5, &back, &found, &err) == 0 && found.len == 0, "without a state");
    close(fd);
    buf_release(&state);
    buf_release(&found);
}

static int empty_lock(void)
{
    const int fd = openat(dir, "lock", O_WRONLY | O_TRUNC);
    return fd < 0 ? -1 : close(fd);
}

static void recovery(void)
{
    struct queue s;
    struct queue_commit done;
    struct queue_reader reader;
    struct cursor cursor = {.at = {50, 0}};
    struct buf none;
    buf_init(&none, 1);
    OK(cursor_save(dir, 0, &cursor, &none, &err) == 0, "a cursor far ahead");
    OK(empty_lock() == 0, "the lock file is lost");
    OK(queue_open(&s, dir, UINT64_C(1) << 40, false, false, &err) == 0, "open");
    add(&s, 1, false);
    OK(queue_commit(&s, &done, &err) == 0, "a commit");
    OK(s.end.segment == 50, "goes where the cursor will find it");
    const int fd = openat(dir, "0000000050.lp", O_WRONLY | O_APPEND);
    OK(write(fd, "curl torn=1", 11) == 11, "a torn line");
    add(&s, 2, false);
    OK(queue_commit(&s, &done, &err) == 0 && done.torn_bytes == 11, "is cut off and told");
    queue_reader_init(&reader, dir, cursor.at);
    char first[256];
    snprintf(first, sizeof first, "%s", next(&reader));
    OK(strncmp(first, "curl time_total=0.5 ", 20) == 0, "one");
    OK(strcmp(next(&reader), first) > 0, "and the next, later");
    IS_TEXT(next(&reader), "", "and nothing of the torn one");
    close(fd);
    queue_reader_release(&reader);
    struct queue_place begin, end;
    const int newer = openat(dir, "0000000051.lp", O_WRONLY | O_CREAT, 0600);
    OK(newer >= 0 && write(newer, "curl a=1 77\n", 12) == 12, "a segment the head does not know");
    OK(queue_bounds(&s, &begin, &end, &err) == 0 && end.segment == 51 && end.offset == 12,
       "is found");
    add(&s, 3, false);
    OK(queue_commit(&s, &done, &err) == 0 && s.end.segment == 51, "and gone on with");
    close(newer);
    queue_close(&s);
}

static void places(void)
{
    static const struct queue_place ascending[] = {
        {0, 0}, {1, 0}, {1, 1}, {1, UINT64_C(1) << 40}, {2, 0}, {UINT32_MAX, 0}};
    enum { COUNT = sizeof ascending / sizeof *ascending };
    char name[SEGMENT_NAME_ROOM];
    for (int a = 0; a < COUNT; a++)
        for (int b = 0; b < COUNT; b++) {
            const int order = queue_compare(ascending[a], ascending[b]);
            OK((order > 0) == (a > b) && (order < 0) == (a < b), "places are in order");
        }
    segment_name(name, 1);
    IS_TEXT(name, "0000000001.lp", "the name of a segment");
    segment_name(name, UINT32_MAX);
    IS_TEXT(name, "4294967295.lp", "has room for the highest number");
}

int main(void)
{
    char path[] = "/tmp/spool.XXXXXX", command[64];
    if (!mkdtemp(path))
        return 1;
    dir = open(path, O_RDONLY | O_DIRECTORY);
    places();
    times();
    segments();
    cursors();
    recovery();
    close(dir);
    snprintf(command, sizeof command, "rm -r %s", path);
    return system(command) == 0 ? tap_done() : 1;
}
