/* Why: when only a part of a batch has been stored, the cursor must move to the end of
 * just that part, which is somewhere in the middle of what has been read. */
#include "drain/intake.h"

#include "base/clock.h"
#include "spool/record.h"

#include <inttypes.h>
#include <stdlib.h>

enum { NAMED_MAX = 5 };

void intake_init(struct intake *intake, const struct notice *notice)
{
    *intake = (struct intake){.reader = {.fd = -1}, .notice = notice};
}

void intake_release(struct intake *intake)
{
    queue_reader_release(&intake->reader);
    free(intake->ends);
}

void intake_seek(struct intake *intake, int dir, struct queue_place at)
{
    queue_reader_release(&intake->reader);
    queue_reader_init(&intake->reader, dir, at);
    intake->held = false;
    intake->reader.notice = intake->notice;
    intake_begin(intake);
}

void intake_begin(struct intake *intake)
{
    intake->broken = intake->held ? intake->broken - intake->ends[intake->count - 1].broken : 0;
    intake->count = 0;
}

/* Why the line is no transfer, NULL if it is one. Where this machine's clock was never set,
 * it cannot say what is in the future. */
static const char *read_line(const struct queue_reader *reader, char *line, size_t len,
                             struct transfer *transfer)
{
    const int64_t now_ns = clock_wall_ns();
    if (reader->broken || record_read(line, len, transfer) < 0)
        return "a broken line";
    if (!transfer_time_is_plausible(transfer->time_ns, now_ns) && now_ns >= TRANSFER_TIME_MIN_NS)
        return "a transfer with a time before 2000 or more than 10 minutes ahead of the clock";
    return NULL;
}

int intake_next(struct intake *intake, struct transfer *transfer, struct error *err)
{
    char *line;
    size_t len;
    if (intake->held && intake->count == 0) {
        intake->held = false;
        return 1;
    }
    for (;;) {
        const int got = queue_reader_next(&intake->reader, &line, &len, err);
        intake->broken += intake->reader.damages;
        intake->reader.damages = 0;
        const char *const why = got > 0 ? read_line(&intake->reader, line, len, transfer) : NULL;
        if (!why)
            return got;
        intake->broken++;
        if (intake->named++ < NAMED_MAX)
            notice(intake->notice, NOTICE_WARN,
                   "%s before byte %" PRIu64 " of segment %" PRIu32 " of the spool; skipped", why,
                   intake->reader.at.offset, intake->reader.at.segment);
    }
}

int intake_keep(struct intake *intake, struct error *err)
{
    if (intake->count == intake->room) {
        const size_t room = intake->room ? 2 * intake->room : 256;
        struct intake_end *const ends = realloc(intake->ends, room * sizeof *ends);
        if (!ends)
            return error_set(err, "out of memory");
        intake->ends = ends;
        intake->room = room;
    }
    intake->ends[intake->count++] = (struct intake_end){intake->reader.at, intake->broken};
    return 0;
}

void intake_hold(struct intake *intake)
{
    intake->held = true;
}

struct intake_end intake_batch_end(const struct intake *intake)
{
    return intake->held ? intake->ends[intake->count - 1]
                        : (struct intake_end){intake->reader.at, intake->broken};
}
