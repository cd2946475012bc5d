/* Why: when only a part of a batch has been stored, the cursor must move to the end of
 * just that part, which is somewhere in the middle of what has been read. */
#include "drain/intake.h"

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
    intake_begin(intake);
}

void intake_begin(struct intake *intake)
{
    intake->count = 0;
    intake->broken = 0;
}

int intake_next(struct intake *intake, struct transfer *transfer, struct error *err)
{
    char *line;
    size_t len;
    for (;;) {
        const int got = queue_reader_next(&intake->reader, &line, &len, err);
        if (got <= 0 || record_read(line, len, transfer) == 0)
            return got;
        intake->broken++;
        if (intake->named++ < NAMED_MAX)
            notice(intake->notice, NOTICE_WARN,
                   "a broken line before byte %" PRIu64 " of segment %" PRIu32
                   " of the spool; skipped",
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
