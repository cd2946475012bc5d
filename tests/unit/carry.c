/* carry: transfers of totals that were not stored count with the next batch that is. */
#include "send/carry.h"

#include "tap.h"

static struct batch_queue queue;
static struct carry carry;

/* A batch of totals with three transfers ends so. */
static void finish(uint64_t id, enum outcome outcome)
{
    struct batch *const batch = batch_new(id);
    for (int i = 0; i < 3; i++)
        batch_count(batch, false);
    batch_add_points(batch, 1);
    batch_settle(batch, 0, 1, outcome);
    carry_finish(&carry, &queue, batch);
}

/* What comes out: "3d" for three that are delivered, "6l" for six that are left. */
static const char *come_out(void)
{
    static char text[100];
    struct batch *batch;
    text[0] = '\0';
    while ((batch = batch_queue_take(&queue))) {
        const struct batch_result r = batch_result(batch);
        const size_t len = strlen(text);
        snprintf(text + len, sizeof text - len, "%s%zu%c", len ? " " : "", batch->transfers,
                 r.left      ? 'l'
                 : r.refused ? 'r'
                             : 'd');
        batch_free(batch);
    }
    return text;
}

int main(void)
{
    finish(1, OUTCOME_DELIVERED);
    IS_TEXT(come_out(), "3d", "what is stored is finished at once");
    finish(2, OUTCOME_LEFT);
    finish(3, OUTCOME_REFUSED);
    IS_TEXT(come_out(), "", "what is not is held back");
    finish(4, OUTCOME_DELIVERED);
    IS_TEXT(come_out(), "9d", "and counts with the next one that is stored");
    finish(6, OUTCOME_LEFT);
    finish(5, OUTCOME_DELIVERED);
    IS_TEXT(come_out(), "3d", "not with an older one, which has not counted it");
    finish(5, OUTCOME_LEFT);
    IS_TEXT(come_out(), "0d", "an older one that is not stored is in what is held");
    carry_release(&carry, &queue);
    IS_TEXT(come_out(), "6l", "at the end it is what it was");
    carry_release(&carry, &queue);
    IS_TEXT(come_out(), "", "once");
    struct batch *const other = batch_new(7);
    batch_end_transfer(other, batch_begin_transfer(other), 1, false);
    batch_settle(other, 0, 1, OUTCOME_LEFT);
    carry_finish(&carry, &queue, other);
    IS_TEXT(come_out(), "1l", "a batch of transfers is finished whatever became of it");
    return tap_done();
}
