/* tags: which tags every transfer gets.
 *
 * A plan is made once from the options and the layout: constant labels, and
 * sources, which are fields or made of several. Labels win over sources of the
 * same key, and among those the first wins: that of the options. */
#ifndef TSDB_EXPORTER_MODEL_TAGS_H
#define TSDB_EXPORTER_MODEL_TAGS_H

#include "model/transfer.h"

/* InfluxDB takes measurement and tags up to 64 KiB, escaped. */
#define TAG_BYTES_MAX 65000

/* The value of a tag that is no field as it stands: clean text, constant or in
 * `room` (NUMBER_ROOM bytes); NULL for no tag. */
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
};

struct tag_plan {
    size_t count;
    struct tag_rule rules[TRANSFER_TAGS_MAX]; /* sorted by key; strings owned */
};

void tag_plan_init(struct tag_plan *plan);
void tag_plan_release(struct tag_plan *plan);

/* Adds "VALUE" (as label=VALUE) or "KEY=VALUE". When the key is there already it
 * is an error or, with `yields`, nothing happens. -1 also for a key that databases
 * cannot take and for an empty value. `*changed` tells that the value had to be
 * cleaned. */
int tag_plan_add_label(struct tag_plan *plan, const char *label, bool yields, bool *changed,
                       struct error *err);

/* Adds a source; nothing if its key is there. -1 when there are too many. */
int tag_plan_add_source(struct tag_plan *plan, const struct tag_source *source, struct error *err);

/* Adds the field "NAME" as a tag of the same name, or "TAG=NAME" as TAG; nothing if
 * it is there. -1 for a name that field_table does not know, a secret, or a TAG
 * that databases cannot take. */
int tag_plan_add_field(struct tag_plan *plan, const char *name, struct error *err);

/* Where the values of fields go: memory that lives as long as the transfer. */
typedef void *tag_alloc(size_t count);

/* Fills the transfer's tags; absent fields give no tag. Values of fields are
 * cleaned into memory from `alloc`. -1 when that fails or they exceed TAG_BYTES_MAX. */
int tag_plan_apply(const struct tag_plan *plan, struct transfer *transfer, tag_alloc *alloc);

#endif
