/* tags: which tags every transfer gets.
 *
 * A plan is made once, from the options and the layout. It consists of labels, which are
 * constant, and of sources, which are a field or made from several fields. No key is
 * there twice: a label wins over a source, and an earlier source over a later one, so
 * that the options win over the layout. */
#ifndef TSDB_EXPORTER_MODEL_TAGS_H
#define TSDB_EXPORTER_MODEL_TAGS_H

#include "model/transfer.h"

/* Bytes of all tags, escaped: InfluxDB takes 64 KiB with the measurement. */
#define TAG_BYTES_MAX 65000

/* Makes the value of a tag from several fields: clean text, constant or put into `room`
 * (NUMBER_ROOM bytes). NULL: this transfer gets no such tag. */
typedef const char *tag_maker(const struct transfer *transfer, char *room);

/* Where a tag's value comes from. */
struct tag_source {
    const char *key;
    enum field_id field; /* FIELD_NONE if `make` is there */
    tag_maker *make;
};

struct tag_rule {
    char *key;
    char *value; /* a label's value, clean; NULL for a source */
    enum field_id field;
    tag_maker *make;
    char *own; /* the source is a key that field_table does not know; else NULL */
};

struct tag_plan {
    size_t count;
    struct tag_rule rules[TRANSFER_TAGS_MAX]; /* sorted by key; strings owned */
};

void tag_plan_init(struct tag_plan *plan);
void tag_plan_release(struct tag_plan *plan);

/* Adds the label "KEY=VALUE", or label=VALUE for a mere "VALUE". `*changed` is set to
 * whether the value had to be cleaned. If there is such a label already, nothing changes:
 * with `yields` that is right, else an error. -1: also for an empty value, and for a key
 * that databases cannot take. */
int tag_plan_add_label(struct tag_plan *plan, const char *label, bool yields, bool *changed,
                       struct error *err);

/* Adds a source, unless its key is there. -1: there are too many tags. */
int tag_plan_add_source(struct tag_plan *plan, const struct tag_source *source, struct error *err);

/* Adds the field "NAME" as a tag of that name, or "TAG=NAME" as TAG, unless it is there.
 * NAME may also be a key that field_table does not know: a newer curl's or a person's own.
 * -1: NAME is misspelt or a secret, or databases cannot take TAG. */
int tag_plan_add_field(struct tag_plan *plan, const char *name, struct error *err);

/* Returns memory for a value that lives as long as the transfer, or NULL. */
typedef void *tag_alloc(size_t count);

/* Fills the transfer's tags. A field that is absent gives no tag. -1: no memory from
 * `alloc`, or the tags exceed TAG_BYTES_MAX. */
int tag_plan_apply(const struct tag_plan *plan, struct transfer *transfer, tag_alloc *alloc);

#endif
